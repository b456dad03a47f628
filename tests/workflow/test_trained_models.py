"""What documents say of trained models, done with those of the smoke study; and their targets."""

import json

import nbformat
import numpy as np
import pytest
import sparsevae
import torch
import yaml
from checkout import REPOSITORY, SMOKE, Checkout
from notebook import executed
from pages import Block, blocks, install, run

RUN = "digits/vsc/latent-4/seed-1"
# The quick study takes minutes; the smoke study has run.
SMALLER = (
    ("results/quick", "results/smoke"),
    ("mnist_5k", "digits"),
    ("latent-16", "latent-4"),
    ("(1000, 16)", "(360, 4)"),
    ("--cores all", f"--cores all {' '.join(SMOKE)}"),
)


def smaller(text: str) -> str:
    for old, new in SMALLER:
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def installed(smoke) -> Checkout:
    install(smoke)
    return smoke


def follow(page: str, checkout: Checkout) -> str:
    """Run the `sh` and `python` blocks of a page; a `text` block was printed by the one before."""
    output = whole = ""
    for block in blocks(page):
        text = smaller(block.text)
        if block.language == "text":
            assert text.strip() in output, f"{page}:{block.line}"
        elif block.language in ("sh", "python"):
            before = "import sys; sys.path.insert(0, 'workflow/scripts')\n"
            text = before + text if block.language == "python" else text
            output = run(Block(block.language, text, block.line), checkout, page)
            whole += output
    return whole


@pytest.mark.parametrize(("target", "rule"), [("codes", "write_codes"), ("cards", "write_card")])
def test_a_target_is_a_job_for_each_run(smoke, target, rule):
    """The first of the tests here: those below have some of these jobs run."""
    assert smoke.planned(target, *SMOKE) == {rule: 4 * 2, target: 1}


def test_the_readme_loads_a_model(installed):
    looked_at = """
assert codes.shape == (360, 4) and images.shape == (360, 1, 8, 8)
assert (codes == 0).any() and (codes != 0).any()
assert 0 <= images.min() < images.max() <= 1
"""
    (snippet,) = [block for block in blocks("README.md") if block.language == "python"]
    text = "import sys; sys.path.insert(0, 'workflow/scripts')\n" + smaller(snippet.text)
    run(Block("python", text + looked_at, snippet.line), installed, "README.md")


@pytest.mark.slow
def test_the_page_of_trained_models(installed):
    follow("docs/trained_models.md", installed)
    table = (installed.root / "codes.csv").read_text(encoding="utf-8").splitlines()
    assert (len(table), table[0]) == (361, "label,code_0,code_1,code_2,code_3")
    scores = (installed.root / "scores.csv").read_text(encoding="utf-8").splitlines()
    assert len(scores) == 361


@pytest.mark.slow
def test_codes_for_a_classifier(installed):
    output = follow("docs/codes_for_a_classifier.md", installed)
    accuracy = float(output.split("accuracy ")[1].split(",")[0])
    assert accuracy > 0.2  # chance is 0.1, and the smoke study trains for two epochs
    assert output.count("mostly on:") == 10


def test_the_codes_of_a_study_are_those_of_its_model(installed):
    """From the file that the tutorial above has asked for."""
    file = f"results/smoke/codes/{RUN}.npz"
    if not (installed.root / file).exists():
        assert installed.snakemake(file, *SMOKE).returncode == 0
    model = sparsevae.load(installed.root / "results/smoke/runs" / RUN)
    test = np.load(installed.root / "resources/datasets/digits/test.npz")
    with np.load(installed.root / file) as written:
        np.testing.assert_allclose(written["codes"], model.encode(test["inputs"]), atol=1e-6)
        assert np.array_equal(written["labels"], test["labels"])
        assert (written["codes"] == 0).any()


def test_the_measures_of_a_run_are_those_of_its_loaded_model(smoke):
    torch.set_num_threads(1)
    test = np.load(smoke.root / "resources/datasets/digits/test.npz")
    for name in ("vae", "vsc", "vsc-wu"):
        folder = smoke.root / f"results/smoke/runs/digits/{name}/latent-4/seed-1"
        metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
        bound = sparsevae.load(folder).log_likelihood(test["inputs"]).mean()
        assert bound == pytest.approx(metrics["iwae"], abs=1e-5)


@pytest.mark.slow
def test_the_notebook_runs_and_shows_the_pictures_that_it_keeps(smoke, tmp_path):
    text = (REPOSITORY / "docs/trained_model.ipynb").read_text(encoding="utf-8")
    kept = nbformat.reads(text, as_version=4)
    nbformat.validate(kept)
    for name in ("results", "resources", "workflow"):
        (tmp_path / name).symlink_to(smoke.root / name)
    (tmp_path / "docs").mkdir()
    made = executed(nbformat.reads(smaller(text), as_version=4), tmp_path / "docs")
    assert shown(made) == shown(kept)
    assert sum(kinds.count("image/png") for kinds in shown(kept)) == 5


def shown(notebook: nbformat.NotebookNode) -> list[list[str]]:
    """What kinds of outputs each cell of code has."""
    return [
        [next(iter(output["data"])) if "data" in output else "text" for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def test_a_card_is_beside_a_model_that_loads(installed):
    file = f"results/smoke/cards/{RUN}"
    done = installed.snakemake(file, *SMOKE)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = installed.root / file
    text = (folder / "README.md").read_text(encoding="utf-8")
    about = yaml.safe_load(text.split("---\n")[1])
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    measured = about["model-index"][0]["results"][0]["metrics"]
    assert {entry["type"]: entry["value"] for entry in measured}["iwae"] == metrics["iwae"]
    run_folder = installed.root / "results/smoke/runs" / RUN
    x = np.load(installed.root / "resources/datasets/digits/test.npz")["inputs"][:9]
    ours, theirs = sparsevae.load(folder).encode(x), sparsevae.load(run_folder).encode(x)
    np.testing.assert_array_equal(ours, theirs)


FINE_TUNED = """
study: tuned
seeds: [1]
models: {vsc: {family: vsc, prior: {kind: fixed, spike_prob: 0.2}}}
datasets:
  digits:
    latent_dims: [4]
    run:
      network: {hidden: [32]}
      training:
        epochs: 1
        learning_rate: 1.0e-9
        keep: best
        patience: 1
        init_from: "results/smoke/runs/{dataset}/{model}/latent-{latent_dim}/seed-{seed}"
"""


def test_fine_tuning_starts_from_another_runs_weights_and_follows_them(installed):
    study = installed.root / "tuned.yaml"
    study.write_text(FINE_TUNED, encoding="utf-8")
    arguments = ("--configfile", "tuned.yaml", "--until", "train_and_evaluate")
    done = installed.snakemake(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    folders = [installed.root / f"results/{name}/runs/{RUN}" for name in ("smoke", "tuned")]
    x = np.load(installed.root / "resources/datasets/digits/test.npz")["inputs"]
    before, after = (sparsevae.load(folder).encode(x) for folder in folders)
    # With next to no learning rate.
    np.testing.assert_allclose(after, before, atol=1e-4)
    assert installed.planned(*arguments) == {}
    weights = folders[0] / "weights.safetensors"
    content = weights.read_bytes()
    try:
        weights.unlink()  # a second name of the checkpoint
        weights.write_bytes(content + b" ")
        assert installed.planned(*arguments) == {"train_and_evaluate": 1}
        weights.unlink()
        refused = installed.parsed("--dry-run", *arguments)
        line = "has no weights.safetensors; finish that run first"
        assert refused.returncode == 1
        assert line in refused.stdout + refused.stderr
    finally:
        weights.write_bytes(content)
