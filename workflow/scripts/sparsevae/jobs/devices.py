"""Where torch computes, and that it computes the same each time."""

import os
import shutil
import subprocess
from pathlib import Path

from sparsevae.jobs.errors import ConfigError
from sparsevae.jobs.gpus import gpus_here

_NO_GPU = "device: cuda is asked for and this machine has no GPU; allowed here: cpu, auto"


def check_gpu(device: str, devices: Path | None = None) -> None:
    """Raise ConfigError if a GPU is asked for and nothing hints at one on this machine.

    Costs no import of torch, so that a study stops before its first job. A machine with a GPU that
    torch cannot use passes, and `prepare` refuses it. `devices` is a folder in the place of /dev.
    """
    here = gpus_here() if devices is None else gpus_here(devices)
    if device == "cuda" and not (here or _is_listed()):
        raise ConfigError(_NO_GPU)


def _is_listed() -> bool:
    """Whether NVIDIA's own tool lists a GPU."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return False
    try:
        listed = subprocess.run([tool, "-L"], capture_output=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"GPU" in listed.stdout


def prepare(device: str, threads: int) -> str:
    """Set threads and, on a GPU, deterministic algorithms; return the device to use.

    Raises ConfigError if a GPU is asked for and there is none: training on the CPU instead would
    only look like success.
    """
    import torch

    torch.set_num_threads(threads)
    available = torch.cuda.is_available()
    if device == "cuda" and not available:
        raise ConfigError(_NO_GPU)
    if device == "cpu" or not available:
        # All that is used here is deterministic on the CPU, and asking for it would import torch's
        # compiler, which costs as much as torch itself.
        return "cpu"
    # cuBLAS refuses deterministic algorithms without a fixed workspace (NVIDIA's own setting).
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True)
    return "cuda"
