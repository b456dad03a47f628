# The study, where its files are, and which code its jobs depend on.
import math
import os
import shutil
from functools import cache

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data import celeba_files, idx_datasets, uci_har_files
from sparsevae.data.idx_datasets import IDX_DATASETS
from sparsevae.jobs.imports import digest, imported_files
from sparsevae.comparison.published import read_rows, showing_classes
from sparsevae.comparison.published_panels import FIGURE_5, class_spikes_file, correlations_file
from sparsevae.study.settings import to_mapping
from sparsevae.report.sources import named_modules
from sparsevae.report.study_described import describe
from sparsevae.study.families import FAMILIES
from sparsevae.study.study import STUDY_FIGURES


wildcard_constraints:
    dataset="|".join(STUDY.grids),
    model="|".join(re.escape(model) for model in STUDY.models),
    latent_dim=r"\d+",
    seed=r"\d+",


DATASETS = "resources/datasets"
RESULTS = STUDY.folder.as_posix()
RUN = "{dataset}/{model}/latent-{latent_dim}/seed-{seed}"
RUNS = f"{RESULTS}/runs/{RUN}"
PUBLISHED_PANELS = ROOT / "resources/published"
GPUS = 0 if STUDY.device == "cpu" else 1
PUBLISHED = os.path.relpath(ROOT / "resources/published/scorecard_rows.csv")


def environment(name):
    """Path of an environment file, as `conda:` wants it."""
    return f"../../envs/{name}.yaml"


@cache
def code_of(script, env, *more):
    """A digest of the modules of the package that a script reaches and of its environment file.

    more: files below workflow/scripts that the script reaches without an import, such as the module
    of a run's family; what they reach is in the digest too. As a param it reruns what depends on it
    when it changes; as inputs, the modules would be fifty files for every one of a study's runs.
    """
    scripts = ROOT / "workflow/scripts"
    starts = [scripts / file for file in (script, *more)]
    reached = {file for start in starts for file in [start, *imported_files(start, scripts)]}
    return digest([*sorted(reached), ROOT / "envs" / f"{env}.yaml"])


def model_code(script, env, *runs):
    """The same for a script that builds the models of runs, whose classes it imports by name."""
    families = [FAMILIES[name] for name in sorted({run.family for run in runs})]
    classes = [family.cls for family in families]
    return " ".join([code_of(script, env, *[family.file for family in families]), *classes])


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


def memory(wildcards, attempt):
    """Megabytes for a job with torch: the inputs as float32 are copied twice (scale, validation).

    Twice as much when a cluster tries again, as it may have been too little.
    """
    info = CATALOGUE[wildcards.dataset]
    megabytes = 4e-6 * math.prod(info.shape) * (info.train_size + info.test_size)
    return (1500 + math.ceil(3 * megabytes)) * 2 ** (attempt - 1)


def minutes(wildcards, attempt):
    """What a cluster may give a training; twice as much when it tries again."""
    return 180 * 2 ** (attempt - 1)


def run_files(runs, name):
    """The file `name` of each of the runs."""
    return [
        f"{RESULTS}/runs/{run.dataset}/{run.model}/latent-{run.latent_dim}/seed-{run.seed}/{name}"
        for run in runs
    ]


def settings_of_models(dataset=None):
    """Settings of each model on each dataset, or on one."""
    runs = [
        to_mapping(STUDY.runs[grid.dataset, model, grid.latent_dims[0], grid.seeds[0]])
        for grid in STUDY.grids.values()
        for model in grid.models
        if dataset in (None, grid.dataset)
    ]
    return [{k: v for k, v in run.items() if k not in ("latent_dim", "seed")} for run in runs]


def runs_with_published_classes():
    """The runs whose class activations stand beside published ones (UAI fig. 5)."""
    runs = showing_classes(read_rows(PUBLISHED), [to_mapping(r) for r in STUDY.runs.values()])
    return [STUDY.runs[r["dataset"], r["model"], r["latent_dim"], r["seed"]] for r in runs]


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


