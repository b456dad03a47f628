"""The 1,797 handwritten digits that come with scikit-learn: 8x8 pixels, 17 levels of grey.

They are the test set of UCI's "Optical Recognition of Handwritten Digits" (Alpaydin & Kaynak 1998),
small enough to need no download and to train a model in seconds.
"""

import numpy as np

from sparsevae.data.generated import GeneratedDataset, stratified
from sparsevae.data.split import Split

TEST_SIZE = 360
_DARKEST = 16  # scikit-learn's values are 0..16


def digits() -> tuple[Split, Split]:
    """Return the train set (1,437) and the test set (360), stratified by digit.

    inputs are uint8 (N, 1, 8, 8), round(255 v / 16); labels are uint8 (N,), 0..9.
    """
    from sklearn.datasets import load_digits

    source = load_digits()
    inputs = np.rint(source.images[:, None] * (255 / _DARKEST)).astype(np.uint8)
    labels = source.target.astype(np.uint8)
    return stratified(inputs, labels, TEST_SIZE, "digits")


DATASET = GeneratedDataset(
    name="digits",
    module=__name__,
    shape=(1, 8, 8),
    class_names=tuple("0123456789"),
    train_size=1_437,
    test_size=TEST_SIZE,
    mem_mb=1000,
    make=digits,
    centred=1.0,
)
