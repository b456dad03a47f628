import numpy as np
from sparsevae.pictures.objects import alike_pair, one_per_class

LABELS = np.array([4, 4, 2, 0, 2, 4, 0], np.uint8)


def test_objects_are_the_first_of_each_class_in_the_order_of_the_data():
    assert one_per_class(LABELS, 2).tolist() == [0, 2]
    assert one_per_class(LABELS, 9).tolist() == [0, 2, 3]


def test_the_pair_is_of_the_classes_with_the_closest_means():
    values = np.array([10, 30, 250, 60, 200, 80, 0], np.uint8)  # means: 4 at 40, 2 at 225, 0 at 30
    inputs = np.broadcast_to(values[:, None, None, None], (7, 1, 2, 2))
    assert alike_pair(inputs, LABELS).tolist() == [3, 0]


def test_one_class_has_no_pair():
    assert alike_pair(np.zeros((3, 1, 2, 2), np.uint8), np.full(3, 7, np.uint8)) is None
