# What results would be made from now (sparsevae/jobs/made_from.py); computed when it is needed only.
from functools import cache, partial

from sparsevae.explorer.planned import beyond_max_models, explored_datasets, explored_runs
from sparsevae.figures.plan import planned
from sparsevae.jobs.made_from import Ledger, digest_of
from sparsevae.report.card import card_facts
from sparsevae.report.study_page import describe
from sparsevae.study.settings import to_mapping

LEDGER = Ledger(STUDY.folder, PLACE)


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


def parts_of_explorer():
    """What the explorer's models are made from."""
    runs = explored_runs(STUDY)
    code = model_code("export_explorer.py", "torch", *runs)
    limit = digest_of([STUDY.settings.explorer.max_mb, beyond_max_models(STUDY)])
    return {"runs": digest_of([to_mapping(run) for run in runs]), "limit": limit, "code": code}


@cache
def described():
    """What the report says of the study."""
    return describe(STUDY, planned(STUDY))


def parts_of_report():
    """What the report is made from."""
    return {"study": digest_of(described()), "code": code_of("build_report.py", "report")}


def parts_of_codes(run):
    """What the codes of a run are made from, its test set apart."""
    code = model_code("write_codes.py", "torch", run)
    return {"settings": digest_of(to_mapping(run)), "code": code}


def parts_of_card(run):
    """What a run's folder to upload is made from."""
    seeds = digest_of([to_mapping(other) for other in STUDY.with_all_seeds(run)])
    facts = digest_of(card_facts(STUDY, run))
    return {"seeds": seeds, "facts": facts, "code": code_of("write_card.py", "report")}
