# Tables of the whole study: one rule each, which differ by what they read.
from sparsevae.comparison.planned import runs_with_published_classes, settings_of_models

PUBLISHED_ROWS = (PUBLISHED / "scorecard_rows.csv").as_posix()
PUBLISHED_CLASSES = runs_with_published_classes(STUDY, PUBLISHED_ROWS)
METRICS = f"{RESULTS}/tables/metrics.csv"
REFERENCES = [
    own_file(file)
    for table in ("claims", "scorecard")
    for file in sorted((ROOT / "docs/reference").glob(f"*/tables/{table}.csv"))
    if file.parents[1].name != STUDY.name
]


# By table: the name of its rule and script, what it reads and has to know, and what it tells.
TABLE_RULES = {
    "metrics": {
        "rule": "collect_metrics",
        "input": {"runs": run_files(STUDY.runs.values(), "metrics.json")},
        "params": {"varied": STUDY.varied},
        "message": "Gathering the metrics of all runs",
    },
    "summary": {
        "rule": "summarise_metrics",
        "input": {"metrics": METRICS},
        "params": {},
        "message": "Summarising the metrics over seeds",
    },
    # The variant of each model that validation samples choose, and out of how many.
    "selection": {
        "rule": "select_models",
        "input": {"metrics": METRICS},
        "params": {"measure": STUDY.settings.selection},
        "message": "Choosing among the variants of each model",
    },
    # How alike classes are in the latents that they activate (UAI fig. 5).
    "class_cosines": {
        "rule": "collect_class_cosines",
        "input": {"runs": run_files(STUDY.runs.values(), "class_activations.csv")},
        "params": {"runs": [list(key) for key in STUDY.runs]},
        "message": "Comparing the classes of all runs",
    },
    # Every published number beside ours, or what to run for it.
    "scorecard": {
        "rule": "make_scorecard",
        "input": {
            "published": PUBLISHED_ROWS,
            "metrics": METRICS,
            "activations": run_files(PUBLISHED_CLASSES, "class_activations.csv"),
        },
        "params": {
            "models": settings_of_models(STUDY),
            "shown": [[r.dataset, r.model, r.latent_dim, r.seed] for r in PUBLISHED_CLASSES],
        },
        "message": "Comparing with every published number",
    },
    # Effect, interval and verdict for each claim of the paper and of its reproduction.
    "claims": {
        "rule": "judge_claims",
        "input": {
            "metrics": METRICS,
            "image_blocks": run_files(STUDY.runs.values(), "image_blocks.csv"),
        },
        "params": {"models": settings_of_models(STUDY), "runs": list(STUDY.runs)},
        "message": "Judging the claims of the paper and of its reproduction",
    },
    # What tracked studies (docs/reference) say where this one did not run something.
    "references": {
        "rule": "collect_references",
        "input": {
            "claims": f"{RESULTS}/tables/claims.csv",
            "scorecard": f"{RESULTS}/tables/scorecard.csv",
            "references": REFERENCES,
        },
        "params": {},
        "message": "Gathering what reference studies add",
    },
    "probes": {
        "rule": "collect_probes",
        "input": {"runs": run_files(STUDY.runs.values(), "probes.csv")},
        "params": {"runs": list(STUDY.runs)},
        "message": "Gathering the probes of all runs",
    },
}
TABLES = [f"{RESULTS}/tables/{table}.csv" for table in TABLE_RULES]


for table, of in TABLE_RULES.items():
    file = f"{of['rule']}.py"
    LEDGER.expect(f"tables/{table}", partial(parts_of_table, file))

    rule:
        name:
            of["rule"]
        input:
            **of["input"],
            planned=LEDGER.planned(f"tables/{table}"),
        output:
            **{table: table_csv(table)},
            made_from=LEDGER.made_from(f"tables/{table}"),
        log:
            f"{RESULTS}/logs/tables/{table}.log",
        benchmark:
            f"{RESULTS}/benchmarks/tables/{table}.tsv"
        localrule: True
        conda:
            environment("figures")
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            **of["params"],
            # Read when a job runs, after the loop has ended.
            script=file,
            code=when_needed(code_of, file, "figures"),
            digests=when_needed(run_digests),
            made_from=when_needed(parts_of_table, file),
        message:
            of["message"]
        script:
            "../scripts/{params.script}"
