"""The look of models, and files that are the same bytes on any day and in any process."""

import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import matplotlib
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D
from sparsevae.figures import bound_vs_latent_dim, style
from unit.figures import examples

DRAW = """
import sys
from sparsevae.figures.style import save
from sparsevae.figures import class_activations, training_history, traversals
from unit.figures import examples
names = [str(number) for number in range(10)]
figures = {
    "heat": class_activations.draw({"vsc": examples.activations(20, 10, True)}, names),
    "lines": training_history.draw({("vae", seed): examples.history(seed=seed) for seed in (1, 2)}),
    "pictures": traversals.draw({"vae": examples.pictures()}),
}
for name, figure in figures.items():
    save(figure, f"{sys.argv[1]}/{name}.png", f"{sys.argv[1]}/{name}.pdf")
assert "torch" not in sys.modules, "a figure imported torch"
"""


def test_known_models_look_the_same_in_every_study():
    alone = style.model_style(["vsc"])["vsc"]
    among = style.model_style(["mine", "vsc", "ae"])["vsc"]
    assert alone == among
    assert alone.label == "VSC"


def test_models_of_a_study_are_told_apart_by_colour_and_marker():
    models = [*examples.MODELS, *[f"mine-{number}" for number in range(20)]]
    looks = [(look.colour, look.marker) for look in style.model_style(models).values()]
    assert len(set(looks)) == len(models)


def test_other_models_take_colours_in_the_studys_order():
    first, second = style.model_style(["zeta", "vae", "alpha", "zeta"]), style.model_style(["zeta"])
    assert list(first) == ["zeta", "vae", "alpha"]
    assert first["zeta"] == second["zeta"]
    assert first["alpha"].colour != first["zeta"].colour


def test_a_style_lasts_as_long_as_its_block():
    before = dict(matplotlib.rcParams)
    with style.figure_style():
        assert matplotlib.rcParams["savefig.dpi"] == style.DPI
    assert dict(matplotlib.rcParams) == before


def test_a_readers_own_settings_do_not_reach_a_figure():
    with matplotlib.rc_context({"lines.markersize": 40, "axes.facecolor": "red"}):
        figure = bound_vs_latent_dim.draw(
            examples.metrics(), examples.MODELS, examples.nothing_published()
        )
    assert figure.axes[0].get_lines()[0].get_markersize() < 5
    assert to_hex(figure.axes[0].get_facecolor()) == "#ffffff"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_legend_makes_room_for_itself(rows):
    figure = Figure(figsize=(style.COLUMN_WIDTH, 2))
    axes = figure.subplots()
    labels = [f"a name as long as can be in a column {row}" for row in range(rows)]
    style.add_legend(figure, [axes.plot([0])[0] for _ in labels], labels)
    assert figure.get_figheight() == pytest.approx(2 + 0.14 * rows)


def _draw_in_a_new_process(folder: Path, hash_seed: str) -> dict[str, bytes]:
    folder.mkdir()
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "SOURCE_DATE_EPOCH": hash_seed,
    }
    subprocess.run([sys.executable, "-c", DRAW, folder], env=environment, check=True)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_input_gives_the_same_bytes_without_torch(tmp_path):
    first = _draw_in_a_new_process(tmp_path / "first", "1")
    second = _draw_in_a_new_process(tmp_path / "second", "2")
    assert len(first) == 6
    assert first == second
    assert not any(b"CreationDate" in content for content in first.values())


def test_png_and_pdf_show_the_same_size(tmp_path):
    figure = bound_vs_latent_dim.draw(
        examples.metrics(), examples.MODELS, examples.nothing_published()
    )
    style.save(figure, tmp_path / "a.png", tmp_path / "a.pdf")
    height, width = matplotlib.image.imread(tmp_path / "a.png").shape[:2]
    assert width == round(style.COLUMN_WIDTH * style.DPI)
    box = f"[ 0 0 {width / style.DPI * 72:g} ".encode()
    assert box in (tmp_path / "a.pdf").read_bytes()
    assert height > 400


@pytest.mark.parametrize("shift", [-1e-13, 0.0, 1e-13])
def test_the_sign_of_a_zero_is_not_in_the_pdf(shift, tmp_path):
    figure = Figure()
    image = figure.add_axes((0, 0, 1, 1)).imshow([[0.0, 1.0], [1.0, 0.0]], interpolation="none")
    image.set_transform(Affine2D().rotate(shift) + image.get_transform())
    style.save(figure, tmp_path / "figure.png", tmp_path / "figure.pdf")
    content = (tmp_path / "figure.pdf").read_bytes()
    streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
    drawn = b"".join(zlib.decompress(stream) for stream in streams if stream.startswith(b"x"))
    assert b" cm" in drawn
    assert not re.search(rb"-0[ \n]", drawn)
