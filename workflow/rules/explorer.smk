# Decoders for those who want to play with them: in a page, or elsewhere (ONNX).
from sparsevae.explorer.page import FRAGMENT, SCRIPTS, STYLE

PAGE = ROOT / "workflow/pages/explorer"


localrules:
    export_explorer,
    export_onnx,


rule export_explorer:
    # One process for all models of the study; index.html opens by itself, from disk.
    input:
        weights=run_files(explored_runs(), "weights.safetensors"),
        tests=[f"{DATASETS}/{dataset}/test.npz" for dataset in explored_datasets()],
        page=[os.path.relpath(PAGE / name) for name in (FRAGMENT, STYLE, *SCRIPTS)],
    output:
        folder=directory(f"{RESULTS}/explorer"),
    log:
        f"{RESULTS}/logs/explorer.log",
    benchmark:
        f"{RESULTS}/benchmarks/explorer.tsv"
    conda:
        environment("torch")
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=model_code("export_explorer.py", "torch", *explored_runs()),
        study=STUDY.name,
        models=list(STUDY.models),
        runs=[to_mapping(run) for run in explored_runs()],
        shown=explored_datasets(),
    message:
        "Exporting the models for the explorer"
    script:
        "../scripts/export_explorer.py"


rule export_onnx:
    # The decoder of one run, for whoever runs it without this repository.
    input:
        weights=f"{RUNS}/weights.safetensors",
    output:
        onnx=f"{RESULTS}/onnx/{RUN}.onnx",
    log:
        f"{RESULTS}/logs/onnx/{RUN}.log",
    benchmark:
        f"{RESULTS}/benchmarks/onnx/{RUN}.tsv"
    conda:
        environment("onnx")
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        code=lambda wildcards: model_code("export_onnx.py", "onnx", STUDY.run(wildcards)),
        run=lambda wildcards: to_mapping(STUDY.run(wildcards)),
    message:
        "Exporting {wildcards.model} on {wildcards.dataset} to ONNX: {wildcards.latent_dim} latents, seed {wildcards.seed}"
    script:
        "../scripts/export_onnx.py"
