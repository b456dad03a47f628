# One job, and one process, per dataset, model, latent size and seed.


for run in STUDY.runs.values():
    sets = {
        part: placed(Path(DATASETS, run.dataset, f"{part}.npz"))
        for part in STUDY.datasets[run.dataset].parts
    }
    if start := start_file(run):
        sets["start"] = placed(start)
    LEDGER.expect(f"runs/{STUDY.name_of(run)}", partial(parts_of, run), sets)


rule train_and_evaluate:
    # Trains, then measures on the test set and decodes pictures. A training that has ended is not
    # repeated unless its settings, data or code have changed (sparsevae/training/checkpoints.py).
    input:
        train=f"{DATASETS}/{{dataset}}/train.npz",
        test=f"{DATASETS}/{{dataset}}/test.npz",
        # Of a dataset that has one; else some of the training set is held out.
        validation=lambda wildcards: (
            f"{DATASETS}/{wildcards.dataset}/validation.npz"
            if "validation" in STUDY.datasets[wildcards.dataset].parts
            else []
        ),
        # Of the run that it is fine-tuned from, if any.
        start=lambda wildcards: start_file(STUDY.run(wildcards)) or [],
        planned=LEDGER.planned(f"runs/{RUN}"),
    output:
        config=f"{RUNS}/config.json",
        model=f"{RUNS}/model.json",
        history=f"{RUNS}/history.csv",
        weights=f"{RUNS}/weights.safetensors",
        metrics=f"{RUNS}/metrics.json",
        class_activations=f"{RUNS}/class_activations.csv",
        probes=f"{RUNS}/probes.csv",
        image_blocks=f"{RUNS}/image_blocks.csv",
        # A header only, or nothing, where there is nothing to say: outputs cannot differ by run.
        factor_correlations=f"{RUNS}/factor_correlations.csv",
        pictures=f"{RUNS}/pictures.npz",
        made_from=LEDGER.made_from(f"runs/{RUN}"),
    log:
        f"{RESULTS}/logs/runs/{RUN}.log",
    benchmark:
        f"{RESULTS}/benchmarks/runs/{RUN}.tsv"
    conda:
        environment("torch")
    threads: 1
    resources:
        mem_mb=memory,
        runtime=minutes,
        gpu=GPUS_PER_RUN,
    params:
        code=lambda wildcards: model_code("train_and_evaluate.py", "torch", STUDY.run(wildcards)),
        training_code=lambda wildcards: model_code(
            "sparsevae/training/run.py", "torch", STUDY.run(wildcards)
        ),
        run=lambda wildcards: to_mapping(STUDY.run(wildcards)),
        pictures=lambda wildcards: STUDY.pictured(STUDY.run(wildcards)),
        classes=lambda wildcards: list(STUDY.datasets[wildcards.dataset].class_names),
        scaling=lambda wildcards: STUDY.datasets[wildcards.dataset].scaling,
        device=STUDY.device,
        made_from=lambda wildcards: parts_of(STUDY.run(wildcards)),
    message:
        "Training {wildcards.model} on {wildcards.dataset}: {wildcards.latent_dim} latents, seed {wildcards.seed}"
    script:
        "../scripts/train_and_evaluate.py"
