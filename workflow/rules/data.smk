# Datasets as arrays: generated here, read from the user's folder, or fetched; always checked.

for dataset in STUDY.datasets.values():

    rule:
        name:
            f"prepare_{dataset.name}"
        input:
            raw_files(dataset),
        output:
            # `update`: what was prepared before stays until this job has ended well.
            **{part: update(f"{DATASETS}/{dataset.name}/{part}.npz") for part in dataset.parts},
        log:
            f"{RESULTS}/logs/datasets/{dataset.name}.log",
        benchmark:
            f"{RESULTS}/benchmarks/datasets/{dataset.name}.tsv"
        localrule: True
        conda:
            environment(dataset.environment)
        threads: 1
        resources:
            mem_mb=dataset.mem_mb,
            runtime=dataset.runtime,
        params:
            code=when_needed(code_of, "prepare_dataset.py", dataset.environment, dataset.file),
            module=dataset.module,
            # Verified files, which no rule makes and so no rerun deletes.
            kept=f"{DATASETS}/raw/{dataset.name}",
            mirrors=STUDY.mirrors(dataset.name),
            # Of the user's own: its entry, and what was found when the study was planned.
            own=STUDY.own(dataset.name),
        message:
            f"Preparing the dataset {dataset.name}"
        script:
            "../scripts/prepare_dataset.py"
