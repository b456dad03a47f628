"""Sentences that state results, each made of numbers that a table has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sparsevae.figures.palette import model_style
from sparsevae.report.citations import Number, Tables
from sparsevae.report.markup import Markup, joined, text
from sparsevae.report.study_page import GridPage, StudyPage


@dataclass(frozen=True)
class Results:
    """A study and its tables: what every sentence is made from."""

    study: StudyPage
    tables: Tables

    def name(self, model: str) -> str:
        """A model's name as in the figures, not yet escaped."""
        styles = model_style(self.study.models)
        return styles[model].label if model in styles else model

    def label(self, model: str) -> Markup:
        """The same as text on a page."""
        return text(self.name(model))


Statement = Callable[[Results, GridPage], Markup | None]


def with_deviation(results: Results, measure: str, style: str, **where: object) -> Markup | None:
    """Mean over seeds, and ± one standard deviation where there is one, of the table summary."""
    mean = results.tables.cite("summary", f"{measure}_mean", style, **where)
    if mean is None:
        return None
    deviation = results.tables.cite("summary", f"{measure}_std", style, **where)
    spread = f" ± {deviation.markup()}" if deviation is not None else ""
    return Markup(mean.markup() + spread)


def by_model(
    results: Results, grid: GridPage, measure: str, style: str, latent_dim: int
) -> Markup | None:
    """`VAE 1.20 ± 0.10, VSC 1.10 ± 0.20` at one latent size; None if no model has the measure."""
    parts = []
    for model in grid.models:
        where = {"dataset": grid.dataset, "model": model, "latent_dim": latent_dim}
        numbers = with_deviation(results, measure, style, **where)
        if numbers is not None:
            parts.append(Markup(f"{results.label(model)} {numbers}"))
    return joined(parts) if parts else None


def at_shown_size(measure: str, style: str, phrase: str) -> Statement:
    """The measure of every model at the latent size that pictures show."""

    def state(results: Results, grid: GridPage) -> Markup | None:
        size = grid.shown_latent_dim
        numbers = by_model(results, grid, measure, style, size)
        return numbers and Markup(f"{phrase} with {size} latents: {numbers}.")

    return state


def at_two_latents(measure: str, style: str, phrase: str) -> Statement:
    """The same with two latents."""

    def state(results: Results, grid: GridPage) -> Markup | None:
        if 2 not in grid.latent_dims:
            return None
        numbers = by_model(results, grid, measure, style, 2)
        return numbers and Markup(f"{phrase} with 2 latents: {numbers}.")

    return state


def at_smallest_and_largest(measure: str, style: str, phrase: str) -> Statement:
    """The measure at both ends of the latent sizes."""

    def state(results: Results, grid: GridPage) -> Markup | None:
        sizes = sorted({grid.latent_dims[0], grid.latent_dims[-1]})
        parts = [
            f"with {size} latents {numbers}"
            for size in sizes
            if (numbers := by_model(results, grid, measure, style, size))
        ]
        return Markup(f"{phrase}: {'; '.join(parts)}.") if parts else None

    return state


def best_size(measure: str, style: str, phrase: str) -> Statement:
    """The largest mean of each model, and the latent size that has it."""

    def state(results: Results, grid: GridPage) -> Markup | None:
        parts = []
        for model in grid.models:
            best = largest(results, measure, style, dataset=grid.dataset, model=model)
            if best is not None:
                size = best.where["latent_dim"]
                parts.append(Markup(f"{results.label(model)} {best.markup()} at {size}"))
        return (
            Markup(f"{phrase}, each at its best latent size: {joined(parts)}.") if parts else None
        )

    return state


def largest(results: Results, measure: str, style: str, **where: object) -> Number | None:
    """The largest mean of a measure among rows of the table summary."""
    rows = results.tables.rows("summary", **where)
    column = f"{measure}_mean"
    if column not in rows or rows[column].isna().all():
        return None
    row = rows.loc[rows[column].idxmax()]
    keys = {key: row[key] for key in ("dataset", "model")} | {"latent_dim": int(row["latent_dim"])}
    return results.tables.cite("summary", column, style, **keys)


