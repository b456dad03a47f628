"""The variant that validation samples choose, how many were tried, and what figures keep of it."""

import math

import numpy as np
import pandas as pd
from sparsevae.comparison.selection import COLUMNS, kept, select
from sparsevae.figures import loading, reads
from sparsevae.jobs.tables import write_table

# Variant: validation ELBOs of two latent sizes with two seeds each, and the swept setting.
RUNS = {
    "vae_beta-1": ("vae", 1.0, [[-90.0, -92.0], [-80.0, -86.0]]),
    "vae_beta-4": ("vae", 4.0, [[-89.0, -89.0], [-84.0, -82.0]]),
    "vae_beta-9": ("vae", 9.0, [[-1.0, math.nan], [-1.0, -1.0]]),
    "ae": ("ae", math.nan, [[math.nan, math.nan], [math.nan, math.nan]]),
}


def metrics() -> pd.DataFrame:
    rows = [
        {"dataset": "digits", "model": model, "latent_dim": size, "seed": seed}
        | {"swept": base, "sweep.beta": beta, "validation_elbo": value}
        | {"validation_reconstruction": 70.0 + seed, "elbo": 0.0}
        for model, (base, beta, values) in RUNS.items()
        for size, of_size in zip((2, 8), values, strict=True)
        for seed, value in zip((1, 2), of_size, strict=True)
    ]
    return pd.DataFrame(rows)


def test_the_largest_mean_over_sizes_and_seeds_is_chosen():
    vae, ae = select(metrics(), "validation_elbo").to_dict("records")
    assert [vae[name] for name in COLUMNS[:5]] == [
        "digits",
        "vae",
        "vae_beta-4",
        3,
        "validation_elbo",
    ]
    values = np.array([-89.0, -89.0, -84.0, -82.0])
    assert (vae["value"], vae["runs"]) == (values.mean(), 4)
    assert math.isclose(vae["value_std"], values.std(ddof=1))
    assert (vae["runner_up"], vae["runner_up_value"]) == ("vae_beta-1", -87.0)
    assert vae["sweep.beta"] == 4
    assert [ae[name] for name in ("selected", "tries", "selected_by")] == [
        *("ae", 1, "-validation_reconstruction")
    ]
    assert ae["value"] == -71.5


def test_no_measure_of_the_test_set_has_a_say():
    changed = metrics().assign(elbo=range(16))
    assert select(changed, "validation_elbo").equals(select(metrics(), "validation_elbo"))


def test_without_any_value_nothing_is_chosen_among_several():
    empty = metrics().assign(validation_elbo=math.nan, validation_reconstruction=math.nan)
    table = select(empty, "validation_elbo").set_index("model")
    assert pd.isna(table.loc["vae", "selected"])
    assert table.loc["ae", "selected"] == "ae"
    assert kept(table.reset_index()) == {("digits", "ae"): "ae"}


def test_figures_show_the_selected_variant_by_its_models_name(tmp_path):
    write_table(tmp_path / "selection.csv", select(metrics(), "validation_elbo"))
    write_table(tmp_path / "metrics.csv", metrics())
    for model in RUNS:
        write_table(tmp_path / f"{model}.csv", pd.DataFrame({"name": [model]}))
    given = loading.arguments(
        {
            "metrics": reads.Table("metrics"),
            "tables": reads.RunFiles("x.csv"),
            "seeds": reads.RunFiles("x.csv", "all_seeds"),
            "models": reads.Fact("models"),
            "families": reads.Fact("families"),
            "settings": reads.Fact("settings"),
            "latent_dim": reads.Fact("latent_dim"),
        },
        {
            "metrics": [tmp_path / "metrics.csv"],
            "tables": [tmp_path / f"{model}.csv" for model in RUNS],
            "seeds": [tmp_path / f"{model}.csv" for model in RUNS],
            reads.SELECTION: [tmp_path / "selection.csv"],
        },
        {
            "metrics": {"dataset": "digits"},
            "tables": list(RUNS),
            "seeds": [(model, 1) for model in RUNS],
            "models": list(RUNS),
            "families": dict.fromkeys(RUNS, "vae"),
            "settings": [{"model": model, "beta": 1} for model in RUNS],
            "latent_dim": 2,
            reads.SELECTION: "digits",
        },
    )
    assert given["metrics"]["model"].tolist() == ["vae"] * 4 + ["ae"] * 4
    assert {m: t["name"][0] for m, t in given["tables"].items()} == {
        "vae": "vae_beta-4",
        "ae": "ae",
    }
    assert list(given["seeds"]) == [("vae", 1), ("ae", 1)]
    assert given["models"] == ["vae", "ae"]
    assert given["families"] == {"vae": "vae", "ae": "vae"}
    assert [run["model"] for run in given["settings"]] == ["vae", "ae"]
    assert given["latent_dim"] == 2
