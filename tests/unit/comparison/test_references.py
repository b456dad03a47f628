"""What tracked studies add: claims that are not decided here, numbers that are missing here."""

import pandas as pd
from sparsevae.comparison.references import COLUMNS, collect


def claims(*rows: tuple[str, str, str]) -> pd.DataFrame:
    made = [
        {"claim": claim, "dataset": dataset, "compared": "vsc - vae", "source": "paper"}
        | {"latent_dims": "16", "effect": -1.5, "n": 3, "verdict": verdict}
        for claim, dataset, verdict in rows
    ]
    return pd.DataFrame(made, columns=["claim", "dataset", *list(made[0])[2:]] if made else None)


def numbers(*rows: tuple[int, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"source": "them", "dataset": "mnist", "model": "VAE", "setting": "beta=1"}
            | {"latent_dim": size, "measure": "loss", "published": 104.8, "ours": 103.1}
            | {"n_seeds": 3, "verdict": verdict}
            for size, verdict in rows
        ]
    )


def test_only_what_is_open_here_and_tested_there_is_added():
    ours = {
        "claims": claims(("a", "mnist", "holds"), ("b", "mnist", "undecided")),
        "scorecard": numbers((16, "better"), (24, "missing")),
    }
    theirs = {
        "claims": claims(
            *(("a", "mnist", "fails"), ("a", "smiley", "fails")),
            *(("b", "mnist", "holds"), ("c", "mnist", "not run")),
        ),
        "scorecard": numbers((16, "worse"), (24, "within"), (200, "missing")),
    }
    table = collect(ours, {"big": theirs})
    assert list(table.columns) == COLUMNS
    found = table[["reference", "kind", "dataset", "what", "latent_dims", "verdict"]]
    assert found.to_numpy().tolist() == [
        ["big", "claim", "smiley", "a (vsc - vae)", "16", "fails"],
        ["big", "claim", "mnist", "b (vsc - vae)", "16", "holds"],
        ["big", "number", "mnist", "loss of VAE", "24", "within"],
    ]
    assert table["value"].tolist() == [-1.5, -1.5, 103.1]


def test_without_references_the_table_is_empty():
    ours = {"claims": claims(("a", "mnist", "holds")), "scorecard": numbers((16, "better"))}
    assert collect(ours, {}).empty
