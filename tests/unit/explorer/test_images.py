import base64

import numpy as np
from sparsevae.data.split import Split
from sparsevae.explorer.export import chosen_images, images_record

LABELS = np.array([1, 1, 0, 1, 2, 0, 1], dtype=np.uint8)


def test_the_first_images_of_each_class_in_turns():
    assert chosen_images(LABELS, 5).tolist() == [2, 5, 0, 1, 4]
    assert chosen_images(LABELS, 2).tolist() == [2, 0]


def test_all_images_where_there_are_fewer():
    assert sorted(chosen_images(LABELS, 99)) == list(range(7))


def test_the_record_has_their_bytes_and_labels():
    inputs = np.arange(7 * 12, dtype=np.uint8).reshape(7, 3, 2, 2)
    record = images_record(Split(inputs, LABELS), np.array([4, 0]))
    assert base64.b64decode(record["pixels"]) == bytes([*range(48, 60), *range(12)])
    assert record["labels"] == [2, 1]
