"""What a reader of the user's files returns, and the errors that it raises."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sparsevae.jobs.errors import UserError


class BadData(UserError):
    """Data of the user's that cannot be trained on: the file, where in it, and what to do."""


@dataclass(frozen=True)
class Found:
    """Arrays as a file has them.

    inputs: (N, ...) of numbers; labels: (N,) of any type, or None; columns: names of the features,
    if the format names them.
    """

    inputs: np.ndarray
    labels: np.ndarray | None = None
    columns: tuple[str, ...] | None = None


def chosen(arrays: Mapping[str, object], wanted: str | None, usual: str, file: Path) -> str | None:
    """Return the name of an array: the one that is wanted, the usual one, or the only one.

    Return None if none is wanted and there is no usual one among several. Raise BadData if the
    wanted one is not there.
    """
    if wanted is not None:
        if wanted not in arrays:
            raise BadData(f"{file}: no {wanted} in it; there are {', '.join(arrays) or 'none'}")
        return wanted
    return usual if usual in arrays else None


def check_size(n_bytes: float | int | np.number, max_mb: int, file: Path) -> None:
    """Raise BadData if arrays would take more megabytes than the entry allows."""
    megabytes = float(n_bytes) / 1e6
    if megabytes > max_mb:
        raise BadData(
            f"{file}: {megabytes:,.0f} MB in memory, above max_mb: {max_mb}; raise it, or give a "
            "part of the data"
        )


@contextmanager
def readable(file: Path, form: str, advice: str) -> Iterator[None]:
    """Turn whatever the reader of a format raises into one line; its own lines stay.

    form: what the file should be, such as `.mat`. Readers of others raise anything for a file that
    is damaged: what they do not foresee ends as an UnboundLocalError or an error of zlib.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split()).strip("\"'") or type(error).__name__
        raise BadData(f"{file}: not a readable {form} ({reason}); {advice}") from None
