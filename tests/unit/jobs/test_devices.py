import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
import torch
from sparsevae.jobs import devices
from sparsevae.jobs.devices import check_gpu, prepare
from sparsevae.jobs.errors import ConfigError


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


@pytest.mark.parametrize("file", ["nvidia0", "dxg", "kfd", "nvhost-gpu"])
def test_a_device_file_hints_at_a_gpu(tmp_path, monkeypatch, file):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / file).touch()
    check_gpu("cuda", tmp_path)


@pytest.mark.parametrize(("listed", "found"), [("GPU 0: NVIDIA A100", True), ("No devices", False)])
def test_nvidias_tool_is_asked(tmp_path, monkeypatch, listed, found):
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\necho '{listed}'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with nullcontext() if found else pytest.raises(ConfigError, match="no GPU"):
        check_gpu("cuda", tmp_path / "dev")


@pytest.mark.parametrize("device", ["cpu", "auto"])
def test_only_a_gpu_that_is_asked_for_has_to_be_there(tmp_path, monkeypatch, device):
    monkeypatch.setenv("PATH", str(tmp_path))
    check_gpu(device, tmp_path)


def test_the_check_needs_no_torch():
    code = "import sys; from sparsevae.jobs import devices; sys.exit('torch' in sys.modules)"
    scripts = Path(devices.__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], cwd=scripts, check=True)


def test_a_gpu_gets_deterministic_algorithms_and_the_workspace_that_they_need(monkeypatch):
    """Without the workspace the first matrix product on a GPU ends in an error."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", "")
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG")
    torch.use_deterministic_algorithms(False)
    prepare("cuda", 1)
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
    assert torch.are_deterministic_algorithms_enabled()


def test_threads_are_those_of_the_rule():
    prepare("cpu", 2)
    assert torch.get_num_threads() == 2


def test_the_cpu_does_without_torchs_compiler():
    """Its import takes as long as torch's own, in every job."""
    code = (
        "import sys; from sparsevae.evaluation import evaluate; from sparsevae.jobs import devices;"
        "from sparsevae.training import run; devices.prepare('cpu', 1);"
        "print([name for name in ('torch._dynamo', 'torch._inductor') if name in sys.modules])"
    )
    scripts = Path(devices.__file__).parents[2]
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=scripts, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
