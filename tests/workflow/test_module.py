"""The workflow as a module of another one, from a clone and as `github(...)` fetches it."""

import os
import subprocess
import sys
from pathlib import Path

import own_files
import pytest
import yaml
from checkout import REPOSITORY, Checkout, copy_repository, planned_by
from pages import follow
from sparsevae.data.idx import FILE_NAMES

# The smallest study that has a report.
STUDY = {
    "study": "tiny",
    "seeds": [1],
    "models": {"vsc": {"family": "vsc"}},
    "datasets": {
        "digits": {
            "latent_dims": [2],
            "run": {"network": {"hidden": [8]}, "training": {"epochs": 1}},
        }
    },
    "figures": ["training_history"],
}
USE = "use rule * from sparsevae as sv_*"
PREFIX = 'prefix: "below"'
OWN = """
rule count:
    input:
        rules.{name}.output,
    output:
        "count.txt",
    shell:
        "wc -l < {{input[0]}} > {{output}}"
"""


def workflow(
    folder: Path, module: str, use: str, config: object = STUDY, own: str = ""
) -> Checkout:
    """A workflow of a user's that takes in ours; module: the lines below `module sparsevae:`."""
    for name in ("config", "workflow"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "config/config.yaml").write_text(yaml.safe_dump(config))
    lines = 'configfile: "config/config.yaml"\nmodule sparsevae:\n    ' + module
    (folder / "workflow/Snakefile").write_text(f"{lines}\n{use}\n{own}")
    return Checkout(folder)


def of_clone(*more: str) -> str:
    return "\n    ".join([f'snakefile: "{REPOSITORY}/workflow/Snakefile"', *more])


@pytest.mark.parametrize(
    ("use", "rule"),
    [
        ("use rule * from sparsevae", "collect_metrics"),
        ("use rule * from sparsevae as sv_*", "sv_collect_metrics"),
    ],
)
def test_rules_of_a_user_follow_ours(use, rule, tmp_path):
    there = workflow(tmp_path, of_clone("config: config"), use, own=OWN.format(name=rule))
    plan = there.planned("count")
    assert plan.pop("count") == plan.pop(rule) == 1
    assert sum(plan.values()) == 2  # the dataset and a training


def test_the_default_target_of_a_module_is_the_study(tmp_path):
    there = workflow(tmp_path, of_clone("config: config"), "use rule * from sparsevae as sv_*")
    assert there.planned()["sv_report"] == 1


def test_a_module_takes_a_part_of_the_config(tmp_path):
    config = {"mine": {"any": "thing"}, "sv": STUDY}
    there = workflow(
        tmp_path, of_clone('config: config["sv"]'), "use rule * from sparsevae", config
    )
    assert there.planned()["train_and_evaluate"] == 1


def test_a_module_without_a_config_is_the_quick_study(tmp_path):
    there = workflow(tmp_path, of_clone(), "use rule * from sparsevae", {})
    assert there.planned()["prepare_mnist_5k"] == 1


def test_two_studies_stand_side_by_side(tmp_path):
    first = of_clone('config: config["sv"]', 'prefix: "first"')
    second = f"module other:\n    {first.replace('first', 'second')}"
    uses = f"use rule * from sparsevae as a_*\n{second}\nuse rule * from other as b_*\n"
    own = "rule both:\n    input: rules.a_collect_metrics.output, rules.b_collect_metrics.output\n"
    plan = workflow(tmp_path, first, uses, {"sv": STUDY}, own).planned("both")
    assert {plan[rule] for rule in ("a_train_and_evaluate", "b_train_and_evaluate")} == {1}
    for name in ("first", "second"):
        assert (tmp_path / name / "results/tiny/planned/tables/metrics.json").is_file()


def test_a_wrong_key_of_a_module_ends_in_one_line(tmp_path):
    wrong = STUDY | {"sedes": [1]}
    there = workflow(tmp_path, of_clone("config: config"), "use rule * from sparsevae", wrong)
    done = there.parsed("--dry-run")
    assert done.returncode == 1
    assert "sedes" in done.stderr.strip().splitlines()[-1]


def test_what_yaml_would_misread_in_a_modules_config_is_found(tmp_path):
    there = workflow(tmp_path, of_clone("config: config"), "use rule * from sparsevae")
    there.edit("config/config.yaml", "seeds:\n- 1", "seeds:\n- 010")
    done = there.parsed("--dry-run")
    assert done.returncode == 1
    assert "010" in done.stderr.strip().splitlines()[-1]


