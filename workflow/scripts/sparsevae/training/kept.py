"""Which epoch's weights a training run leaves, and whether it stops before the end of its budget.

Both follow from the history alone, so that a run that was killed decides as one that was not.
"""

import math
from collections.abc import Mapping, Sequence

LOSS = "validation_loss"

Rows = Sequence[Mapping[str, int | float]]


def best_epoch(history: Rows) -> int | None:
    """Return the position of the lowest validation loss, the first if several are equal.

    None without any that is a finite number.
    """
    finite = [place for place, row in enumerate(history) if math.isfinite(row[LOSS])]
    return min(finite, key=lambda place: history[place][LOSS], default=None)


def kept_epoch(history: Rows, keep: str) -> int:
    """Return the position of the epoch whose weights are kept; keep: `last` or `best`."""
    best = best_epoch(history) if keep == "best" else None
    return len(history) - 1 if best is None else best


def out_of_patience(history: Rows, patience: int | None) -> bool:
    """Return whether the last `patience` epochs are all no better than one before them."""
    best = best_epoch(history)
    return patience is not None and best is not None and len(history) - 1 - best >= patience
