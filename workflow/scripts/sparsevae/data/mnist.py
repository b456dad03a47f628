"""MNIST: 70,000 handwritten digits of 28x28 pixels (LeCun, Cortes & Burges 1998)."""

from sparsevae.data.idx import IdxDataset

DATASET = IdxDataset(
    name="mnist",
    module=__name__,
    shape=(1, 28, 28),
    class_names=tuple("0123456789"),
    train_size=60_000,
    test_size=10_000,
    folders=("mnist", "MNIST/raw"),
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    ),
    md5s=(
        "6bbc9ace898e44ae57da46a324031adb",
        "a25bea736e30d166cdddb491f175f624",
        "2646ac647ad5339dbf082846283269ea",
        "27ae3e4e09519cfbb04c329615203637",
    ),
    centred=20 / 28,
)
