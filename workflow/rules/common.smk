# The study, where its files are, and which code its jobs depend on.
import os
from functools import cache

from sparsevae.data.dataset import FOLDER
from sparsevae.jobs.errors import UserError
from sparsevae.jobs.imports import digest, imported_files
from sparsevae.study.families import FAMILIES
from sparsevae.study.study import RUN


wildcard_constraints:
    dataset="|".join(STUDY.grids),
    model="|".join(re.escape(model) for model in STUDY.models),
    latent_dim=r"\d+",
    seed=r"\d+",


DATASETS = FOLDER
RESULTS = STUDY.folder.as_posix()
RUNS = f"{RESULTS}/runs/{RUN}"


def placed(path):
    """A path with the `prefix` of a module, for what reads and writes there without a rule."""
    return Path(str(workflow.modifier.modify_path(str(path))))


PLACE = placed(RESULTS)


# Files of the repository as inputs: of a module absolute, so that its `prefix` is not put before them.
own_file = os.path.relpath if workflow.modifier.is_main_snakefile() else os.path.abspath
# Files of the user's as inputs: as they are named, and of a module absolute for the same reason.
users_file = str if workflow.modifier.is_main_snakefile() else os.path.abspath
PUBLISHED = Path(own_file(ROOT / "resources/published"))


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
        return [users_file(file) for file in dataset.find(STUDY.datasets_dir)]
    except UserError as error:
        stop(error)


def start_file(run):
    """The weights that a run begins with, of a run of the study or of the user's; else none."""
    start = STUDY.start_of(run)
    return start if start is None or start in STUDY.weights else users_file(start)


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
