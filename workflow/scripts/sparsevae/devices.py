"""Where torch computes, and that it computes the same each time."""

import torch

from sparsevae.errors import ConfigError


def prepare(device: str, threads: int) -> str:
    """Sets threads and deterministic algorithms for this process; returns the device to use.

    Raises ConfigError where a GPU is asked for and there is none: training on the CPU instead would
    only look like success.
    """
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    available = torch.cuda.is_available()
    if device == "cuda" and not available:
        raise ConfigError("device: cuda is asked for and this machine has none; allowed here: cpu")
    return "cuda" if device in ("cuda", "auto") and available else "cpu"
