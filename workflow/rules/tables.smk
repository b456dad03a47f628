# Tables of the whole study.


rule collect_metrics:
    input:
        runs=run_files(STUDY.runs.values(), "metrics.json"),
        code=code_of("collect_metrics.py", "figures"),
    output:
        metrics=f"{RESULTS}/tables/metrics.csv",
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
    message:
        "Gathering the metrics of all runs"
    script:
        "../scripts/collect_metrics.py"


rule summarise_metrics:
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        code=code_of("summarise_metrics.py", "figures"),
    output:
        summary=f"{RESULTS}/tables/summary.csv",
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
    message:
        "Summarising the metrics over seeds"
    script:
        "../scripts/summarise_metrics.py"


rule collect_class_cosines:
    # How alike classes are in the latents that they activate (UAI fig. 5).
    input:
        runs=run_files(STUDY.runs.values(), "class_activations.csv"),
        code=code_of("collect_class_cosines.py", "figures"),
    output:
        class_cosines=f"{RESULTS}/tables/class_cosines.csv",
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
        runs=[list(key) for key in STUDY.runs],
    message:
        "Comparing the classes of all runs"
    script:
        "../scripts/collect_class_cosines.py"
