# The study, where its files are, and which code its jobs depend on.
import math
import os
from functools import cache

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data import celeba_files, idx_datasets, uci_har_files
from sparsevae.data.idx_datasets import IDX_DATASETS
from sparsevae.jobs.errors import UserError
from sparsevae.jobs.imports import digest, imported_files
from sparsevae.study.settings import to_mapping
from sparsevae.study.study import RUN, Study

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
RUNS = f"{RESULTS}/runs/{RUN}"
GPUS = 0 if STUDY.device == "cpu" else 1
PUBLISHED = Path(os.path.relpath(ROOT / "resources/published"))


def environment(name):
    """Path of an environment file, as `conda:` wants it."""
    return f"../../envs/{name}.yaml"


def module_file(name):
    """The file of a module of the package, by its dotted name."""
    return (ROOT / "workflow/scripts").joinpath(*name.split(".")).with_suffix(".py")


@cache
def code_of(script, env, *more):
    """A digest of the modules of the package that a script reaches and of its environment file.

    As a param it reruns what depends on it when it changes; as inputs, the modules would be fifty
    files for every one of a study's runs. more: files that the script imports by name only.
    """
    scripts = ROOT / "workflow/scripts"
    starts = [scripts / script, *more]
    reached = {file for start in starts for file in imported_files(start, scripts)}
    return digest([*sorted(reached.union(starts)), ROOT / "envs" / f"{env}.yaml"])


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
    return [STUDY.file_of(run, name) for run in runs]


def table_csv(name):
    """Where a table of the study goes, with its caption in Snakemake's report."""
    return report(
        f"{RESULTS}/tables/{name}.csv",
        caption="../report/table.rst",
        category="Tables",
        labels={"table": name.replace("_", " ")},
    )
