# Measures of a trained run on the test set, and the pictures that figures show of it.


rule evaluate:
    input:
        train=f"{DATASETS}/{{dataset}}/train.npz",
        test=f"{DATASETS}/{{dataset}}/test.npz",
        weights=f"{RUNS}/weights.safetensors",
        code=code_of("evaluate.py", "torch"),
    output:
        metrics=f"{RUNS}/metrics.json",
        class_activations=f"{RUNS}/class_activations.csv",
        probes=f"{RUNS}/probes.csv",
        # Only its header where the dataset has no known factors: outputs cannot differ by dataset.
        factor_correlations=f"{RUNS}/factor_correlations.csv",
    log:
        f"{RESULTS}/logs/evaluate/{RUN}.log",
    benchmark:
        f"{RESULTS}/benchmarks/evaluate/{RUN}.tsv"
    conda:
        environment("torch")
    threads: 1
    resources:
        mem_mb=memory,
        runtime=60,
        gpu=GPUS,
    params:
        run=all_settings,
        device=STUDY.device,
    message:
        "Evaluating {wildcards.model} on {wildcards.dataset}: {wildcards.latent_dim} latents, seed {wildcards.seed}"
    script:
        "../scripts/evaluate.py"


rule render:
    input:
        test=f"{DATASETS}/{{dataset}}/test.npz",
        weights=f"{RUNS}/weights.safetensors",
        code=code_of("render.py", "torch"),
    output:
        pictures=f"{RUNS}/pictures.npz",
    log:
        f"{RESULTS}/logs/render/{RUN}.log",
    benchmark:
        f"{RESULTS}/benchmarks/render/{RUN}.tsv"
    conda:
        environment("torch")
    threads: 1
    resources:
        mem_mb=memory,
        runtime=20,
        gpu=GPUS,
    params:
        run=training_settings,
        device=STUDY.device,
    message:
        "Decoding pictures of {wildcards.model} on {wildcards.dataset}: {wildcards.latent_dim} latents"
    script:
        "../scripts/render.py"
