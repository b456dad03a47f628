"""What a user gives to Snakemake as config and targets makes the study, or ends in one line."""

from subprocess import CompletedProcess

import pytest
import yaml
from checkout import Checkout

STUDY = {
    "study": "mine",
    "seeds": [1],
    "models": {"vae": {"family": "vae"}},
    "datasets": {"digits": {"latent_dims": [4]}},
}
RUN = "train_and_evaluate"


@pytest.fixture(scope="module")
def fresh(new_checkout) -> Checkout:
    return new_checkout()


def write(fresh: Checkout, text: str) -> tuple[str, str]:
    """Writes a config file; returns the arguments that name it."""
    (fresh.root / "mine.yaml").write_text(text, encoding="utf-8")
    return "--configfile", "mine.yaml"


def complaint(fresh: Checkout, *arguments: str) -> str:
    """The only line that is said of an error."""
    return only_line(fresh.parsed("--dry-run", *arguments))


def only_line(result: CompletedProcess[str]) -> str:
    lines = [line for line in result.stderr.splitlines() if not line.startswith("Using workflow ")]
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_a_study_of_the_users_has_nothing_of_the_quick_one(fresh):
    without = {name: value for name, value in STUDY.items() if name != "study"}
    line = complaint(fresh, *write(fresh, yaml.safe_dump(without)))
    assert line.startswith("ConfigError: config: study: missing; Name of the study")


def test_config_alone_changes_the_quick_study(fresh):
    planned = fresh.planned("--config", "seeds=[7]", "study=1st", "datasets={smiley: null}")
    assert planned[RUN] == 2 * 4  # latent sizes x models, one seed instead of four


def test_nested_values_reach_the_study(fresh):
    files = write(fresh, yaml.safe_dump(STUDY))
    assert fresh.planned(*files, "--config", "run={training: {epochs: 3, learning_rate: 1e-3}}")
    line = complaint(fresh, *files, "--config", "run={training: {epochs: 3.5}}")
    assert line == (
        "ConfigError: config: run.training.epochs: '3.5' is not allowed; allowed: integer at least "
        "1 or null"
    )


def test_a_value_that_snakemake_cannot_take_apart(fresh):
    line = complaint(fresh, *write(fresh, yaml.safe_dump(STUDY)), "--config", "seeds=[1")
    assert line.startswith("ConfigError: config: seeds: '[1' is not allowed; allowed: list: ")


def test_numbers_of_the_usual_form_are_numbers(fresh):
    text = yaml.safe_dump(STUDY) + "run: {training: {learning_rate: 1e-3}}\n"
    assert fresh.planned(*write(fresh, text))[RUN] == 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("{vae: ", "{vae: {family: ae}, vae: ", "line 3: vae is there already, in line 3;"),
        ("{vae: ", "{no: ", "line 3: YAML reads the key no as true or false; quote it"),
        ("[4]", "[010]", "line 4: YAML reads 010 as 8; write 8, or quote"),
    ],
)
def test_what_yaml_would_take_silently(fresh, old, new, expected):
    text = (
        "study: mine\nseeds: [1]\nmodels: {vae: {family: vae}}\n"
        "datasets: {digits: {latent_dims: [4]}}\n"
    )
    line = complaint(fresh, *write(fresh, text.replace(old, new)))
    assert line.startswith(f"ConfigError: {fresh.root / 'mine.yaml'}, {expected}")


def test_every_file_is_looked_at(fresh):
    write(fresh, "study: a\nstudy: b\n")
    line = complaint(fresh, "--configfile", "config/config.yaml", "mine.yaml")
    assert "mine.yaml, line 2: study is there already" in line


def test_yaml_that_is_none_in_the_quick_study(new_checkout):
    """Of a file that is named by --configfile, Snakemake itself reports an error, without a place:
    `make check` (tests/unit/tools/test_check_config.py) does."""
    checkout = new_checkout()
    checkout.edit("config/config.yaml", "seeds: [1, 2, 3, 4]", "seeds: [1, 2")
    line = complaint(checkout)
    assert line.startswith(f"ConfigError: {checkout.root}/config/config.yaml, line ")
    assert "not YAML" in line


def test_a_run_that_is_not_in_the_study(fresh):
    target = "results/quick/runs/mnist_5k/vae/latent-99/seed-1/metrics.json"
    assert only_line(fresh.snakemake("--dry-run", target)) == (
        f"ConfigError: {target}: mnist_5k/vae/latent-99/seed-1 is not a run of study quick, which "
        "has mnist_5k/vae with latent sizes 2, 16 and seeds 1, 2, 3, 4"
    )


def test_results_go_below_the_home(fresh, monkeypatch):
    monkeypatch.setenv("HOME", str(fresh.root / "home"))
    table = f"{fresh.root}/home/r/quick/tables/metrics.csv"
    assert fresh.planned("--config", "results_dir=~/r", "--", table)["collect_metrics"] == 1
    line = complaint(fresh, "--config", "results_dir=$NOT_SET_AT_ALL/r")
    assert line.startswith("ConfigError: config: results_dir: '$NOT_SET_AT_ALL/r' is not allowed;")
