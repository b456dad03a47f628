# Models for those who want to play with them: in a page, or elsewhere (ONNX).

PAGE = sorted(own_file(file) for file in (ROOT / "workflow/pages/explorer").iterdir())

LEDGER.expect("explorer", parts_of_explorer)
for run in STUDY.runs.values():
    LEDGER.expect(f"onnx/{STUDY.name_of(run)}", partial(parts_of_onnx, run))


rule export_explorer:
    # One process for all models of the study; index.html opens by itself, from disk.
    input:
        weights=run_files(explored_runs(STUDY), "weights.safetensors"),
        tests=[f"{DATASETS}/{dataset}/test.npz" for dataset in explored_datasets(STUDY)],
        page=PAGE,
        planned=LEDGER.planned("explorer"),
    output:
        folder=directory(f"{RESULTS}/explorer"),
        made_from=LEDGER.made_from("explorer"),
    log:
        f"{RESULTS}/logs/explorer.log",
    benchmark:
        f"{RESULTS}/benchmarks/explorer.tsv"
    localrule: True
    conda:
        environment("torch")
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=when_needed(model_code, "export_explorer.py", "torch", *explored_runs(STUDY)),
        study=STUDY.name,
        models=list(STUDY.models),
        runs=[to_mapping(run) for run in explored_runs(STUDY)],
        datasets=explored_datasets(STUDY),
        left_out=beyond_max_models(STUDY),
        max_mb=STUDY.settings.explorer.max_mb,
        made_from=when_needed(parts_of_explorer),
    message:
        "Exporting the models for the explorer"
    script:
        "../scripts/export_explorer.py"


rule export_onnx:
    # Encoder, decoder and both of one run, for whoever runs them without this repository.
    input:
        weights=f"{RUNS}/weights.safetensors",
        files=[f"{RUNS}/config.json", f"{RUNS}/model.json"],
        planned=LEDGER.planned(f"onnx/{RUN}"),
    output:
        encoder=f"{RESULTS}/onnx/{RUN}/encoder.onnx",
        decoder=f"{RESULTS}/onnx/{RUN}/decoder.onnx",
        autoencoder=f"{RESULTS}/onnx/{RUN}/autoencoder.onnx",
        made_from=LEDGER.made_from(f"onnx/{RUN}"),
    log:
        f"{RESULTS}/logs/onnx/{RUN}.log",
    benchmark:
        f"{RESULTS}/benchmarks/onnx/{RUN}.tsv"
    localrule: True
    conda:
        environment("onnx")
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        code=lambda wildcards: model_code("export_onnx.py", "onnx", STUDY.run(wildcards)),
        run=lambda wildcards: to_mapping(STUDY.run(wildcards)),
        made_from=lambda wildcards: parts_of_onnx(STUDY.run(wildcards)),
    message:
        "Exporting {wildcards.model} on {wildcards.dataset} to ONNX: {wildcards.latent_dim} latents, seed {wildcards.seed}"
    script:
        "../scripts/export_onnx.py"
