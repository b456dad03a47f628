"""One seed, many independent generators: each named purpose has a stream of its own.

No generator is shared and no global state is touched, so that adding a draw in one place never
changes the draws of another.
"""

import hashlib

import numpy as np


def derive_seed(seed: int, *purpose: str | int) -> int:
    """A 32-bit seed for one purpose, for example `derive_seed(1, "order", epoch)`.

    32 bits, because torch's generator on the CPU uses no more than that.
    """
    words = "/".join(str(word) for word in (seed, *purpose))
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:4], "little")


def numpy_generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """A NumPy generator for one purpose."""
    return np.random.Generator(np.random.PCG64(derive_seed(seed, *purpose)))
