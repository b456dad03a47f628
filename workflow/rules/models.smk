# Trained models for others: the codes of the test set, and folders to upload.


def seeds_of(run):
    """The runs that differ from a run in the seed alone."""
    names = run.dataset, run.model, run.latent_dim
    return [STUDY.runs[*names, seed] for seed in STUDY.grids[run.dataset].seeds]


def card_params(run):
    """What a card states beside measures."""
    data = STUDY.datasets[run.dataset]
    facts = ("shape", "class_names", "train_size", "test_size")
    shape, classes, train_size, test_size = (getattr(data, name) for name in facts)
    settings = run.model_dump(mode="json", exclude_defaults=True)
    names = ("dataset", "model", "family", "latent_dim", "seed")
    return {
        "run": {name: settings.pop(name) for name in names},
        "settings": settings,
        "data": {
            "shape": list(shape),
            "classes": list(classes),
            "train_size": train_size,
            "test_size": test_size,
        },
    }


def parts_of_codes(run):
    """What the codes of a run are made from, its test set apart."""
    return {
        "settings": digest_of(to_mapping(run)),
        "code": model_code("write_codes.py", "torch", run),
    }


def parts_of_card(run):
    """What a run's folder to upload is made from."""
    seeds = digest_of([to_mapping(other) for other in seeds_of(run)])
    facts = digest_of(card_params(run))
    return {"seeds": seeds, "facts": facts, "code": code_of("write_card.py", "report")}


for run in STUDY.runs.values():
    test_set = {"test": Path(DATASETS, run.dataset, "test.npz")}
    LEDGER.expect(f"codes/{STUDY.name_of(run)}", parts_of_codes(run), test_set)
    LEDGER.expect(f"cards/{STUDY.name_of(run)}", parts_of_card(run))


localrules:
    write_codes,
    write_card,


rule write_codes:
    input:
        weights=f"{RUNS}/weights.safetensors",
        test=f"{DATASETS}/{{dataset}}/test.npz",
        planned=LEDGER.planned(f"codes/{RUN}"),
    output:
        codes=f"{RESULTS}/codes/{RUN}.npz",
        made_from=LEDGER.made_from(f"codes/{RUN}"),
    log:
        f"{RESULTS}/logs/codes/{RUN}.log",
    benchmark:
        f"{RESULTS}/benchmarks/codes/{RUN}.tsv"
    conda:
        environment("torch")
    threads: 1
    resources:
        mem_mb=memory,
        runtime=30,
    params:
        code=lambda wildcards: model_code("write_codes.py", "torch", STUDY.run(wildcards)),
        run=lambda wildcards: to_mapping(STUDY.run(wildcards)),
        made_from=lambda wildcards: parts_of_codes(STUDY.run(wildcards)),
    message:
        "Encoding the test set of {wildcards.dataset} with {wildcards.model}: {wildcards.latent_dim} latents, seed {wildcards.seed}"
    script:
        "../scripts/write_codes.py"


rule write_card:
    # A folder that `sparsevae.load` takes, with a card that model hubs show.
    input:
        run=[
            f"{RUNS}/{name}"
            for name in (
                "config.json",
                "model.json",
                "weights.safetensors",
                "metrics.json",
                "history.csv",
            )
        ],
        seeds=lambda wildcards: run_files(seeds_of(STUDY.run(wildcards)), "metrics.json"),
        planned=LEDGER.planned(f"cards/{RUN}"),
    output:
        folder=directory(f"{RESULTS}/cards/{RUN}"),
        made_from=LEDGER.made_from(f"cards/{RUN}"),
    log:
        f"{RESULTS}/logs/cards/{RUN}.log",
    benchmark:
        f"{RESULTS}/benchmarks/cards/{RUN}.tsv"
    conda:
        environment("report")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code_of("write_card.py", "report"),
        card=lambda wildcards: card_params(STUDY.run(wildcards)),
        made_from=lambda wildcards: parts_of_card(STUDY.run(wildcards)),
    message:
        "Writing the card of {wildcards.model} on {wildcards.dataset}: {wildcards.latent_dim} latents, seed {wildcards.seed}"
    script:
        "../scripts/write_card.py"
