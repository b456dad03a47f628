"""State results in sentences, each made of numbers that a table has; a page writes them.

A statement returns None if the study has no number for it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sparsevae.figures.palette import model_style
from sparsevae.report.markup import Markup, Phrase, joined, phrase
from sparsevae.report.study_page import GridPage, StudyPage
from sparsevae.report.tables import Number, Tables


@dataclass(frozen=True)
class Results:
    """A study and its tables: what every sentence is made from."""

    study: StudyPage
    tables: Tables

    def label(self, model: str) -> str:
        """Return a model's name as in the figures."""
        styles = model_style(self.study.models)
        return styles[model].label if model in styles else model

    def mean(self, measure: str, style: str, dataset: str, model: str, size: int) -> Number | None:
        """Return the mean over seeds of a measure, at one latent size."""
        where: dict[str, Any] = {"dataset": dataset, "model": model, "latent_dim": size}
        return self.tables.cite("summary", f"{measure}_mean", style, **where)

    def spread(
        self, measure: str, style: str, dataset: str, model: str, size: int
    ) -> Phrase | None:
        """Return the same, with ± one standard deviation if seeds differ by what is shown."""
        mean = self.mean(measure, style, dataset, model, size)
        if mean is None:
            return None
        deviation = self.tables.cite("summary", f"{measure}_std", style, **mean.where)
        return (
            phrase("{}", mean)
            if deviation is None or not re.search("[1-9]", str(deviation))
            else phrase("{}\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}{}", mean, deviation)
        )


# Of a dataset's grid, which is None for a figure of the whole study.
Statement = Callable[[Results, Any], Phrase | None]


def states(results: Results, grid: GridPage | None, statements: Sequence[Statement]) -> Phrase:
    """Return the sentences that the study has the numbers for."""
    said = [sentence for state in statements if (sentence := state(results, grid))]
    return Phrase(" ".join(["{}"] * len(said)), tuple(said))


def by_model(
    results: Results, grid: GridPage, measure: str, style: str, size: int
) -> Phrase | None:
    """Return `VAE 1.20 ± 0.10 and VSC 1.10 ± 0.20` at one latent size."""
    parts = [
        phrase("{} {}", results.label(model), numbers)
        for model in grid.models
        if (numbers := results.spread(measure, style, grid.dataset, model, size))
    ]
    return joined(parts) if parts else None


def at_shown_size(measure: str, style: str, subject: str) -> Statement:
    """State a measure of every model at the latent size that pictures show."""

    def state(results: Results, grid: GridPage) -> Phrase | None:
        size = grid.shown_latent_dim
        numbers = by_model(results, grid, measure, style, size)
        return numbers and phrase("{} with {} latents: {}.", Markup(subject), size, numbers)

    return state


def at_two_latents(measure: str, style: str, subject: str) -> Statement:
    """State the same with two latents."""

    def state(results: Results, grid: GridPage) -> Phrase | None:
        if 2 not in grid.latent_dims:
            return None
        numbers = by_model(results, grid, measure, style, 2)
        return numbers and phrase("{} with 2 latents: {}.", Markup(subject), numbers)

    return state


def at_smallest_and_largest(measure: str, style: str, subject: str) -> Statement:
    """State a measure at the smallest and the largest latent size."""

    def state(results: Results, grid: GridPage) -> Phrase | None:
        parts = [
            phrase("with {} latents {}", size, numbers)
            for size in sorted({grid.latent_dims[0], grid.latent_dims[-1]})
            if (numbers := by_model(results, grid, measure, style, size))
        ]
        return phrase("{}: {}.", Markup(subject), _semicolons(parts)) if parts else None

    return state


