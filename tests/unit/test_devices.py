import os
from collections.abc import Iterator

import pytest
import torch
from sparsevae.devices import prepare
from sparsevae.errors import ConfigError


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """These settings are of the whole process."""
    threads, deterministic = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    yield
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(deterministic)


@pytest.mark.parametrize(
    ("asked", "available", "used"),
    [("cpu", True, "cpu"), ("cpu", False, "cpu"), ("auto", False, "cpu"), ("auto", True, "cuda"),
     ("cuda", True, "cuda")],
)  # fmt: skip
def test_device_is_the_one_asked_for(asked, available, used, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: available)
    assert prepare(asked, 1) == used


def test_a_missing_gpu_is_not_replaced_in_silence(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match=r"^device: cuda is asked for"):
        prepare("cuda", 1)


def test_cublas_has_the_workspace_that_determinism_needs(monkeypatch):
    """Without it the first matrix product on a GPU ends in an error."""
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", "")
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG")
    prepare("cpu", 1)
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"


def test_threads_are_those_of_the_rule_and_algorithms_deterministic():
    torch.use_deterministic_algorithms(False)
    prepare("cpu", 2)
    assert torch.get_num_threads() == 2
    assert torch.are_deterministic_algorithms_enabled()
