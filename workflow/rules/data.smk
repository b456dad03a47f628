# Datasets as arrays: generated here, or fetched and checked against published checksums.


rule prepare_dataset:
    input:
        code=code_of("prepare_dataset.py", "data"),
    output:
        train=f"{DATASETS}/{{dataset}}/train.npz",
        test=f"{DATASETS}/{{dataset}}/test.npz",
    log:
        f"{RESULTS}/logs/datasets/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/datasets/{{dataset}}.tsv"
    conda:
        environment("data")
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        datasets_dir=STUDY.datasets_dir,
        mirrors=lambda wildcards: STUDY.mirrors(wildcards.dataset),
    message:
        "Preparing {wildcards.dataset}"
    script:
        "../scripts/prepare_dataset.py"
