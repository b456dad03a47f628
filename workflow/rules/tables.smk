# Tables of the whole study.
from sparsevae.comparison.planned import runs_with_published_classes, settings_of_models

PUBLISHED_ROWS = (PUBLISHED / "scorecard_rows.csv").as_posix()
PUBLISHED_CLASSES = runs_with_published_classes(STUDY, PUBLISHED_ROWS)
TABLES = [
    f"{RESULTS}/tables/{table}.csv"
    for table in ("metrics", "probes", "scorecard", "summary", "class_cosines", "claims")
]


localrules:
    collect_metrics,
    summarise_metrics,
    collect_class_cosines,
    make_scorecard,
    judge_claims,
    collect_probes,


rule collect_metrics:
    input:
        runs=run_files(STUDY.runs.values(), "metrics.json"),
        planned=LEDGER.planned("tables/metrics"),
    output:
        metrics=table_csv("metrics"),
        made_from=LEDGER.made_from("tables/metrics"),
    log:
        f"{RESULTS}/logs/tables/metrics.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/metrics.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("collect_metrics.py", "figures"),
        digests=DIGESTS,
        made_from=parts_of_table("metrics", "collect_metrics.py"),
    message:
        "Gathering the metrics of all runs"
    script:
        "../scripts/collect_metrics.py"


rule summarise_metrics:
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        planned=LEDGER.planned("tables/summary"),
    output:
        summary=table_csv("summary"),
        made_from=LEDGER.made_from("tables/summary"),
    log:
        f"{RESULTS}/logs/tables/summary.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/summary.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("summarise_metrics.py", "figures"),
        made_from=parts_of_table("summary", "summarise_metrics.py"),
    message:
        "Summarising the metrics over seeds"
    script:
        "../scripts/summarise_metrics.py"


rule collect_class_cosines:
    # How alike classes are in the latents that they activate (UAI fig. 5).
    input:
        runs=run_files(STUDY.runs.values(), "class_activations.csv"),
        planned=LEDGER.planned("tables/class_cosines"),
    output:
        class_cosines=table_csv("class_cosines"),
        made_from=LEDGER.made_from("tables/class_cosines"),
    log:
        f"{RESULTS}/logs/tables/class_cosines.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/class_cosines.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("collect_class_cosines.py", "figures"),
        digests=DIGESTS,
        made_from=parts_of_table("class_cosines", "collect_class_cosines.py"),
        runs=[list(key) for key in STUDY.runs],
    message:
        "Comparing the classes of all runs"
    script:
        "../scripts/collect_class_cosines.py"


rule make_scorecard:
    # Every published number beside ours, or what to run for it.
    input:
        published=PUBLISHED_ROWS,
        metrics=f"{RESULTS}/tables/metrics.csv",
        activations=run_files(PUBLISHED_CLASSES, "class_activations.csv"),
        planned=LEDGER.planned("tables/scorecard"),
    output:
        scorecard=table_csv("scorecard"),
        made_from=LEDGER.made_from("tables/scorecard"),
    log:
        f"{RESULTS}/logs/tables/scorecard.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/scorecard.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("make_scorecard.py", "figures"),
        made_from=parts_of_table("scorecard", "make_scorecard.py"),
        models=settings_of_models(STUDY),
        shown=[[run.dataset, run.model, run.latent_dim, run.seed] for run in PUBLISHED_CLASSES],
    message:
        "Comparing with every published number"
    script:
        "../scripts/make_scorecard.py"


rule judge_claims:
    # Effect, interval and verdict for each claim of the paper and of its reproduction.
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        image_blocks=run_files(STUDY.runs.values(), "image_blocks.csv"),
        planned=LEDGER.planned("tables/claims"),
    output:
        claims=table_csv("claims"),
        made_from=LEDGER.made_from("tables/claims"),
    log:
        f"{RESULTS}/logs/tables/claims.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/claims.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("judge_claims.py", "figures"),
        digests=DIGESTS,
        made_from=parts_of_table("claims", "judge_claims.py"),
        models=settings_of_models(STUDY),
        runs=list(STUDY.runs),
    message:
        "Judging the claims of the paper and of its reproduction"
    script:
        "../scripts/judge_claims.py"


rule collect_probes:
    input:
        runs=run_files(STUDY.runs.values(), "probes.csv"),
        planned=LEDGER.planned("tables/probes"),
    output:
        probes=table_csv("probes"),
        made_from=LEDGER.made_from("tables/probes"),
    log:
        f"{RESULTS}/logs/tables/probes.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/probes.tsv"
    conda:
        environment("figures")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("collect_probes.py", "figures"),
        digests=DIGESTS,
        made_from=parts_of_table("probes", "collect_probes.py"),
        runs=list(STUDY.runs),
    message:
        "Gathering the probes of all runs"
    script:
        "../scripts/collect_probes.py"