def probe_curve(results: Results, grid: GridPage) -> Markup | None:
    """Accuracy at the fewest and at the most labels that were tried."""
    rows = results.tables.rows("probes", dataset=grid.dataset, latent_dim=grid.shown_latent_dim)
    rows = rows[(rows["codes"] == "gated") & (rows["classifier"] == "linear")]
    if rows.empty:
        return None
    ends = sorted({int(rows["n_labels"].min()), int(rows["n_labels"].max())})
    parts = []
    for labels in ends:
        numbers = joined(
            [m for model in grid.models if (m := _probe(results, grid, model, labels))]
        )
        parts.append(f"with {labels:,} labels {numbers}")
    size = grid.shown_latent_dim
    return Markup(f"A linear classifier of E\\[z|x\\] with {size} latents, {'; '.join(parts)}.")


def _probe(results: Results, grid: GridPage, model: str, labels: int) -> Markup | None:
    where = {"dataset": grid.dataset, "model": model, "latent_dim": grid.shown_latent_dim}
    where |= {"codes": "gated", "classifier": "linear", "n_labels": labels}
    number = results.tables.cite("probes", "accuracy", "percent", of="mean", **where)
    return number and Markup(f"{results.label(model)} {number.markup()}")


def class_pairs(results: Results, grid: GridPage) -> Markup | None:
    """The most and the least alike classes of each model that has spikes, of its first seed."""
    parts = []
    for model in grid.models:
        where = {"dataset": grid.dataset, "model": model, "latent_dim": grid.shown_latent_dim}
        where |= {"seed": grid.seeds[0]}
        rows = results.tables.rows("class_cosines", **where)
        rows = rows[rows["label_a"] != rows["label_b"]].dropna(subset="cosine")
        if rows.empty:
            continue
        ends = [
            f"{_pair(results, rows.loc[at], where)}"
            for at in (rows["cosine"].idxmax(), rows["cosine"].idxmin())
        ]
        parts.append(f"{results.label(model)}: {ends[0]} are most alike, {ends[1]} least")
    size = grid.shown_latent_dim
    intro = f"Cosines of the classes' rows with {size} latents"
    return Markup(f"{intro}. {'; '.join(parts)}.") if parts else None


def _pair(results: Results, row: object, where: dict[str, object]) -> Markup:
    pair = {key: row[key] for key in ("label_a", "label_b")}  # type: ignore[index]
    number = results.tables.cite("class_cosines", "cosine", "ratio", **where, **pair)
    return Markup(
        f"classes {text(pair['label_a'])} and {text(pair['label_b'])} ({number.markup()})"
    )


def test_images(results: Results, grid: GridPage) -> Markup:
    """Sizes of a dataset; of the catalogue, which no table repeats."""
    shape = " × ".join(map(str, grid.shape))
    return Markup(
        f"{grid.train_size:,} inputs to train on and {grid.test_size:,} to test on, "
        f"of shape {shape}, in {grid.classes} class{'es' if grid.classes > 1 else ''}."
    )


def by_verdict(results: Results, table: str, verdicts: Sequence[str]) -> Markup:
    """`2 better, 0 within and 5 worse`: how many rows of a table have each verdict."""
    parts = []
    for verdict in verdicts:
        number = results.tables.cite(table, "verdict", "count", of="rows", verdict=verdict)
        parts.append(Markup(f"{number.markup()} {verdict}"))
    return joined(parts)


def scorecard_counts(results: Results, grid: GridPage | None = None) -> Markup:
    """How many published numbers the study is better than, within, worse than, or lacks."""
    verdicts = ("better", "within", "worse", "undecided", "not comparable", "missing")
    return Markup(f"Of the published numbers, {by_verdict(results, 'scorecard', verdicts)}.")


def states(results: Results, grid: GridPage | None, statements: Sequence[Statement]) -> Markup:
    """The sentences that the study has the numbers for."""
    said = [sentence for state in statements if (sentence := state(results, grid))]
    return Markup(" ".join(said))
