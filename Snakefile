# One YAML file (config/) -> data -> trainings -> evaluation -> tables, figures -> report. docs/design.md
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.27")

# The package is found beside the scripts, here as in every job; nothing is installed.
# (Where this file is, as a module of another workflow too: `workflow.basedir` is that one's folder.)
ROOT = Path(str(workflow.current_basedir))
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))


include: "workflow/rules/study.smk"
include: "workflow/rules/start.smk"
include: "workflow/rules/common.smk"
include: "workflow/rules/ledger.smk"


# Used with `--sdm apptainer` only.
if STUDY.container:

    container: STUDY.container


include: "workflow/rules/locks.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/clusters.smk"
include: "workflow/rules/runs.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/explorer.smk"
include: "workflow/rules/models.smk"
include: "workflow/rules/report.smk"


# In the process that plans only: jobs parse this file too.
if workflow.is_main_process:
    if stale := LEDGER.write():
        print(
            f"{len(stale)} results are of other settings, code or data: {stale[0]}, ...",
            file=sys.stderr,
        )


rule all:
    default_target: True
    input:
        tables=TABLES,
        figures=FIGURES,
        report=f"{RESULTS}/report",
    message:
        f"Done: the report is {PLACE}/report/index.html"


rule onnx:
    input:
        [f"{RESULTS}/onnx/{STUDY.name_of(run)}/encoder.onnx" for run in STUDY.runs.values()],
    message:
        f"Done: encoders and decoders as ONNX files are in {PLACE}/onnx"


rule codes:
    input:
        [f"{RESULTS}/codes/{STUDY.name_of(run)}.npz" for run in STUDY.runs.values()],
    message:
        f"Done: the codes of the test sets are in {PLACE}/codes"


rule cards:
    input:
        [f"{RESULTS}/cards/{STUDY.name_of(run)}" for run in STUDY.runs.values()],
    message:
        f"Done: folders to upload are in {PLACE}/cards"
