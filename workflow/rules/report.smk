# The report: a site made of the study's tables and figures and of the pages of workflow/pages.
import shutil

from sparsevae.report.sources import named_modules

# What the report is made of beside tables and figures, its code apart.
PAGES = sorted(
    own_file(file)
    for pattern in ("*.md", "*.html", "*.py", "static/*")
    for file in (ROOT / "workflow/pages").glob(pattern)
)
CAPTIONS = sorted(own_file(file) for file in (ROOT / "workflow/report").glob("*.rst"))
ENVIRONMENTS = sorted(own_file(file) for file in (ROOT / "envs").glob("*.yaml"))
SOURCES = [
    own_file(ROOT / "workflow/scripts/sparsevae" / module)
    for module in named_modules((ROOT / "workflow/pages").glob("*.md"))
]

LEDGER.expect("report", parts_of_report)


rule report:
    input:
        tables=TABLES,
        figures=FIGURES,
        pages=PAGES,
        captions=CAPTIONS,
        environments=ENVIRONMENTS,
        sources=SOURCES,
        # Without images there is nothing to explore.
        explorer=[f"{RESULTS}/explorer"] if explored_datasets(STUDY) else [],
        planned=LEDGER.planned("report"),
    output:
        site=directory(f"{RESULTS}/report"),
        made_from=LEDGER.made_from("report"),
    log:
        f"{RESULTS}/logs/report.log",
    benchmark:
        f"{RESULTS}/benchmarks/report.tsv"
    localrule: True
    conda:
        environment("report")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        code=when_needed(code_of, "build_report.py", "report"),
        study=when_needed(described),
        made_from=when_needed(parts_of_report),
        latex=shutil.which("latexmk") is not None,
    message:
        "Building the report"
    script:
        "../scripts/build_report.py"
