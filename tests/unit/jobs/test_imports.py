from pathlib import Path

import pytest
from sparsevae.figures.catalogue import figure_names
from sparsevae.jobs.imports import imported_files

SCRIPTS = Path(__file__).parents[3] / "workflow/scripts"


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A package with some imports in it, and a script beside it."""
    sources = {
        "train.py": "import numpy\nfrom sparsevae import runs, none\nimport sparsevae.deep.low\n",
        "other.py": "from sparsevae.errors import UserError\n",
        "sparsevae/__init__.py": "",
        "sparsevae/runs.py": "def run():\n    from sparsevae.errors import UserError\n",
        "sparsevae/errors.py": "from sparsevae import runs\n",
        "sparsevae/unused.py": "",
        "sparsevae/deep/__init__.py": "from sparsevae.deep.high import x\n",
        "sparsevae/deep/high.py": "x = 1\n",
        "sparsevae/deep/low.py": "import sparsevaeish\n",
        "sparsevaeish.py": "",
    }
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(source)
    return tmp_path


def names(script: Path) -> list[str]:
    return [file.relative_to(script.parent).as_posix() for file in imported_files(script)]


def test_imports_are_followed_to_the_end_through_functions_and_rings(scripts):
    assert names(scripts / "train.py") == [
        "sparsevae/__init__.py",
        "sparsevae/deep/__init__.py",
        "sparsevae/deep/high.py",
        "sparsevae/deep/low.py",
        "sparsevae/errors.py",
        "sparsevae/runs.py",
    ]


def test_what_is_not_imported_is_not_listed(scripts):
    listed = names(scripts / "other.py")
    assert "sparsevae/unused.py" not in listed
    assert "sparsevae/deep/low.py" not in listed
    assert "sparsevaeish.py" not in listed


def test_what_only_types_need_is_not_followed(scripts):
    guarded = "if TYPE_CHECKING:\n    from sparsevae.unused import x\nimport sparsevae.runs\n"
    (scripts / "typed.py").write_text(guarded)
    listed = names(scripts / "typed.py")
    assert "sparsevae/runs.py" in listed
    assert "sparsevae/unused.py" not in listed


def test_no_training_reruns_for_a_plot_or_a_measure():
    files = imported_files(SCRIPTS / "sparsevae/training/run.py", SCRIPTS)
    reached = [file.relative_to(SCRIPTS).as_posix() for file in files]
    assert "sparsevae/models/base.py" in reached
    assert "sparsevae/data/split.py" in reached
    for name in reached:
        assert "plotting" not in name
        assert name not in ("sparsevae/evaluation/evaluate.py", "sparsevae/evaluation/bounds.py")


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.py")), ids=lambda path: path.name)
def test_every_module_that_a_script_really_loads_is_listed(script):
    """The package uses no import that `ast` cannot follow (relative or by name).

    But for the classes of models, which the rules add by their families (models/registry.py), and
    for what `sparsevae.load` imports, which no job calls.
    """
    by_name = {SCRIPTS / f"sparsevae/{name}" for name in ("__init__.py", "models/registry.py")}
    for file in imported_files(script):
        source = file.read_text()
        assert "from ." not in source, file
        if file not in by_name:
            assert "importlib" not in source, file


FIGURES = [SCRIPTS / f"sparsevae/figures/{name}.py" for name in figure_names()]


@pytest.mark.parametrize(
    "start", [SCRIPTS / "plot_figure.py", *FIGURES], ids=lambda path: path.name
)
def test_no_plot_needs_torch(start):
    for file in [start, *imported_files(start, SCRIPTS)]:
        lines = [line.strip() for line in file.read_text().splitlines()]
        torch = [line for line in lines if line.startswith(("import torch", "from torch"))]
        assert not torch or file.name == "seeding.py", file
