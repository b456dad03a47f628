"""State what a study found: the cards of the first page and the sentences of the chapters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sparsevae.report.markup import Phrase, code, joined, listed, markdown_table, phrase
from sparsevae.report.markup import slug as slug_of
from sparsevae.report.statements import Results, by_model, by_verdict, scorecard_counts
from sparsevae.report.study_page import GridPage
from sparsevae.report.tables import Number

# What the models of a dataset are compared by: heading, measure and how it is written.
COMPARED = (
    ("ELBO, nats", "elbo", "nats"),
    ("IWAE bound, nats", "iwae", "nats"),
    ("ELBO of its images, nats", "elbo_iwae_images", "nats"),
    ("KL, nats", "kl", "nats"),
    ("active latents", "active_fraction", "percent"),
    ("used latents", "used_latents", "count"),
    ("accuracy from codes", "probe_accuracy", "percent"),
    ("from slab means", "probe_accuracy_ungated", "percent"),
)

# The claim whose effect is what sparse codes cost (comparison/claims.py).
BOUND_IS_BELOW = "VSC's bound is below a VAE's"


@dataclass(frozen=True)
class Card:
    """A headline of the first page: a number, what it is (plain text), and the page with more."""

    number: Number
    label: str
    page: str


@dataclass(frozen=True)
class Findings:
    """The sentences that templates name as `say.<name>(...)`."""

    results: Results

    def runs(self) -> Number:
        """Return the number of training runs."""
        return self.results.tables.count("metrics", "seed")

    def cards(self) -> list[Card]:
        """Return the headlines that the study has the numbers for."""
        found = [Card(self.runs(), "training runs, each measured on a test set", "experiments")]
        for grid in self.results.study.grids:
            if best := self._best_bound(grid):
                model, size = best.where["model"], best.where["latent_dim"]
                of = f"of {self.results.label(model)} with {size} latents"
                label = f"nats: the best mean ELBO on {grid.dataset}, {of}"
                found.append(Card(best, label, f"experiments-{slug_of(grid.dataset)}"))
        if sparsest := self._sparsest():
            where = sparsest.where
            of = f"a code of {self.results.label(where['model'])} on {where['dataset']}"
            label = f"of {where['latent_dim']} latents are active in {of}"
            found.append(Card(sparsest, label, "vsc"))
        for verdict, label in (
            ("holds", "claims of the literature hold in this study"),
            ("fails", "of its claims fail in this study"),
        ):
            number = self.results.tables.count("claims", "verdict", verdict=verdict)
            found.append(Card(number, label, "reproduction"))
        return found

    def models(self, family: str) -> Phrase:
        """State which models of the study are of a family, or that none is."""
        names = [
            phrase("{} ({})", self.results.label(model), code(model))
            for model in self.results.study.models
            if self.results.study.families[model] == family
        ]
        if not names:
            return phrase("This study has no model of the family {}.", code(family))
        return phrase("In this study: {}.", joined(names))

    def bounds(self, grid: GridPage) -> Phrase:
        """State the best bound on a dataset, and each model's at the same latent size."""
        best = self._best_bound(grid)
        if best is None:
            return phrase("No model of this study has an ELBO on this dataset.")
        size = int(best.where["latent_dim"])
        return phrase(
            "{} has the best mean ELBO, {} nats, with {} latents. "
            "All models of that size, mean over seeds: {}.",
            self.results.label(str(best.where["model"])),
            best,
            size,
            by_model(self.results, grid, "elbo", "nats", size),
        )

    def first_codes(self) -> GridPage | None:
        """Return the first dataset of images with classes that a VSC is trained on, if any."""
        study = self.results.study
        for grid in study.grids:
            spiky = any(study.families[model] == "vsc" for model in grid.models)
            if spiky and grid.classes > 1 and len(grid.shape) == 3:
                return grid
        return None

    def price(self, grid: GridPage) -> Phrase:
        """State what each VSC's bound is worth against a VAE's, with its interval and verdict."""
        rows = self.results.tables.rows("claims", claim=BOUND_IS_BELOW, dataset=grid.dataset)
        rows = rows[rows["effect"].notna() & rows["measure"].str.startswith("elbo")]
        if rows.empty:
            return phrase("This study cannot tell: it has no VAE beside a VSC on this dataset.")
        return listed([self._effect(row) for row in rows.to_dict("records")])

    def gap(self, grid: GridPage) -> Phrase:
        """State the importance-weighted bounds, which lie above the ELBOs."""
        size = grid.shown_latent_dim
        numbers = by_model(self.results, grid, "iwae", "nats", size)
        if numbers is None:
            return phrase("")
        same = by_model(self.results, grid, "elbo_iwae_images", "nats", size)
        if same is None:
            return phrase("The importance-weighted bound with {} latents: {}.", size, numbers)
        return phrase(
            "The importance-weighted bound with {} latents: {}. The ELBO of the same images: {}.",
            size,
            numbers,
            same,
        )

    def at_shown(self, grid: GridPage, measure: str, style: str) -> Phrase:
        """Return a measure of every model at the latent size that pictures show."""
        numbers = by_model(self.results, grid, measure, style, grid.shown_latent_dim)
        return numbers or phrase("not measured")

    def comparison(self, grid: GridPage) -> Phrase:
        """Return a table of the models at the shown latent size, of the measures that any has."""
        head: list[Any] = [f"{grid.shown_latent_dim} latents"]
        rows: list[list[Any]] = [[self.results.label(model)] for model in grid.models]
        for heading, measure, style in COMPARED:
            cells = [
                self.results.spread(measure, style, grid.dataset, model, grid.shown_latent_dim)
                for model in grid.models
            ]
            if any(cells):
                head.append(heading)
                for row, cell in zip(rows, cells, strict=True):
                    row.append(cell or "")
        return markdown_table(head, rows)

    def sparsity(self, grid: GridPage) -> Phrase:
        """State how many latents are active in a code, and how many are used."""
        size = grid.shown_latent_dim
        active = by_model(self.results, grid, "active_fraction", "percent", size)
        used = by_model(self.results, grid, "used_latents", "count", size)
        if active is None or used is None:
            return phrase("")
        return phrase(
            "Share of {} latents that is active in a code: {}. "
            "Number of latents used over the test set: {}.",
            *(size, active, used),
        )

    def collapse(self) -> Phrase:
        """State how many runs collapsed, and which."""
        if "collapsed_runs" not in self.results.tables["summary"]:
            return phrase("Collapse is not defined for the models of this study.")
        return self._flagged("collapsed", "Collapsed runs")

    def worse_than_mean(self) -> Phrase:
        """State how many runs are worse than a model that ignores its latents, and which."""
        what = "Runs that are worse than the best constant image, the mean of the training set"
        return self._flagged("worse_than_mean", what)

    def _flagged(self, flag: str, what: str) -> Phrase:
        tables, total = self.results.tables, f"{flag}_runs"
        summary = tables["summary"]
        number = tables.count("metrics", flag, **{flag: 1})
        rows = summary[summary[total].fillna(0) > 0]
        if rows.empty:
            return phrase("{}: {}.", what, number)
        parts = [
            phrase(
                "{} on {} with {} latents ({} of {})",
                self.results.label(row["model"]),
                row["dataset"],
                row["latent_dim"],
                tables.cite("summary", total, "count", **_place(row)),
                row["seeds"],
            )
            for row in rows.to_dict("records")
        ]
        return phrase("{}: {}, namely {}.", what, number, joined(parts))

    def claim_counts(self) -> Phrase:
        """State how many claims hold, fail, or cannot be decided."""
        verdicts = ("holds", "fails", "undecided", "not run")
        return phrase("Claims by verdict: {}.", by_verdict(self.results, "claims", verdicts))

    def claims(self, verdict: str) -> Phrase:
        """List the claims with a verdict, each with its effect and interval, or state that none."""
        rows = self.results.tables.rows("claims", verdict=verdict).to_dict("records")
        if not rows:
            return listed([phrase("None: no claim has the verdict “{}”.", verdict)])
        return listed([self._claim(row) for row in rows])

    def scorecard(self) -> Phrase:
        """State how the study compares with the published numbers."""
        return scorecard_counts(self.results)

    def references(self) -> Phrase:
        """Say how much each tracked study adds to this one, or that none does."""
        tables = self.results.tables
        names = dict.fromkeys(tables["references"]["reference"])
        if not names:
            return phrase("No tracked study has tested what this study has not.")
        parts = [
            phrase("{} ({} rows)", name, tables.count("references", "what", reference=name))
            for name in names
        ]
        return phrase("Tracked studies test what this study did not run: {}.", joined(parts))

    def _claim(self, row: dict[str, Any]) -> Phrase:
        on = phrase(" on {}", row["dataset"]) if _given(row["dataset"]) else ""
        if not _given(row["effect"]):
            return phrase("{}{}", row["claim"], on)
        return phrase("{}{}: {}", row["claim"], on, self._effect(row))

    def _effect(self, row: dict[str, Any]) -> Phrase:
        keys = ("claim", "dataset", "compared", "measure", "latent_dims")
        where = {key: row[key] for key in keys if _given(row[key])}
        effect = self.results.tables.cite("claims", "effect", "short", **where)
        interval = phrase(", interval {}", row["interval"]) if _given(row["interval"]) else ""
        return phrase("{}, {} {}{}", row["compared"], row["measure"], effect, interval)

    def _best_bound(self, grid: GridPage) -> Number | None:
        return self.results.tables.largest("elbo", "nats", dataset=grid.dataset)

    def _sparsest(self) -> Number | None:
        """The smallest share of active latents, at the largest latent size that pictures show."""
        study = self.results.study
        for grid in sorted(study.grids, key=lambda grid: -grid.shown_latent_dim):
            place = (grid.dataset, grid.shown_latent_dim)
            found = self._active(*place, [m for m in grid.models if study.families[m] == "vsc"])
            if found:
                return min(found, key=lambda number: number.value)
        return None

    def _active(self, dataset: str, size: int, models: Sequence[str]) -> list[Number]:
        numbers = [
            self.results.mean("active_fraction", "percent", dataset, model, size)
            for model in models
        ]
        return [number for number in numbers if number is not None]


def _place(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("dataset", "model", "latent_dim")}


def _given(cell: Any) -> bool:
    """Whether a cell of a table is not empty: NaN is the one value that is not itself."""
    return cell is not None and cell == cell
