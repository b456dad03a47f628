"""Mosaics: where each pixel goes."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from sparsevae.figures import pictures
from sparsevae.jobs.errors import UserError


def numbered(rows, columns, channels=1, height=3, width=5):
    """Pictures of one colour each, which differs between pictures and channels."""
    colours = np.arange(rows * columns * channels, dtype=np.uint8).reshape(rows, columns, channels)
    return np.tile(colours[..., None, None], (1, 1, 1, height, width))


def test_each_picture_is_in_its_row_and_column_with_white_between():
    mosaic = pictures.tile(numbered(2, 3))
    assert mosaic.shape == (3 + 1 + 3, 5 + 1 + 5 + 1 + 5, 3)
    for row in range(2):
        for column in range(3):
            block = mosaic[row * 4 : row * 4 + 3, column * 6 : column * 6 + 5]
            assert (block == row * 3 + column).all()
    assert (mosaic[3] == 255).all()
    assert (mosaic[:, [5, 11]] == 255).all()


def test_pixels_of_a_picture_keep_their_places():
    picture = np.arange(15, dtype=np.uint8).reshape(1, 1, 1, 3, 5)
    mosaic = pictures.tile(picture)
    assert (mosaic[..., 0] == picture[0, 0, 0]).all()


def test_one_channel_is_grey_and_three_are_colours():
    grey, coloured = pictures.tile(numbered(1, 2)), pictures.tile(numbered(1, 2, channels=3))
    assert (grey[0, -1] == [1, 1, 1]).all()
    assert (coloured[0, -1] == [3, 4, 5]).all()


def test_other_numbers_of_channels_are_refused_by_number():
    with pytest.raises(UserError, match="not 2"):
        pictures.tile(numbered(1, 1, channels=2))


@pytest.mark.parametrize(("side", "gap"), [(8, 1), (28, 2), (64, 5)])
def test_the_gap_is_a_share_of_the_picture(side, gap):
    assert pictures.gap(numbered(1, 1, height=side, width=side)) == gap


def test_centres_are_the_middles_of_the_pictures():
    grid = numbered(2, 3)
    assert pictures.row_centres(grid).tolist() == [1, 5]
    assert pictures.column_centres(grid).tolist() == [2, 8, 14]


def test_wrapping_fills_the_last_row_with_white():
    grid = pictures.wrap(numbered(5, 1)[:, 0], columns=3)
    assert grid.shape == (2, 3, 1, 3, 5)
    assert grid[:, :, 0, 0, 0].tolist() == [[0, 1, 2], [3, 4, 255]]


def test_pictures_are_shown_without_smoothing():
    axes = Figure().subplots()
    pictures.show(axes, numbered(1, 2))
    assert axes.images[0].get_interpolation() == "none"


@pytest.mark.parametrize("count", range(1, 10))
def test_there_is_a_panel_for_each_and_no_empty_one(count):
    figure, axes = pictures.panels(count)
    assert len(axes) == len(figure.axes) == count


@pytest.mark.parametrize(("rows", "columns"), [(1, 8), (6, 4)])
def test_the_height_follows_the_pictures(rows, columns):
    figure, (axes,) = pictures.panels(1)
    pictures.show(axes, numbered(rows, columns, height=8, width=8))
    pictures.fit_height(figure)
    width, height = figure.get_size_inches()
    assert height == pytest.approx(width * rows / columns, rel=0.15)


def test_pictures_of_a_strip_have_one_scale_and_0_leaves_room():
    figure, rows = pictures.strips(2, [1, 4, 0, 2], numbered(1, 1, height=8, width=8)[0, 0])
    assert [len(row) for row in rows] == [3, 3]
    for row in rows:
        for axes, columns in zip(row, (1, 4, 2), strict=True):
            pictures.show(axes, numbered(3, columns, height=8, width=8))
    pictures.fit_height(figure)
    figure.draw_without_rendering()
    heights = [axes.get_position().height for row in rows for axes in row]
    assert heights == pytest.approx([heights[0]] * 6, rel=0.01)
    first, second, third = (axes.get_position() for axes in rows[0])
    assert third.x0 - second.x1 > 2 * (second.x0 - first.x1)


def test_a_stack_and_missing_rows_are_filled_with_white():
    two = numbered(1, 2)[0]
    column = pictures.stack(*two, rows=3)
    assert column.shape == (3, 1, 1, 3, 5)
    assert column[:, 0, 0, 0, 0].tolist() == [0, 1, 255]
    assert pictures.fill_rows(numbered(2, 2), 2).tolist() == numbered(2, 2).tolist()
