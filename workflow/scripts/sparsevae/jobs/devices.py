"""Where torch computes, and that it computes the same each time."""

import os

import torch

from sparsevae.jobs.errors import ConfigError


def prepare(device: str, threads: int) -> str:
    """Sets threads and, on a GPU, deterministic algorithms; returns the device to use.

    Raises ConfigError where a GPU is asked for and there is none: training on the CPU instead would
    only look like success.
    """
    torch.set_num_threads(threads)
    available = torch.cuda.is_available()
    if device == "cuda" and not available:
        raise ConfigError("device: cuda is asked for and this machine has none; allowed here: cpu")
    if device == "cpu" or not available:
        # All that is used here is deterministic on the CPU, and asking for it would import torch's
        # compiler, which costs as much as torch itself.
        return "cpu"
    # cuBLAS refuses deterministic algorithms without a fixed workspace (NVIDIA's own setting).
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True)
    return "cuda"
