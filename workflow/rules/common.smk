# The study, where its files are, and which code its jobs depend on.
import os
from functools import cache, partial

from sparsevae.jobs.errors import UserError
from sparsevae.jobs.imports import digest, imported_files
from sparsevae.jobs.made_from import Ledger, digest_of
from sparsevae.study.families import FAMILIES
from sparsevae.study.settings import to_mapping
from sparsevae.study.study import RUN


wildcard_constraints:
    dataset="|".join(STUDY.grids),
    model="|".join(re.escape(model) for model in STUDY.models),
    latent_dim=r"\d+",
    seed=r"\d+",


DATASETS = "resources/datasets"
RESULTS = STUDY.folder.as_posix()
RUNS = f"{RESULTS}/runs/{RUN}"
LEDGER = Ledger(STUDY.folder)
PUBLISHED = Path(os.path.relpath(ROOT / "resources/published"))


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
    """The user's files of a dataset, if any; ends the workflow if they are not in datasets_dir."""
    if not STUDY.datasets_dir:
        return []
    try:
        return [str(file) for file in dataset.find(STUDY.datasets_dir)]
    except UserError as error:
        stop(error)


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


def parts_of(run):
    """What a run is made from, its data apart."""
    return {
        "settings": digest_of(to_mapping(run)),
        "training": model_code("sparsevae/training/run.py", "torch", run),
        "code": model_code("train_and_evaluate.py", "torch", run),
        "pictures": str(STUDY.pictured(run)),
    }


def parts_of_onnx(run):
    """What a run's ONNX file is made from."""
    code = model_code("export_onnx.py", "onnx", run)
    return {"settings": digest_of(to_mapping(run)), "code": code}


def parts_of_table(script):
    """What a table is made from: which runs, with which settings, and its code."""
    runs = digest_of([list(map(list, STUDY.runs)), run_digests()])
    return {"runs": runs, "code": code_of(script, "figures")}


@cache
def run_digests():
    """Digests of the settings of each run, in the study's order."""
    return [digest_of(to_mapping(run)) for run in STUDY.runs.values()]


def when_needed(function, *arguments):
    """A param that only those processes compute which plan its job; each job reads all rules."""
    return lambda wildcards: function(*arguments)