def study_figure_png(name):
    """The same as `figure_png` for a figure of the whole study."""
    return report(
        f"{RESULTS}/figures/{name}.png",
        caption=f"../report/{name}.rst",
        category="Figures",
        subcategory="all datasets",
        labels={"figure": name.replace("_", " ")},
    )


def every_size(wildcards):
    """The runs of a dataset with its first seed: every model at every latent size."""
    return runs_of_first_seed(wildcards.dataset)


def runs_of_first_seed(dataset):
    """The same, of a dataset by its name."""
    grid = STUDY.grids[dataset]
    return [
        STUDY.runs[dataset, model, size, grid.seeds[0]]
        for model in grid.models
        for size in grid.latent_dims
    ]


def explored_datasets():
    """The datasets that have pictures to explore, and the latent size that figures show of each."""
    return {
        name: grid.shown_latent_dim for name, grid in STUDY.grids.items() if CATALOGUE[name].image
    }


def explored_runs():
    """The runs that the explorer decodes with."""
    return [run for dataset in explored_datasets() for run in runs_of_first_seed(dataset)]


def published_correlations(wildcards):
    """The paper's matrices (UAI figs 3, 9) beside such runs: family and latent size -> file."""
    keys = {(run.dataset, run.family, run.latent_dim) for run in every_size(wildcards)}
    files = {key[1:]: correlations_file(PUBLISHED_PANELS, *key) for key in sorted(keys)}
    return {key: os.path.relpath(file) for key, file in files.items() if file}


def published_classes(wildcards):
    """The paper's spike probabilities per class (UAI fig. 5); none for most datasets."""
    file = class_spikes_file(PUBLISHED_PANELS, wildcards.dataset)
    return [os.path.relpath(file)] if file else []


def class_order(wildcards):
    """Labels of a dataset in the paper's order, or in their own."""
    names = CATALOGUE[wildcards.dataset].class_names
    return list(FIGURE_5.get(wildcards.dataset, range(len(names))))


def figure_png(name):
    """Where the picture of a figure goes, with its caption in Snakemake's report."""
    return report(
        f"{RESULTS}/figures/{{dataset}}/{name}.png",
        caption=f"../report/{name}.rst",
        category="Figures",
        subcategory="{dataset}",
        labels={"figure": name.replace("_", " ")},
    )


def table_csv(name):
    """Where a table of the study goes, with its caption in Snakemake's report."""
    return report(
        f"{RESULTS}/tables/{name}.csv",
        caption="../report/table.rst",
        category="Tables",
        labels={"table": name.replace("_", " ")},
    )


TABLES = [
    f"{RESULTS}/tables/{table}.csv"
    for table in ("metrics", "probes", "scorecard", "summary", "class_cosines", "claims")
]
FIGURES = [
    f"{RESULTS}/figures/{dataset}/{figure}.{suffix}"
    for dataset in STUDY.grids
    for figure in STUDY.figures_of(dataset)
    if figure not in STUDY_FIGURES
    for suffix in ("png", "pdf")
]
FIGURES += [
    f"{RESULTS}/figures/{figure}.{suffix}"
    for figure in STUDY_FIGURES
    if figure in STUDY.figures
    for suffix in ("png", "pdf")
]
# What the report is made of beside them, its code apart.
SITE_PAGES = sorted(
    os.path.relpath(file)
    for pattern in ("*.md", "*.py", "static/*")
    for file in (ROOT / "workflow/pages").glob(pattern)
)
SITE_CAPTIONS = sorted(os.path.relpath(file) for file in (ROOT / "workflow/report").glob("*.rst"))
SITE_ENVIRONMENTS = sorted(os.path.relpath(file) for file in (ROOT / "envs").glob("*.yaml"))
SITE_SOURCES = [
    os.path.relpath(ROOT / "workflow/scripts/sparsevae" / module)
    for module in named_modules((ROOT / "workflow/pages").glob("*.md"))
]