def test_the_local_rules_of_a_module_stay_local(tmp_path):
    """`localrules:` would name them as they are here, not as they are called there."""
    there = workflow(tmp_path, of_clone("config: config"), "use rule * from sparsevae as sv_*")
    with (tmp_path / "workflow/Snakefile").open("a") as file:
        file.write("print('local:', *workflow._localrules)\n")
    said = there.parsed("--dry-run").stdout
    [local] = [line.split()[1:] for line in said.splitlines() if line.startswith("local:")]
    assert {"sv_report", "sv_export_explorer", "sv_export_onnx", "sv_collect_metrics"} <= set(local)
    assert "sv_train_and_evaluate" not in local


def test_both_snakefiles_are_the_same_workflow(new_checkout):
    checkout = new_checkout()
    smoke = ("--configfile", "config/smoke.yaml")
    below = checkout.planned("--snakefile", "workflow/Snakefile", *smoke)
    assert below == checkout.planned(*smoke)


def git(folder: Path, *arguments: str) -> None:
    name = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def hosted(tmp_path_factory) -> dict[str, str]:
    """Variables with which git finds a release v1.0.0 of this repository on GitHub."""
    host = tmp_path_factory.mktemp("host")
    release = host / "OWNER/sparsevae"
    release.mkdir(parents=True)
    copy_repository(release)
    for name in ("LICENSE", "requirements.txt"):
        (release / name).write_bytes((REPOSITORY / name).read_bytes())
    git(release, "init", "--quiet")
    git(release, "add", "--all")
    git(release, "commit", "--quiet", "--message", "Release")
    git(release, "tag", "v1.0.0")
    # A later commit, which the tag is not.
    (release / "Snakefile").write_text("raise SystemExit('not the release')")
    git(release, "commit", "--all", "--quiet", "--message", "Later")
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{host}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
        "XDG_CACHE_HOME": str(host / "cache"),
    }


def test_github_names_a_release(hosted, tmp_path, monkeypatch):
    for name, value in hosted.items():
        monkeypatch.setenv(name, value)
    source = 'github("OWNER/sparsevae", path="workflow/Snakefile", tag="v1.0.0")'
    there = workflow(
        tmp_path, f"snakefile: {source}\n    config: config", "use rule * from sparsevae"
    )
    done = there.snakemake("--dry-run", **hosted)
    assert planned_by(done)["train_and_evaluate"] == 1


@pytest.mark.slow
def test_the_tutorial_deploys_a_release_and_builds_on_it(hosted, tmp_path):
    programs = Path(sys.executable).parent
    if not (programs / "snakedeploy").exists():
        pytest.skip("snakedeploy is not installed; requirements.txt has it for Python below 3.13")
    path = f"{programs}:{os.environ['PATH']}"
    follow("docs/deploying.md", Checkout(tmp_path), os.environ | hosted | {"PATH": path})


def test_a_prefix_is_not_put_before_downloads_of_the_user(tmp_path):
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    for name in FILE_NAMES:
        (downloads / name).write_bytes(b"not read by a plan")
    study = STUDY | {"datasets_dir": "downloads", "datasets": {"mnist": {"latent_dims": [2]}}}
    there = workflow(tmp_path, of_clone("config: config", PREFIX), USE, study)
    assert there.planned("sv_all")["sv_prepare_mnist"] == 1


@pytest.mark.slow
def test_a_prefix_is_not_put_before_data_and_weights_of_the_user(tmp_path):
    own_files.write_table(tmp_path / "trees.csv")
    run = {"network": {"hidden": [8]}, "training": {"epochs": 1}}
    of_table = {"path": "trees.csv", "labels": "kind", "ignore": ["id"], "latent_dims": [2]}
    trees = of_table | {"run": run | {"likelihood": {"family": "gaussian"}}}
    before = STUDY | {"study": "before", "datasets": {"trees": trees}}
    first = workflow(tmp_path, of_clone("config: config"), USE, before)
    done = first.snakemake("sv_collect_metrics")
    assert done.returncode == 0, done.stdout + done.stderr
    vsc = {
        "family": "vsc",
        "training": {"init_from": "results/before/runs/trees/vsc/latent-2/seed-1"},
    }
    after = before | {"study": "after", "models": {"vsc": vsc}}
    there = workflow(tmp_path, of_clone("config: config", PREFIX), USE, after)
    done = there.snakemake("sv_all")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "below/results/after/report/index.html").is_file()


@pytest.mark.slow
def test_a_module_with_a_prefix_runs_below_it(tmp_path):
    there = workflow(
        tmp_path,
        of_clone("config: config", PREFIX),
        USE,
        own=OWN.format(name="sv_collect_metrics"),
    )
    done = there.snakemake("count", "sv_all")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "count.txt").read_text().strip() == "2"
    assert (tmp_path / "below/results/tiny/report/index.html").is_file()
    assert not (tmp_path / "results").exists()
    assert there.planned("count", "sv_all") == {}
