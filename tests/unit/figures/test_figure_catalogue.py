"""Declarations: read from the modules' source, checked, and the same as the modules have."""

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from sparsevae.figures.catalogue import declarations, figure_names, read_declarations
from sparsevae.figures.declaration import Need, Numbers
from sparsevae.figures.reads import RunFiles

SCRIPTS = Path(__file__).parents[3] / "workflow/scripts"
GOOD = '''
import a_library_that_is_not_there

FIGURE = Declaration(
    title="Mine",
    caption="""Of ``{dataset}``
        with {latent_dim} latents.""",
    part="Sparsity",
    reads={"runs": RunFiles("pictures.npz")},
    needs=(Need.IMAGES,),
    numbers=(Numbers("kl", "nats", "KL"),),
)


def draw(runs):
    pass
'''


@pytest.fixture
def module(tmp_path):
    """Writes a module `mine.py` and returns what is declared in its folder."""

    def write(source: str):
        (tmp_path / "mine.py").write_text(source, encoding="utf-8")
        return read_declarations(tmp_path)

    return write


def test_a_declaration_is_read_without_its_modules_imports(module):
    mine = module(GOOD)["mine"]
    assert mine.caption_of("digits", 8) == "Of ``digits`` with 8 latents."
    assert (mine.title, mine.part, mine.per) == ("Mine", "Sparsity", "dataset")
    assert mine.reads == {"runs": RunFiles("pictures.npz")}
    assert mine.needs == (Need.IMAGES,)
    assert mine.numbers == (Numbers("kl", "nats", "KL", "shown_size"),)


def test_a_module_without_declaration_and_draw_is_no_figure(module):
    assert module("def helper():\n    pass\n") == {}


WRONG = [
    ("def draw(runs)", "def draw(runs", r"line \d+: '\(' was never closed"),
    ("FIGURE =", "FIGURES =", "has a function draw and no declaration; add FIGURE = "),
    ("def draw", "def plot", "declares a figure and has no function draw; add draw"),
    ("def draw(runs)", "def draw(run)", "draw takes run and FIGURE reads runs; give both"),
    ("Declaration(", "dict(", "FIGURE: name 'dict' is not defined; figures/declaration.py"),
    ("Declaration(", "Sentence(", "FIGURE: Sentence.__init__.. got an unexpected keyword"),
    ('title="Mine",', "", "FIGURE: .* missing 1 required positional argument: 'title'"),
    ('"Sparsity"', '"Mine"', "FIGURE: part: 'Mine' is not one of Data, Bounds, "),
    ("{latent_dim}", "{seed}", "FIGURE: caption: 'seed' is not one of dataset, latent_dim"),
    ('part="', 'per="study", part="', "FIGURE: reads: runs is of a dataset, and the figure of"),
    (
        'reads={"runs": RunFiles("pictures.npz")}',
        'per="study", reads={"runs": Table("metrics")}',
        "FIGURE: caption: 'dataset' is not one of none",
    ),
    ('.npz")', '.npz", "two_latents")', "FIGURE: reads: runs has two_latents; add Need.TWO_L"),
    ("Need.IMAGES", '"images"', "FIGURE: 'images' is not a Need"),
    ("Need.IMAGES", "Need.SOUND", "FIGURE: SOUND"),
    ('RunFiles("pictures.npz")', '"pictures.npz"', "FIGURE: 'pictures.npz' is not a Read"),
    ('.npz")', '.npz", "all")', "FIGURE: RunFiles: 'all' is not one of shown, two_latents"),
    ('"nats"', '"bits"', "FIGURE: style: 'bits' is not one of count, percent, nats, ratio"),
    ("FIGURE = Declaration", "FIGURE = Need.IMAGES or Declaration", "FIGURE is Need, not a Decl"),
]
READ_ALL = """
import json, sys
from pathlib import Path
from sparsevae.figures.catalogue import read_declarations
from sparsevae.jobs.errors import FigureError
messages = []
for folder in sys.argv[1:]:
    try:
        messages.append(repr(read_declarations(Path(folder))))
    except FigureError as error:
        messages.append(str(error))
print(json.dumps(messages))
"""


@pytest.fixture(scope="module")
def messages(tmp_path_factory) -> list[str]:
    """What the wrong modules raise, in a process where no other checks of types are on."""
    folders = []
    for old, new, _ in WRONG:
        assert GOOD.count(old) == 1
        folders.append(tmp_path_factory.mktemp("figures"))
        (folders[-1] / "mine.py").write_text(GOOD.replace(old, new), encoding="utf-8")
    command = [sys.executable, "-c", READ_ALL, *map(str, folders)]
    done = subprocess.run(command, cwd=SCRIPTS, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", range(len(WRONG)), ids=lambda case: WRONG[case][1][:20])
def test_a_wrong_module_is_one_line_that_names_it(case, messages):
    assert re.match(rf"^[\w-]+/mine\.py: {WRONG[case][2]}", messages[case]), messages[case]
    assert "\n" not in messages[case]


@pytest.mark.parametrize("name", figure_names())
def test_every_module_has_what_the_catalogue_reads_of_it(name):
    assert declarations()[name] == import_module(f"sparsevae.figures.{name}").FIGURE


def test_the_catalogue_imports_no_library_and_draws_nothing():
    code = (
        "import sys; from sparsevae.figures.catalogue import declarations; declarations(); "
        "print(*{'torch', 'numpy', 'pandas', 'matplotlib'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=SCRIPTS, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""