def best_size(measure: str, style: str, subject: str) -> Statement:
    """State the largest mean of each model, and the latent size that has it."""

    def state(results: Results, grid: GridPage) -> Phrase | None:
        parts = [
            phrase("{} {} at {}", results.label(model), best, best.where["latent_dim"])
            for model in grid.models
            if (best := results.tables.largest(measure, style, dataset=grid.dataset, model=model))
        ]
        if not parts:
            return None
        return phrase("{}, each at its best latent size: {}.", Markup(subject), joined(parts))

    return state


def probe_curve(results: Results, grid: GridPage) -> Phrase | None:
    """State the accuracy at the smallest and at the largest number of labels."""
    place: dict[str, Any] = {"dataset": grid.dataset, "latent_dim": grid.shown_latent_dim}
    place |= {"codes": "gated", "classifier": "linear"}
    rows = results.tables.rows("probes", **place)
    if rows.empty:
        return None
    parts = []
    for labels in sorted({int(rows["n_labels"].min()), int(rows["n_labels"].max())}):
        place["n_labels"] = labels
        numbers = [
            phrase("{} {}", results.label(model), number)
            for model in grid.models
            if (
                number := results.tables.cite(
                    "probes", "accuracy", "percent", of="mean", **place, model=model
                )
            )
        ]
        parts.append(phrase("with {} labels {}", f"{labels:,}", joined(numbers)))
    codes, size = Markup(r"E\[z|x\]"), grid.shown_latent_dim
    return phrase("A linear classifier of {} with {} latents, {}.", codes, size, _semicolons(parts))


def class_pairs(results: Results, grid: GridPage) -> Phrase | None:
    """State the most and the least similar classes of each model with spikes, of its first seed."""
    parts = []
    for model in grid.models:
        where = {"dataset": grid.dataset, "model": model, "latent_dim": grid.shown_latent_dim}
        where |= {"seed": grid.seeds[0]}
        rows = results.tables.rows("class_cosines", **where)
        rows = rows[rows["label_a"] != rows["label_b"]].dropna(subset="cosine")
        if not rows.empty:
            ends = [
                _pair(results, rows.loc[at], where)
                for at in (rows["cosine"].idxmax(), rows["cosine"].idxmin())
            ]
            parts.append(phrase("{}: {} are most similar, {} least", results.label(model), *ends))
    if not parts:
        return None
    sentence = "Cosines of the classes' rows with {} latents. {}."
    return phrase(sentence, grid.shown_latent_dim, _semicolons(parts))


def _pair(results: Results, row: Any, where: dict[str, Any]) -> Phrase:
    pair = {key: row[key] for key in ("label_a", "label_b")}
    number = results.tables.cite("class_cosines", "cosine", "ratio", **where, **pair)
    return phrase("classes {} and {} ({})", *pair.values(), number)


def test_images(results: Results, grid: GridPage) -> Phrase:
    """State the sizes of a dataset, from the catalogue: no table has them."""
    return phrase(
        "{} inputs to train on and {} to test on, of shape {}, in {} {}.",
        Markup(f"{grid.train_size:,}"),
        Markup(f"{grid.test_size:,}"),
        " × ".join(map(str, grid.shape)),
        grid.classes,
        "class" if grid.classes == 1 else "classes",
    )


def by_verdict(results: Results, table: str, verdicts: Sequence[str]) -> Phrase:
    """Return `2 better, 0 within and 5 worse`: how many rows of a table have each verdict."""
    counts = [results.tables.count(table, "verdict", verdict=verdict) for verdict in verdicts]
    return joined([phrase("{} {}", *pair) for pair in zip(counts, verdicts, strict=True)])


def scorecard_counts(results: Results, grid: GridPage | None = None) -> Phrase:
    """State how many published numbers the study is better than, within, worse than, or lacks."""
    verdicts = ("better", "within", "worse", "undecided", "not comparable", "missing")
    return phrase("Of the published numbers, {}.", by_verdict(results, "scorecard", verdicts))


def _semicolons(parts: Sequence[Any]) -> Phrase:
    return Phrase("; ".join(["{}"] * len(parts)), tuple(parts))
