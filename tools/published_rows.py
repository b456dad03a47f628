"""One row per published number, from the tables and the figures' readings: `make published`.

resources/published/README.md says where each file comes from and how far it can be trusted. The
settings of a row are those that tell which run of a study it can stand beside; an empty one is not
told apart (a correlation has no units, so any likelihood will do).
"""

import math
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sparsevae.comparison.published import COLUMNS, SETTINGS
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

PAPERS_VSC = {"family": "vsc", "prior_kind": "pseudo_inputs", "beta": 1, "slab_warmup": "yes"}
UNIT_NORM = {"likelihood": "gaussian", "inputs": "unit_norm"}
UNIT_INTERVAL = {"likelihood": "bernoulli", "inputs": "unit_interval"}

LOSS_NOTES = {
    "vae": "published: one draw per image, 11 epochs, one seed",
    "vsc": "published: one draw per image with relaxed spikes (c = 50), so no bound; "
    "11 epochs, one seed",
}
ACCURACY_NOTE = (
    "published: one linear layer with a ReLU on its outputs, 20 epochs of SGD, on the slab's means "
    "without spikes; one run. Ours: a logistic regression on the same means"
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
    """One curve over latent sizes after the other; the tolerance is the curve's own scatter."""
    for (dataset, model, alpha), curve in table.groupby(
        ["dataset", "model", "alpha"], sort=False, dropna=False
    ):
        prior = {} if model == "vae" else {"prior_kind": "fixed", "alpha": alpha}
        tolerance = round(scale * scatter(curve[column].to_numpy()), decimals)
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
                "tolerance": tolerance,
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
            "better": "higher",
            "tolerance": error + READING_ERROR,
            "note": FIGURE_1_NOTE + doubt,
        }


def _figures_3_and_9(folder: Path) -> Iterator[Row]:
    """Measures of the matrices of correlations; of figure 3 what is not in figure 9 too."""
    settings = {
        "beta_vae": ("beta-VAE", {"family": "vae"}),
        "beta_tcvae": ("beta-TCVAE", {"family": "tcvae"}),
        "vsc": ("VSC", PAPERS_VSC | {"alpha": 0.01}),
    }
    for name, (model, setting) in settings.items():
        for size in (18, 40, 50, 60):
            figure, file = "figures 3 and 9", folder / f"uai_figure9_{name}_{size}.csv"
            if size == 60 and name != "beta_tcvae":
                panel = "c" if name == "beta_vae" else "d"
                file = folder / f"uai_figure3{panel}_{name}_60.csv"
            values = disentanglement.summarise(np.loadtxt(file, delimiter=","))
            for measure in values:
                yield {
                    "source": f"{UAI}, {figure}",
                    "dataset": "smiley",
                    "model": model,
                    **setting,
                    "latent_dim": size,
                    "measure": measure,
                    "published": round(values[measure], 4),
                    **_direction(measure),
                    "note": CORRELATION_NOTE,
                }


def _direction(measure: str) -> Row:
    """Smiley has 18 factors: as many latents in use are best."""
    if measure == "correlation_used":
        return {"better": "nearest", "target": 18, "tolerance": 1}
    better = "lower" if measure == "correlation_other" else "higher"
    return {"better": better, "tolerance": CORRELATION_ERROR}


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
                "alpha": 0.01,
                "latent_dim": 60,
                "measure": measure,
                "labels": " ".join(map(str, labels)),
                "published": value,
                "better": "nearest",
                "target": value,
                "tolerance": GREY_ERROR,
                "note": f"{named}; {CLASS_NOTE}",
            }


if __name__ == "__main__":
    assert set(SETTINGS) <= set(COLUMNS)
    table = published_rows(Path(sys.argv[1]))
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    storage.write_csv(Path(sys.argv[1], "scorecard_rows.csv"), rows, COLUMNS)
