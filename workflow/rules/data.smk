# Datasets as arrays: generated here, or read or fetched and checked against published checksums.


localrules:
    generate_digits,
    generate_smiley,


rule generate_digits:
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
    params:
        code=code_of("generate_digits.py", "data"),
    message:
        "Writing the digits"
    script:
        "../scripts/generate_digits.py"


rule generate_smiley:
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
    params:
        code=code_of("generate_smiley.py", "data"),
    message:
        "Drawing the Smiley images"
    script:
        "../scripts/generate_smiley.py"


if STUDY.datasets_dir:

    localrules:
        read_idx_dataset,
        read_uci_har,
        read_celeba,

    rule read_idx_dataset:
        input:
            raw=lambda wildcards: raw_files(wildcards.dataset),
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
        params:
            code=code_of("read_idx_dataset.py", "data"),
        message:
            "Reading {wildcards.dataset} from the user's folder"
        script:
            "../scripts/read_idx_dataset.py"

    rule read_uci_har:
        input:
            raw=lambda wildcards: raw_files("uci_har"),
        output:
            train=f"{DATASETS}/uci_har/train.npz",
            test=f"{DATASETS}/uci_har/test.npz",
        log:
            f"{RESULTS}/logs/datasets/uci_har.log",
        benchmark:
            f"{RESULTS}/benchmarks/datasets/uci_har.tsv"
        conda:
            environment("data")
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        params:
            code=code_of("read_uci_har.py", "data"),
        message:
            "Reading UCI HAR from the user's folder"
        script:
            "../scripts/read_uci_har.py"

    rule read_celeba:
        input:
            raw=lambda wildcards: raw_files("celeba"),
        output:
            train=f"{DATASETS}/celeba/train.npz",
            test=f"{DATASETS}/celeba/test.npz",
        log:
            f"{RESULTS}/logs/datasets/celeba.log",
        benchmark:
            f"{RESULTS}/benchmarks/datasets/celeba.tsv"
        conda:
            environment("download")
        threads: 1
        resources:
            mem_mb=3000,
            runtime=120,
        params:
            code=code_of("read_celeba.py", "download"),
        message:
            "Making CelebA's faces of the user's folder small"
        script:
            "../scripts/read_celeba.py"

else:

    localrules:
        fetch_idx_dataset,
        fetch_uci_har,
        fetch_celeba,

    rule fetch_idx_dataset:
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
            code=code_of("fetch_idx_dataset.py", "download"),
            mirrors=lambda wildcards: STUDY.mirrors(wildcards.dataset),
        message:
            "Fetching {wildcards.dataset}"
        script:
            "../scripts/fetch_idx_dataset.py"

    rule fetch_uci_har:
        output:
            train=f"{DATASETS}/uci_har/train.npz",
            test=f"{DATASETS}/uci_har/test.npz",
        log:
            f"{RESULTS}/logs/datasets/uci_har.log",
        benchmark:
            f"{RESULTS}/benchmarks/datasets/uci_har.tsv"
        conda:
            environment("data")
        threads: 1
        resources:
            mem_mb=2000,
            runtime=30,
        params:
            code=code_of("fetch_uci_har.py", "data"),
            mirrors=STUDY.mirrors("uci_har"),
        message:
            "Fetching UCI HAR"
        script:
            "../scripts/fetch_uci_har.py"

    rule fetch_celeba:
        output:
            train=f"{DATASETS}/celeba/train.npz",
            test=f"{DATASETS}/celeba/test.npz",
        log:
            f"{RESULTS}/logs/datasets/celeba.log",
        benchmark:
            f"{RESULTS}/benchmarks/datasets/celeba.tsv"
        conda:
            environment("download")
        threads: 1
        resources:
            mem_mb=3000,
            runtime=240,
        params:
            code=code_of("fetch_celeba.py", "download"),
        message:
            "Fetching CelebA and making its faces small"
        script:
            "../scripts/fetch_celeba.py"
