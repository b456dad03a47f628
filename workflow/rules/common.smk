# The study, where its files are, and which code its jobs depend on.
import os

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.idx_datasets import IDX_DATASETS, find_files
from sparsevae.errors import UserError
from sparsevae.imports import imported_files
from sparsevae.run_config import to_mapping
from sparsevae.study import Study

ROOT = Path(workflow.basedir)


def stop(error):
    """Ends the workflow before any job, with one line."""
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    sys.exit(1)


try:
    STUDY = Study(config, schema=ROOT / "workflow/schemas/config.schema.yaml")
except UserError as error:
    stop(error)


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
    """The modules of the package that a script reaches, and its environment file, as inputs.

    Relative to the working directory, so that a moved copy of everything is not out of date.
    """
    files = imported_files(ROOT / "workflow/scripts" / script)
    return [os.path.relpath(file) for file in [*files, ROOT / "envs" / f"{env}.yaml"]]


def raw_files(dataset):
    """The user's raw files of MNIST or Fashion-MNIST; ends the workflow if they are not there."""
    try:
        return [str(file) for file in find_files(IDX_DATASETS[dataset], STUDY.datasets_dir)]
    except UserError as error:
        stop(error)


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


def shown(wildcards):
    """The runs that pictures of a dataset show, one per model."""
    return STUDY.shown_runs(wildcards.dataset)


def shown_plane(wildcards):
    """The same with two latents."""
    return STUDY.shown_runs(wildcards.dataset, latent_dim=2)


def shown_sizes(wildcards):
    """The same at the smallest, a middle and the largest latent size."""
    return [
        run
        for size in STUDY.shown_latent_dims(wildcards.dataset)
        for run in STUDY.shown_runs(wildcards.dataset, latent_dim=size)
    ]


def shown_seeds(wildcards):
    """The runs that pictures of a dataset show, with all seeds."""
    return STUDY.shown_runs(wildcards.dataset, all_seeds=True)


def figure_png(name):
    """Where the picture of a figure goes, with its caption in Snakemake's report."""
    return report(
        f"{RESULTS}/figures/{{dataset}}/{name}.png",
        caption=f"../report/{name}.rst",
        category="Figures",
        subcategory="{dataset}",
        labels={"figure": name.replace("_", " ")},
    )


TABLES = [f"{RESULTS}/tables/{table}.csv" for table in ("metrics", "summary")]
FIGURES = [
    f"{RESULTS}/figures/{dataset}/{figure}.{suffix}"
    for dataset in STUDY.grids
    for figure in STUDY.figures_of(dataset)
    for suffix in ("png", "pdf")
]
