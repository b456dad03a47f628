"""Arrays as text: a few printable characters for each number, in steps of its row's own size.

A row is divided by its scale into whole steps, and a step's number is written in base 91: two
characters count from -4,140 to 4,140 (13 bits), three from -376,785 to 376,785 (18.5 bits). The
digits are what ASCII prints but for the quotation mark, the backslash and `<`, so that the text
stands in a script as it is. Base64 of two bytes would need 2.7 characters for a number.

How far pixels are off then is in `rounding.py`.
"""

from typing import Any

import numpy as np
from jaxtyping import Float, Int

DIGITS = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"\\<')
BASE = len(DIGITS)

Packed = dict[str, Any]


def pack(values: Float[np.ndarray, "rows *columns"], characters: int) -> Packed:
    """`shape`, `characters` of each number, `scales` (one a row) and `text`, row by row.

    Exact zeros stay exact.
    """
    largest = (BASE**characters - 1) // 2
    rows = values.reshape(len(values), -1).astype(np.float64)
    peaks = np.abs(rows).max(axis=1, initial=0.0)
    # Seven digits are as exact as the step needs to be, and shorter.
    scales = np.array([float(f"{peak:.7g}") or 1.0 for peak in peaks / largest])
    steps = np.rint(rows / scales[:, None]).astype(np.int64).clip(-largest, largest)
    return {
        "shape": list(values.shape),
        "characters": characters,
        "scales": scales.tolist(),
        "text": _text(steps + largest, characters),
    }


def unpack(packed: Packed) -> Float[np.ndarray, "rows *columns"]:
    """float32, the same bits as the page gets: a step's number times the scale, rounded once."""
    characters, shape = packed["characters"], packed["shape"]
    codes = np.frombuffer(packed["text"].encode("ascii"), dtype=np.uint8)
    digits = _VALUES[codes].reshape(-1, characters)
    steps = digits @ _powers(characters) - (BASE**characters - 1) // 2
    scaled = steps.reshape(shape[0], -1) * np.array(packed["scales"])[:, None]
    return scaled.astype(np.float32).reshape(shape)


_CODES = np.frombuffer(DIGITS.encode("ascii"), dtype=np.uint8)
_VALUES = np.zeros(128, dtype=np.int64)
_VALUES[_CODES] = np.arange(BASE)


def _powers(characters: int) -> Int[np.ndarray, "characters"]:
    return BASE ** np.arange(characters - 1, -1, -1)


def _text(numbers: Int[np.ndarray, "rows columns"], characters: int) -> str:
    digits = numbers.reshape(-1, 1) // _powers(characters) % BASE
    return _CODES[digits].tobytes().decode("ascii")
