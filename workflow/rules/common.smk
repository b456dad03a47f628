# The study, where its files are, and which code a rule depends on. No rules here.
import os

from sparsevae.config_check import ConfigError
from sparsevae.imports import imported_files
from sparsevae.run_config import to_mapping
from sparsevae.study import Study

ROOT = Path(workflow.basedir)
try:
    STUDY = Study(config, schema=ROOT / "workflow/schemas/config.schema.yaml")
except ConfigError as error:
    print(f"ConfigError: {error}", file=sys.stderr)
    sys.exit(1)


wildcard_constraints:
    dataset="|".join(STUDY.grids),
    model="|".join(re.escape(model) for model in STUDY.models),
    latent_dim=r"\d+",
    seed=r"\d+",


DATASETS = "resources/datasets"
RESULTS = STUDY.folder.as_posix()
RUN = "{dataset}/{model}/latent-{latent_dim}/seed-{seed}"
RUNS = f"{RESULTS}/runs/{RUN}"
GPUS = 0 if STUDY.device == "cpu" else 1


def environment(name):
    """Path of an environment file, as `conda:` wants it."""
    return f"../../envs/{name}.yaml"


def code_of(script, env):
    """What a rule depends on besides its script: modules that it reaches, and its environment.

    Relative to the working directory, so that a moved copy of everything is not out of date.
    """
    files = imported_files(ROOT / "workflow/scripts" / script)
    return [os.path.relpath(file) for file in [*files, ROOT / "envs" / f"{env}.yaml"]]


def run_files(runs, name):
    """The file `name` of each of the runs."""
    return [
        f"{RESULTS}/runs/{run.dataset}/{run.model}/latent-{run.latent_dim}/seed-{run.seed}/{name}"
        for run in runs
    ]


def training_settings(wildcards):
    """All settings of a run but those of its evaluation, which do not retrain it."""
    settings = to_mapping(STUDY.run(wildcards))
    return {name: value for name, value in settings.items() if name != "evaluation"}


def all_settings(wildcards):
    """All settings of a run."""
    return to_mapping(STUDY.run(wildcards))
