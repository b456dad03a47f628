# Datasets as arrays: generated here, or read or fetched and checked against published checksums.


rule generate_digits:
    input:
        code=code_of("generate_digits.py", "data"),
    output:
        train=f"{DATASETS}/digits/train.npz",
        test=f"{DATASETS}/digits/test.npz",
    log:
        f"{RESULTS}/logs/datasets/digits.log",
    benchmark:
        f"{RESULTS}/benchmarks/datasets/digits.tsv"
    conda:
        environment("data")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    message:
        "Writing the digits"
    script:
        "../scripts/generate_digits.py"


rule generate_smiley:
    input:
        code=code_of("generate_smiley.py", "data"),
    output:
        train=f"{DATASETS}/smiley/train.npz",
        test=f"{DATASETS}/smiley/test.npz",
    log:
        f"{RESULTS}/logs/datasets/smiley.log",
    benchmark:
        f"{RESULTS}/benchmarks/datasets/smiley.tsv"
    conda:
        environment("data")
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    message:
        "Drawing the Smiley images"
    script:
        "../scripts/generate_smiley.py"


if STUDY.datasets_dir:

    rule read_idx_dataset:
        input:
            raw=lambda wildcards: raw_files(wildcards.dataset),
            code=code_of("read_idx_dataset.py", "data"),
        output:
            train=f"{DATASETS}/{{dataset}}/train.npz",
            test=f"{DATASETS}/{{dataset}}/test.npz",
        log:
            f"{RESULTS}/logs/datasets/{{dataset}}.log",
        benchmark:
            f"{RESULTS}/benchmarks/datasets/{{dataset}}.tsv"
        wildcard_constraints:
            dataset="|".join(IDX_DATASETS),
        conda:
            environment("data")
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        message:
            "Reading {wildcards.dataset} from the user's folder"
        script:
            "../scripts/read_idx_dataset.py"

else:

    rule fetch_idx_dataset:
        input:
            code=code_of("fetch_idx_dataset.py", "download"),
        output:
            train=f"{DATASETS}/{{dataset}}/train.npz",
            test=f"{DATASETS}/{{dataset}}/test.npz",
        log:
            f"{RESULTS}/logs/datasets/{{dataset}}.log",
        benchmark:
            f"{RESULTS}/benchmarks/datasets/{{dataset}}.tsv"
        wildcard_constraints:
            dataset="|".join(IDX_DATASETS),
        conda:
            environment("download")
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        params:
            mirrors=lambda wildcards: STUDY.mirrors(wildcards.dataset),
        message:
            "Fetching {wildcards.dataset}"
        script:
            "../scripts/fetch_idx_dataset.py"
