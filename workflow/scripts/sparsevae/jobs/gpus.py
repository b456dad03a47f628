"""GPUs of this machine, counted without torch: the Snakefile asks when it is parsed."""

import os
from pathlib import Path

# NVIDIA's driver has a device file for each card; ROCm, WSL and Jetson have one for all of them.
CARDS, ALL_CARDS = "nvidia[0-9]*", ("kfd", "dxg", "nvhost-gpu", "nvmap")


def gpus_here(devices: Path = Path("/dev")) -> int:
    """Return how many GPUs a process of this machine may use, 0 if none.

    CUDA_VISIBLE_DEVICES can hide cards, as it does from torch.
    """
    there = len(list(devices.glob(CARDS))) or int(any((devices / x).exists() for x in ALL_CARDS))
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        return there
    # CUDA stops reading at the first entry that is no card ("-1", "NoDevFiles", nothing).
    named = 0
    for name in visible.split(","):
        if not name.strip() or name.strip().startswith(("-", "No")):
            break
        named += 1
    return min(there, named)
