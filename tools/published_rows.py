"""One row per published number, from the tables and the figures' readings: `make published`.

resources/published/README.md says where each file comes from and how far it can be trusted. A row
has the settings that its model was trained with; an empty one is not known, or means nothing for
the model. sparsevae/comparison/matching.py says which of them a run must share.
"""

import math
import sys
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sparsevae.comparison.matching import SETTINGS
from sparsevae.comparison.published import COLUMNS
from sparsevae.comparison.published_panels import FIGURE_5
from sparsevae.evaluation import disentanglement
from sparsevae.jobs import storage
from sparsevae.jobs.tables import read_table

Row = dict[str, Any]

REPRODUCTION = "De la Fuente & Aduviri 2019"
UAI = "Tonolini et al. UAI 2019"
# Nats on either side of a point that was read off figure 1.
READING_ERROR = 1.5
# The same of a correlation, at the dark end of figure 9's colours, and of a grey of figure 5.
CORRELATION_ERROR, GREY_ERROR = 0.02, 0.02

# Freedom of `scatter` for one latent size, from simulated curves of 25: Student's t with as many
# degrees of freedom as sizes times this covers 95 %.
SCATTER_FREEDOM = 0.4

PAPERS_VSC = {
    "family": "vsc",
    "prior_kind": "pseudo_inputs",
    "beta": 1,
    "slab_warmup": "yes",
    "sparsity_weight": 1,
    "selection": "paper",
}
UNANNEALED = {"annealing": "no", "max_images": "all"}
UNIT_NORM = {"likelihood": "gaussian", "inputs": "unit_norm", **UNANNEALED}
UNIT_INTERVAL = {"likelihood": "bernoulli", "inputs": "unit_interval", **UNANNEALED}

LOSS_NOTES = {
    "vae": "published: one draw per image, 11 epochs, one seed",
    "vsc": "published: one draw per image with relaxed spikes (c = 50), so no bound; "
    "11 epochs, one seed",
}
ACCURACY_NOTE = (
    "published: one linear layer with a ReLU on its outputs, 20 epochs of SGD, on the slab's means "
    "without spikes; one run"
)
# A ReLU on the outputs can lose a class for good; these lie far below their neighbours.
DIPS = {("mnist", 136), ("mnist", 160), ("fashion_mnist", 200)}
FIGURE_1_NOTE = (
    "read off the figure; train or test set is not stated; KL to the selected pseudo-input, so "
    "compared with elbo_selected"
)
CORRELATION_NOTE = "read off the colours, which end at 0.667; latents in use are +-1; one run"
CLASS_NOTE = "read off the greys; one run"

# Pairs that show what the figure is for: relatives alike, strangers not.
PAIRS = {
    "fashion_mnist": [
        (2, 6),
        (2, 4),
        (6, 4),
        (0, 4),
        (0, 6),
        (5, 7),
        (5, 9),
        (9, 8),
        (1, 3),
        (1, 9),
        (1, 7),
    ],
    "uci_har": list(combinations(range(6), 2)),
}


def published_rows(folder: Path) -> pd.DataFrame:
    """All rows, in the order of the sources; COLUMNS of `sparsevae.comparison.published`."""
    rows = [*_losses(folder), *_accuracies(folder), *_figure_1(folder)]
    rows += [*_figures_3_and_9(folder), *_figure_5(folder)]
    return pd.DataFrame([{name: row.get(name) for name in COLUMNS} for row in rows])


def scatter(values: np.ndarray) -> float:
    """Standard deviation of one value of a smooth curve, from its second differences.

    With independent errors these have six times the variance; the median of their sizes is not
    moved by single outliers.
    """
    second = values[:-2] - 2 * values[1:-1] + values[2:]
    return float(1.4826 * np.median(np.abs(second)) / math.sqrt(6))


def _losses(folder: Path) -> Iterator[Row]:
    """Test loss at epoch 11, the end of every run, at all sizes."""
    table = read_table(folder / "reproduction_loss.csv")
    table = table[(table["epoch"] == 11) & (table["split"] == "test")]
    for row in _reproduction(table, "loss_nats_per_image", 1.0, decimals=2):
        yield row | {
            "measure": "loss",
            "better": "lower",
            "note": LOSS_NOTES[row["family"]],
        }


def _accuracies(folder: Path) -> Iterator[Row]:
    """Accuracy with 5,000 labels as a fraction, at all sizes."""
    table = read_table(folder / "reproduction_accuracy.csv")
    for row in _reproduction(table, "test_accuracy_percent", 0.01, decimals=4):
        dip = row["family"] == "vae" and (row["dataset"], row["latent_dim"]) in DIPS
        yield row | {
            "measure": "accuracy",
            "probe_labels": 5000,
            "better": "higher",
            "note": ACCURACY_NOTE + ("; this one is an isolated dip" if dip else ""),
        }


def _reproduction(table: pd.DataFrame, column: str, scale: float, decimals: int) -> Iterator[Row]:
    """One curve over latent sizes after the other; the spread of a run is the curve's scatter."""
    for (dataset, model, alpha), curve in table.groupby(
        ["dataset", "model", "alpha"], sort=False, dropna=False
    ):
        prior = {} if model == "vae" else {"prior_kind": "fixed", "alpha": alpha}
        spread = round(scale * scatter(curve[column].to_numpy()), decimals)
        for size, value in zip(curve["latent_dim"], curve[column], strict=True):
            yield {
                "source": REPRODUCTION,
                "dataset": dataset,
                "model": model.upper(),
                "family": model,
                **prior,
                "beta": 1,
                "slab_warmup": "no" if model == "vsc" else None,
                **UNIT_INTERVAL,
                "latent_dim": size,
                "published": round(value * scale, 6),
                "published_seeds": 1,
                "spread": spread,
                "spread_freedom": round(SCATTER_FREEDOM * len(curve)),
            }


