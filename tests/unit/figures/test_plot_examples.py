import numpy as np
from sparsevae.figures import pictures
from sparsevae.figures.examples import draw
from unit.figures import examples


def test_the_first_18_pictures_are_three_rows_of_six():
    inputs = examples.blobs(20, side=8)
    mosaic = draw(inputs).axes[0].images[0].get_array()
    np.testing.assert_array_equal(mosaic, pictures.tile(inputs[:18].reshape(3, 6, 1, 8, 8)))


def test_fewer_pictures_leave_white():
    mosaic = draw(examples.blobs(7, side=8)).axes[0].images[0].get_array()
    assert (mosaic[-8:, -8:] == pictures.WHITE).all()
