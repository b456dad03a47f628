"""Example pictures of a dataset."""

import numpy as np
from jaxtyping import UInt8
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Sentence
from sparsevae.figures.reads import Inputs
from sparsevae.figures.style import COLUMN_WIDTH, figure_style

FIGURE = Declaration(
    title="Examples of the data",
    part="Data",
    caption="""
        The first 18 test pictures of ``{dataset}``. Fig. 2 of Tonolini et al. (UAI 2019), who show
        Smiley.
        """,
    reads={"inputs": Inputs()},
    needs=(Need.IMAGES,),
    literature="UAI 2019, fig. 2",
    numbers=(Sentence("test_images"),),
)

ROWS, COLUMNS = 3, 6


def draw(inputs: UInt8[np.ndarray, "number channels height width"]) -> Figure:
    """The first 18 inputs as 3 rows of 6: fig. 2 of Tonolini et al. (UAI 2019)."""
    with figure_style():
        figure = Figure(figsize=(COLUMN_WIDTH, pictures.MOST_HEIGHT), layout="compressed")
        pictures.show(figure.subplots(), pictures.wrap(inputs[: ROWS * COLUMNS], COLUMNS))
        pictures.fit_height(figure)
    return figure
