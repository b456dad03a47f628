# Decoders for those who want to play with them: in a page, or elsewhere (ONNX).
from sparsevae.explorer.page import FRAGMENT, SCRIPTS, STYLE

PAGE = ROOT / "workflow/site/explorer"


def explored_datasets():
    """The datasets that have pictures to explore, and the latent size that figures show of each."""
    return {
        name: grid.shown_latent_dim for name, grid in STUDY.grids.items() if CATALOGUE[name].image
    }


def explored_runs():
    """Every model at every latent size, with the first seed, of these datasets."""
    return [
        STUDY.runs[name, model, size, STUDY.grids[name].seeds[0]]
        for name in explored_datasets()
        for model in STUDY.grids[name].models
        for size in STUDY.grids[name].latent_dims
    ]


localrules:
    export_explorer,


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
        code=code_of("export_explorer.py", "torch"),
        study=STUDY.name,
        models=list(STUDY.models),
        runs=[to_mapping(run) for run in explored_runs()],
        shown=explored_datasets(),
    message:
        "Exporting the models for the explorer"
    script:
        "../scripts/export_explorer.py"