def _figure_1(folder: Path) -> Iterator[Row]:
    """Bounds at 60 latents; bars shorter than a marker have no standard deviation."""
    names = {"Fashion-MNIST": "fashion_mnist", "UCI HAR": "uci_har"}
    for entry in read_table(folder / "uai_figure1_elbo.csv").to_dict("records"):
        spread = str(entry["std_approx"])
        shorter = spread.startswith("below marker")
        error = float(spread.rsplit("<", 1)[1].rstrip(")")) if shorter else float(spread)
        vsc = entry["model"] == "VSC"
        settings = PAPERS_VSC | {"alpha": entry["value"]} if vsc else {"family": "vae"}
        settings |= {} if vsc else {"beta": entry["value"]}
        doubt = "" if vsc or entry["dataset"] == "UCI HAR" else "; beta may be a tenth of this"
        yield {
            "source": f"{UAI}, figure 1",
            "dataset": names[entry["dataset"]],
            "model": entry["model"],
            **settings,
            **UNIT_NORM,
            "latent_dim": 60,
            "measure": "elbo_selected",
            "published": entry["elbo_nats"],
            "published_sd": None if shorter else error,
            "published_seeds": 5,
            "spread": error,
            "spread_freedom": 4,
            "reading_error": READING_ERROR,
            "better": "higher",
            "note": FIGURE_1_NOTE + doubt,
        }


def _figures_3_and_9(folder: Path) -> Iterator[Row]:
    """Measures of the matrices of correlations; of figure 3 what is not in figure 9 too."""
    settings = {
        "beta_vae": ("beta-VAE", {"family": "vae"}),
        "beta_tcvae": ("beta-TCVAE", {"family": "tcvae"}),
        "vsc": ("VSC", PAPERS_VSC | {"alpha": 0.01}),
    }
    sizes = (18, 40, 50, 60)
    for name, (model, setting) in settings.items():
        values = pd.DataFrame([_of_correlations(folder, name, size) for size in sizes], index=sizes)
        spreads = {measure: about_line(values[measure]) for measure in values}
        for size, measure in product(sizes, values):
            yield {
                "source": f"{UAI}, figures 3 and 9",
                "dataset": "smiley",
                "model": model,
                **setting,
                **UNIT_NORM,
                "latent_dim": size,
                "measure": measure,
                "published": round(float(values.loc[size, measure]), 4),
                "published_seeds": 1,
                "spread": round(spreads[measure], 4),
                "spread_freedom": len(sizes) - 2,
                **_direction(measure),
                "note": CORRELATION_NOTE,
            }


def _of_correlations(folder: Path, name: str, size: int) -> dict[str, float]:
    """Own and other as their difference: few correlations with others alone are no merit."""
    file = folder / f"uai_figure9_{name}_{size}.csv"
    if size == 60 and name != "beta_tcvae":
        panel = "c" if name == "beta_vae" else "d"
        file = folder / f"uai_figure3{panel}_{name}_60.csv"
    values = disentanglement.summarise(np.loadtxt(file, delimiter=","))
    contrast = values.pop("correlation_own") - values.pop("correlation_other")
    used = values.pop("correlation_used")
    return {"correlation_used": used, "correlation_contrast": contrast, **values}


def about_line(values: pd.Series) -> float:
    """Return the standard deviation (n - 2) about the straight line through values by size."""
    line = np.polynomial.Polynomial.fit(values.index, values, 1)
    residuals = values - line(values.index.to_numpy())
    return math.sqrt((residuals**2).sum() / (len(values) - 2))


def _direction(measure: str) -> Row:
    """Smiley has 18 factors: as many latents in use are best."""
    if measure == "correlation_used":
        return {"better": "nearest", "target": 18, "reading_error": 1}
    return {"better": "higher", "reading_error": CORRELATION_ERROR}


def _figure_5(folder: Path) -> Iterator[Row]:
    """Mean spike probability of each class and of all, and the cosines of pairs of classes."""
    for dataset, names in FIGURE_5.items():
        matrix = np.loadtxt(folder / f"uai_figure5_{dataset}.csv", delimiter=",")
        rows = dict(zip(names, matrix, strict=True))
        values = [("spike_prob", labels, rows[labels[0]].mean()) for labels in zip(sorted(names))]
        values.insert(0, ("spike_prob", (), matrix.mean()))
        for a, b in PAIRS[dataset]:
            cosine = rows[a] @ rows[b] / np.linalg.norm(rows[a]) / np.linalg.norm(rows[b])
            values.append(("spike_cosine", (a, b), cosine))
        for measure, labels, value in values:
            value = round(float(value), 3)
            named = " and ".join(names[label] for label in labels) or "all classes"
            yield {
                "source": f"{UAI}, figure 5",
                "dataset": dataset,
                "model": "VSC",
                **PAPERS_VSC,
                **UNIT_NORM,
                "alpha": 0.01,
                "latent_dim": 60,
                "measure": measure,
                "labels": " ".join(map(str, labels)),
                "published": value,
                "published_seeds": 1,
                "reading_error": GREY_ERROR,
                "better": "nearest",
                "target": value,
                "note": f"{named}; {CLASS_NOTE}",
            }


if __name__ == "__main__":
    assert set(SETTINGS) <= set(COLUMNS)
    table = published_rows(Path(sys.argv[1]))
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    storage.write_csv(Path(sys.argv[1], "scorecard_rows.csv"), rows, COLUMNS)
