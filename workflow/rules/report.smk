# The report: a site made of the study's tables and figures and of the pages of workflow/pages.


localrules:
    report,


rule report:
    input:
        tables=TABLES,
        figures=FIGURES,
        pages=SITE_PAGES,
        captions=SITE_CAPTIONS,
        environments=SITE_ENVIRONMENTS,
        sources=SITE_SOURCES,
        # Without images there is nothing to explore.
        explorer=[f"{RESULTS}/explorer"] if explored_datasets() else [],
    output:
        site=directory(f"{RESULTS}/report"),
    log:
        f"{RESULTS}/logs/report.log",
    benchmark:
        f"{RESULTS}/benchmarks/report.tsv"
    conda:
        environment("report")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        code=code_of("build_report.py", "report"),
        study=describe(STUDY, STUDY_FIGURES),
        latex=shutil.which("latexmk") is not None,
    message:
        "Building the report"
    script:
        "../scripts/build_report.py"
