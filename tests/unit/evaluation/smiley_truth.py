"""Factors and presence as Smiley has them, without its images."""

import numpy as np


def truth(samples: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """float32 (samples, 18) and uint8 (samples, 4)."""
    generator = np.random.default_rng(seed)
    factors = generator.normal(0, 0.5, (samples, 18)).astype(np.float32)
    return factors, generator.integers(0, 2, (samples, 4), dtype=np.uint8)
