"""Fixtures that tests of more than one kind share, and the stage that a test is in."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from checkout import REPOSITORY, Checkout, copied, copy_repository, finished_smoke

SLOW = REPOSITORY / "tests/slow"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` leaves out what is in tests/slow, and what is marked elsewhere."""
    for item in items:
        if item.path.is_relative_to(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def new_checkout(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Checkout]:
    return lambda: copy_repository(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all workers of a call of pytest."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="module")
def smoke(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout in which the smoke study has run. Tests of a module leave it as they find it."""
    return copied(finished_smoke(shared_folder), tmp_path_factory.mktemp("smoke"))


@pytest.fixture(scope="session")
def mnist_folder() -> str:
    folder = os.environ.get("SPARSEVAE_MNIST_DIR")
    if not folder:
        pytest.skip("SPARSEVAE_MNIST_DIR does not name a folder with the real MNIST files")
    return folder


@pytest.fixture(scope="session")
def pins() -> dict[str, str]:
    lines = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))
