# The study, where its files are, and which code its jobs depend on.
import math
import os

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data import celeba_files, idx_datasets, uci_har_files
from sparsevae.data.idx_datasets import IDX_DATASETS
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
    """The user's raw files of a published dataset; ends the workflow if they are not there."""
    folder = STUDY.datasets_dir
    try:
        if dataset == "uci_har":
            files = uci_har_files.find_files(folder)
        elif dataset == "celeba":
            files = celeba_files.find_lists(folder)
        else:
            files = idx_datasets.find_files(IDX_DATASETS[dataset], folder)
    except UserError as error:
        stop(error)
    return [str(file) for file in files]


def memory(wildcards):
    """Megabytes for a job with torch: the inputs as float32 are copied twice (scale, validation)."""
    info = CATALOGUE[wildcards.dataset]
    megabytes = 4e-6 * math.prod(info.shape) * (info.train_size + info.test_size)
    return 1500 + math.ceil(3 * megabytes)


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
