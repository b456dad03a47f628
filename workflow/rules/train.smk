# One training per dataset, model, latent size and seed. The test set is not an input.


rule train:
    input:
        data=f"{DATASETS}/{{dataset}}/train.npz",
        code=code_of("train.py", "torch"),
    output:
        weights=f"{RUNS}/weights.safetensors",
        history=f"{RUNS}/history.csv",
        config=f"{RUNS}/config.json",
    log:
        f"{RESULTS}/logs/train/{RUN}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train/{RUN}.tsv"
    conda:
        environment("torch")
    threads: 1
    resources:
        mem_mb=memory,
        runtime=120,
        gpu=GPUS,
    params:
        run=training_settings,
        device=STUDY.device,
    message:
        "Training {wildcards.model} on {wildcards.dataset}: {wildcards.latent_dim} latents, seed {wildcards.seed}"
    script:
        "../scripts/train.py"
