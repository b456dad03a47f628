"""The 1,797 handwritten digits that come with scikit-learn: 8x8 pixels, 17 levels of grey.

They are the test set of UCI's "Optical Recognition of Handwritten Digits" (Alpaydin & Kaynak 1998),
small enough to need no download and to train a model in seconds.
"""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.split import Split
from sparsevae.jobs.seeding import derive_seed

_DARKEST = 16  # scikit-learn's values are 0..16
_SPLIT_SEED = 0  # of the dataset, not of a run: every run sees the same split


def digits() -> tuple[Split, Split]:
    """The train set (1,437) and the test set (360), with each digit's share the same in both.

    inputs are uint8 (N, 1, 8, 8), round(255 v / 16); labels are uint8 (N,), 0..9.
    """
    source = load_digits()
    inputs = np.rint(source.images[:, None] * (255 / _DARKEST)).astype(np.uint8)
    labels = source.target.astype(np.uint8)
    train, test = train_test_split(
        np.arange(len(labels)),
        test_size=CATALOGUE["digits"].test_size,
        stratify=labels,
        random_state=derive_seed(_SPLIT_SEED, "digits", "split"),
    )
    return Split(inputs[train], labels[train]), Split(inputs[test], labels[test])
