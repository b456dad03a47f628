"""Fixtures that tests of more than one kind share."""

import os
from collections.abc import Callable

import pytest
from checkout import REPOSITORY, SMOKE, Checkout, copy_repository


@pytest.fixture(scope="session")
def new_checkout(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Checkout]:
    return lambda: copy_repository(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="session")
def smoke(new_checkout) -> Checkout:
    """A checkout in which the smoke study has run. Tests leave it as they find it."""
    checkout = new_checkout()
    result = checkout.snakemake(*SMOKE)
    assert result.returncode == 0, result.stdout + result.stderr
    return checkout


@pytest.fixture(scope="session")
def mnist_folder() -> str:
    folder = os.environ.get("SPARSEVAE_MNIST_DIR")
    if not folder:
        pytest.skip("SPARSEVAE_MNIST_DIR does not name a folder with the real MNIST files")
    return folder


@pytest.fixture(scope="session")
def pins() -> dict[str, str]:
    lines = (REPOSITORY / "requirements.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))
