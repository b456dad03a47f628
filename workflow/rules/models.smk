# Trained models for others: the codes of the test set, and folders to upload.


for run in STUDY.runs.values():
    test_set = {"test": placed(Path(DATASETS, run.dataset, "test.npz"))}
    LEDGER.expect(f"codes/{STUDY.name_of(run)}", partial(parts_of_codes, run), test_set)
    LEDGER.expect(f"cards/{STUDY.name_of(run)}", partial(parts_of_card, run))


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
    localrule: True
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
        seeds=lambda wildcards: run_files(
            STUDY.with_all_seeds(STUDY.run(wildcards)), "metrics.json"
        ),
        planned=LEDGER.planned(f"cards/{RUN}"),
    output:
        folder=directory(f"{RESULTS}/cards/{RUN}"),
        made_from=LEDGER.made_from(f"cards/{RUN}"),
    log:
        f"{RESULTS}/logs/cards/{RUN}.log",
    benchmark:
        f"{RESULTS}/benchmarks/cards/{RUN}.tsv"
    localrule: True
    conda:
        environment("report")
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=when_needed(code_of, "write_card.py", "report"),
        card=lambda wildcards: card_facts(STUDY, STUDY.run(wildcards)),
        made_from=lambda wildcards: parts_of_card(STUDY.run(wildcards)),
    message:
        "Writing the card of {wildcards.model} on {wildcards.dataset}: {wildcards.latent_dim} latents, seed {wildcards.seed}"
    script:
        "../scripts/write_card.py"
