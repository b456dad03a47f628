"""Datasets that a function returns: drawn from a seed, or out of a package that is installed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sparsevae.data.dataset import Dataset, Report, Splits
from sparsevae.data.split import Split
from sparsevae.jobs.seeding import derive_seed

_SPLIT_SEED = 0  # of a dataset, not of a run: every run sees the same split


@dataclass(frozen=True, kw_only=True)
class GeneratedDataset(Dataset):
    """A dataset that `make` returns, one split for each of `parts`."""

    make: Callable[[], Splits]

    def prepare(
        self, given: Sequence[Path], kept: Path, mirrors: Sequence[str] | None, report: Report
    ) -> Splits:
        return self.make()


def stratified(
    inputs: np.ndarray, labels: np.ndarray, test_size: int, name: str
) -> tuple[Split, Split]:
    """Return a train and a test set of `test_size` in which each class has its share.

    The split is that of the dataset `name`, the same each time.
    """
    from sklearn.model_selection import train_test_split

    train, test = train_test_split(
        np.arange(len(labels)),
        test_size=test_size,
        stratify=labels,
        random_state=derive_seed(_SPLIT_SEED, name, "split"),
    )
    return Split(inputs[train], labels[train]), Split(inputs[test], labels[test])
