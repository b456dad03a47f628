"""Variational Sparse Coding and its relatives: models, bounds, data, figures. See docs/design.md.

Nothing is imported here: the Snakefile and the plotting rules use parts of it without torch.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from sparsevae.explorer.trained import TrainedModel


def load(folder: "str | PathLike[str]", device: str = "cpu") -> "TrainedModel":
    """Return the trained model of a run's folder, which may be a copy of it anywhere.

    Raise UserError, in one line, for a folder that is no finished run, or one of another version.
    """
    # `importlib`, so that a digest of code (jobs/imports.py) does not follow it into every job.
    from importlib import import_module

    return import_module("sparsevae.explorer.trained").load(folder, device)


def __getattr__(name: str) -> str:
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # As above: a release changes the version, and no digest of code may follow.
    from importlib import import_module

    return import_module("sparsevae.jobs.version").VERSION
