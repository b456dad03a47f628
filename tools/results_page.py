"""The tables of docs/results.md, from the tables of the studies that they are of: `make results`.

A table stands below a line `<!-- table: <name> -->` and ends at the next empty line; all else on
the page is written by hand.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from sparsevae.evaluation.disentanglement import GROUP_SIZES
from sparsevae.jobs.errors import UserError
from sparsevae.jobs.tables import read_table

BEST = [f"correlation_best_{name}" for name in GROUP_SIZES]
PUBLISHED = "resources/published/reproduction_loss.csv"
# The reproduction's names of the models of config/reproduction.yaml.
ALPHAS = {"vae": None, "vsc-0.5": 0.5, "vsc-0.2": 0.2, "vsc-0.01": 0.01}


def main(page: Path, root: Path) -> None:
    """Writes anew every table whose study has been run; says which have not."""
    text = page.read_text(encoding="utf-8")
    for name, (study, table) in TABLES.items():
        metrics = root / "results" / study / "tables/metrics.csv"
        if not metrics.exists():
            print(f"{name}: left as it is; {metrics} is not there (run study {study})")
            continue
        text = replaced(text, name, table(read_table(metrics), root))
    page.write_text(text, encoding="utf-8")


def replaced(text: str, name: str, table: str) -> str:
    """The page with the table of that name replaced. Raises UserError if it has no place for it."""
    mark = f"<!-- table: {name} -->\n"
    if text.count(mark) != 1:
        raise UserError(f"the page has no line {mark.strip()}, or more than one; add it")
    before, after = text.split(mark)
    rest = after.lstrip("\n")
    if rest.startswith("|"):
        rest = rest.partition("\n\n")[2]
    return f"{before}{mark}\n{table}\n{rest}"


def bounds(metrics: pd.DataFrame, root: Path) -> str:
    """-ELBO on MNIST with hard spikes, by model and latent size; the reproduction's in brackets."""
    published = read_table(root / PUBLISHED)
    rows = []
    for model, runs in metrics.groupby("model", sort=False):
        cells = {"model": model}
        for size, cell in runs.groupby("latent_dim"):
            theirs = published_loss(published, ALPHAS[model], size)
            cells[f"{size}"] = f"{-cell.elbo.mean():.2f} ({theirs:.2f})"
        rows.append(cells)
    return markdown(pd.DataFrame(rows))


def published_loss(published: pd.DataFrame, alpha: float | None, latent_dim: int) -> float:
    """The reproduction's test loss after its last common epoch, 11, in nats."""
    rows = published[
        (published["dataset"] == "mnist")
        & (published["model"] == ("vae" if alpha is None else "vsc"))
        & (published["latent_dim"] == latent_dim)
        & (published["split"] == "test")
        & (published["epoch"] == 11)
    ]
    if alpha is not None:
        rows = rows[rows["alpha"] == alpha]
    return rows["loss_nats_per_image"].item()


def probes(metrics: pd.DataFrame, root: Path) -> str:
    """Accuracy of a linear probe with 5,000 labels, in percent: gated codes / slab means."""
    accuracy = (
        (100 * metrics.probe_accuracy).map("{:.1f}".format)
        + " / "
        + (100 * metrics.probe_accuracy_ungated).map("{:.1f}".format)
    )
    cells = metrics.assign(accuracy=accuracy).pivot(
        index="model", columns="latent_dim", values="accuracy"
    )
    return markdown(cells.loc[metrics.model.unique()].rename(columns=str).reset_index())


def smiley(metrics: pd.DataFrame, root: Path) -> str:
    """Correlations with the factors by model and latent size: mean of seeds, least to most."""
    groups = metrics.groupby(["model", "latent_dim"], sort=False)
    rows = [
        {
            "model": model,
            "latents": size,
            "seeds": len(runs),
            **correlations(runs),
            "collapsed": int(runs.collapsed.sum()),
        }
        for (model, size), runs in groups
    ]
    return markdown(pd.DataFrame(rows).sort_values(["model", "latents"]))


def smiley_seeds(metrics: pd.DataFrame, root: Path) -> str:
    """VSC with warm-up at 60 latents, seed by seed."""
    runs = metrics[(metrics.model == "vsc-wu") & (metrics.latent_dim == 60)]
    rows = [{"seed": seed, **correlations(run)} for seed, run in runs.groupby("seed")]
    return markdown(pd.DataFrame(rows))


def warmup(metrics: pd.DataFrame, root: Path) -> str:
    """One row a variant, in the order of the config."""
    rows = [
        {
            "variant": model,
            **correlations(run),
            "active": f"{60 * run.active_fraction.item():.1f}",
            "pseudo-inputs": "".join(f"{n:.1f}" for n in run.pseudo_inputs_in_use.dropna()),
            "KL": f"{run.kl.item():.1f}",
            "collapsed": int(run.collapsed.item()),
        }
        for model, run in metrics.groupby("model", sort=False)
    ]
    return markdown(pd.DataFrame(rows))


def mnist_warmup(metrics: pd.DataFrame, root: Path) -> str:
    """What warm-up changes: means over seeds, standard deviations behind them."""
    rows = []
    for (size, model), runs in metrics.groupby(["latent_dim", "model"], sort=True):
        rows.append(
            {
                "latents": size,
                "model": model,
                "seeds": len(runs),
                "-ELBO": spread(-runs.elbo),
                "-IWAE": spread(-runs.iwae),
                "KL": spread(runs.kl),
                "used": spread(runs.used_latents),
                "active fraction": spread(runs.active_fraction, 3),
                "probe, gated %": spread(100 * runs.probe_accuracy),
                "probe, slab means %": spread(100 * runs.probe_accuracy_ungated),
                "collapsed": int(runs.collapsed.sum()),
            }
        )
    return markdown(pd.DataFrame(rows))


def correlations(runs: pd.DataFrame) -> dict[str, str]:
    """used, own, other and the best latents (PAPER's figures 3 and 9), over seeds."""
    return {
        "used": span(runs.correlation_used, 0),
        "own": span(runs.correlation_own),
        "other": span(runs.correlation_other),
        "best bowtie, hat, eyes, mouth": " ".join(f"{runs[name].mean():.2f}" for name in BEST),
    }


def span(values: pd.Series, digits: int = 3) -> str:
    """Mean, and least to most if there are several."""
    values = values.dropna()
    if values.empty:
        return "-"
    mean = f"{values.mean():.{digits}f}"
    if len(values) == 1:
        return mean
    return f"{mean} ({values.min():.{digits}f} to {values.max():.{digits}f})"


def spread(values: pd.Series, digits: int = 2) -> str:
    """Mean ± standard deviation."""
    if len(values) == 1:
        return f"{values.mean():.{digits}f}"
    return f"{values.mean():.{digits}f} ± {values.std():.{digits}f}"


def markdown(table: pd.DataFrame) -> str:
    lines = [" | ".join(map(str, table.columns)), " | ".join("---" for _ in table.columns)]
    lines += [" | ".join(map(str, row)) for row in table.itertuples(index=False)]
    return "".join(f"| {line} |\n" for line in lines)


Table = Callable[[pd.DataFrame, Path], str]
TABLES: dict[str, tuple[str, Table]] = {
    "bounds": ("reproduction_small", bounds),
    "probes": ("reproduction_small", probes),
    "smiley": ("smiley", smiley),
    "smiley-seeds": ("smiley", smiley_seeds),
    "warmup": ("warmup", warmup),
    "mnist-warmup": ("mnist_warmup", mnist_warmup),
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
