"""What a study found: the cards of the first page and the sentences of the conclusion."""

from collections.abc import Callable
from dataclasses import dataclass

from sparsevae.report import statements
from sparsevae.report.citations import Number
from sparsevae.report.markup import Markup, code, inert, joined, slug, text
from sparsevae.report.statements import Results
from sparsevae.report.study_page import GridPage

# For the first page, the first of these that the study has, and what is said below it.
TELLING = {
    "conditional_samples": "Test pictures, what each model makes of them, and variations "
    "along only those latents that are on in their codes.",
    "traversals": "What changes in a picture as one latent at a time grows.",
    "latent_grid": "What each model decodes over the plane of two latents.",
    "class_spikes": "Which latents each class switches on.",
    "bound_vs_latent_dim": "The evidence lower bound against the number of latents.",
    "training_history": "Learning curves of all models.",
}
# What the models of a dataset are compared by: heading, measure and how it is written.
COMPARED = (
    ("ELBO, nats", "elbo", "nats"),
    ("IWAE bound, nats", "iwae", "nats"),
    ("KL, nats", "kl", "nats"),
    ("latents on in a code", "active_fraction", "percent"),
    ("latents in use", "used_latents", "count"),
    ("accuracy from codes", "probe_accuracy", "percent"),
    ("from slab means", "probe_accuracy_ungated", "percent"),
)


@dataclass(frozen=True)
class Card:
    """A headline of the first page: a number, what it is (plain text), and where there is more."""

    number: Number
    label: str
    page: str

    def html(self) -> str:
        return (
            f'<a class="card" href="{inert(self.page)}.html">'
            f'<span class="card-number">{self.number.markup()}</span>'
            f'<span class="card-label">{inert(self.label)}</span></a>\n'
        )


def cards(results: Results) -> list[Card]:
    """The headlines that the study has the numbers for."""
    runs = results.tables.cite("metrics", "seed", "count", of="rows")
    found = [Card(runs, "trainings, each measured on a test set", "experiments")]
    found += [card for grid in results.study.grids if (card := _bound_card(results, grid))]
    sparsest = _sparsest(results)
    if sparsest is not None:
        where = sparsest.where
        of = f"a code of {results.name(str(where['model']))} on {where['dataset']}"
        found.append(Card(sparsest, f"of {where['latent_dim']} latents are on in {of}", "vsc"))
    for verdict, label in (
        ("holds", "claims of the literature hold in this study"),
        ("fails", "of its claims fail in this study"),
    ):
        number = results.tables.cite("claims", "verdict", "count", of="rows", verdict=verdict)
        found.append(Card(number, label, "reproduction"))
    return found


def _bound_card(results: Results, grid: GridPage) -> Card | None:
    best = best_bound(results, grid)
    if best is None:
        return None
    model, size = best.where["model"], best.where["latent_dim"]
    of = f"of {results.name(str(model))} with {size} latents"
    label = f"nats: the best mean ELBO on {grid.dataset}, {of}"
    return Card(best, label, f"experiments-{slug(grid.dataset)}")


def best_bound(results: Results, grid: GridPage) -> Number | None:
    """The largest mean ELBO on a dataset."""
    return statements.largest(results, "elbo", "nats", dataset=grid.dataset)


def _sparsest(results: Results) -> Number | None:
    """The smallest share of active latents at the largest shown latent size."""
    grids = sorted(results.study.grids, key=lambda grid: -grid.shown_latent_dim)
    for grid in grids:
        numbers = [
            results.tables.cite(
                "summary",
                "active_fraction_mean",
                "percent",
                dataset=grid.dataset,
                model=model,
                latent_dim=grid.shown_latent_dim,
            )
            for model in grid.models
            if results.study.families[model] == "vsc"
        ]
        known = [number for number in numbers if number is not None]
        if known:
            return min(known, key=lambda number: number.value)
    return None


def sentences(results: Results) -> dict[str, Callable[..., Markup]]:
    """What templates call as `say.<name>(...)`."""
    return {
        "bounds": lambda grid: bounds(results, grid),
        "sparsity": lambda grid: sparsity(results, grid),
        "collapse": lambda: collapse(results),
        "claims": lambda verdict: claims(results, verdict),
        "claim_counts": lambda: claim_counts(results),
        "scorecard": lambda: statements.scorecard_counts(results),
        "gap": lambda grid: gap(results, grid),
        "comparison": lambda grid: comparison(results, grid),
        "models": lambda family: models(results, family),
        "at_shown": lambda grid, measure, style: _at_shown(results, grid, measure, style),
        "runs": lambda: _all_runs(results),
    }


def _all_runs(results: Results) -> Markup:
    return results.tables.cite("metrics", "seed", "count", of="rows").markup()


def _at_shown(results: Results, grid: GridPage, measure: str, style: str) -> Markup:
    found = statements.by_model(results, grid, measure, style, grid.shown_latent_dim)
    return found or Markup("not measured")


def bounds(results: Results, grid: GridPage) -> Markup:
    """The best bound on a dataset, and each model's at the same latent size."""
    best = best_bound(results, grid)
    if best is None:
        return Markup("No model of this study has an ELBO on this dataset.")
    size = int(best.where["latent_dim"])
    others = statements.by_model(results, grid, "elbo", "nats", size)
    return Markup(
        f"{results.label(str(best.where['model']))} has the best mean ELBO, {best.markup()} nats, "
        f"with {size} latents. All models of that size, mean over seeds: {others}."
    )


def gap(results: Results, grid: GridPage) -> Markup:
    """How far the importance-weighted bound lies above the ELBO."""
    numbers = statements.by_model(results, grid, "iwae", "nats", grid.shown_latent_dim)
    if numbers is None:
        return Markup("")
    size = grid.shown_latent_dim
    return Markup(f"The importance-weighted bound with {size} latents: {numbers}.")


def comparison(results: Results, grid: GridPage) -> Markup:
    """A table of the models at the shown latent size; measures that none has are left out."""
    size = grid.shown_latent_dim
    columns, cells = [], []
    for heading, measure, style in COMPARED:
        found = [
            statements.with_deviation(
                results, measure, style, dataset=grid.dataset, model=model, latent_dim=size
            )
            for model in grid.models
        ]
        if any(found):
            columns.append(heading)
            cells.append([cell or "" for cell in found])
    head = f"| {size} latents | " + " | ".join(columns) + " |"
    rule = "|---|" + "---:|" * len(columns)
    rows = [
        f"| {results.label(model)} | " + " | ".join(row) + " |"
        for model, row in zip(grid.models, zip(*cells, strict=True), strict=True)
    ]
    return Markup("\n".join([head, rule, *rows]) + "\n")


def sparsity(results: Results, grid: GridPage) -> Markup:
    """What share of the latents is active, and how many are used."""
    size = grid.shown_latent_dim
    active = statements.by_model(results, grid, "active_fraction", "percent", size)
    used = statements.by_model(results, grid, "used_latents", "count", size)
    if active is None or used is None:
        return Markup("")
    return Markup(
        f"Of {size} latents, the share that is not exactly zero in a code is {active}; "
        f"the number in use over the test set is {used}."
    )


def collapse(results: Results) -> Markup:
    """How many runs collapsed, by name."""
    summary = results.tables["summary"]
    if "collapsed_runs" not in summary:
        return Markup("Collapse is not defined for the models of this study.")
    runs = results.tables.cite("metrics", "collapsed", "count", of="rows", collapsed=1)
    rows = summary[summary["collapsed_runs"].fillna(0) > 0]
    if rows.empty:
        return Markup(f"Collapsed runs: {runs.markup()}.")
    parts = [
        Markup(
            f"{results.label(row.model)} on {text(row.dataset)} with {row.latent_dim} latents "
            f"({_collapsed(results, row)} of {row.seeds})"
        )
        for row in rows.itertuples()
    ]
    return Markup(f"Collapsed runs: {runs.markup()}, namely {joined(parts)}.")


def _collapsed(results: Results, row: object) -> Markup:
    where = {key: getattr(row, key) for key in ("dataset", "model", "latent_dim")}
    return results.tables.cite("summary", "collapsed_runs", "count", **where).markup()


def claim_counts(results: Results) -> Markup:
    """How many claims hold, fail, or cannot be told."""
    verdicts = ("holds", "fails", "undecided", "not run")
    return Markup(f"Claims by verdict: {statements.by_verdict(results, 'claims', verdicts)}.")


def claims(results: Results, verdict: str) -> Markup:
    """A list of the claims with a verdict, with effects and intervals; a word if there is none."""
    rows = results.tables["claims"].reset_index(names="row")
    rows = rows[rows["verdict"] == verdict]
    lines = []
    for row in rows.to_dict("records"):
        of = f" on {text(row['dataset'])}" if isinstance(row["dataset"], str) else ""
        lines.append(f"- {text(row['claim'])}{of}{_effect(results, row)}")
    return Markup(
        "\n".join(lines) + "\n" if lines else f"- None: no claim has the verdict “{verdict}”.\n"
    )


def _effect(results: Results, row: dict[str, object]) -> Markup:
    if row["effect"] != row["effect"]:
        return Markup("")
    keys = ("claim", "dataset", "compared", "measure", "latent_dims")
    where = {key: row[key] for key in keys if isinstance(row.get(key), str)}
    effect = results.tables.cite("claims", "effect", "short", **where)
    interval = f", interval {text(row['interval'])}" if row["interval"] == row["interval"] else ""
    return Markup(f": {text(row['compared'])}, {text(row['measure'])} {effect.markup()}{interval}")


def models(results: Results, family: str) -> Markup:
    """Which models of the study are of a family, or that none is."""
    names = [
        Markup(f"{results.label(model)} ({code(model)})")
        for model in results.study.models
        if results.study.families[model] == family
    ]
    if not names:
        return Markup(f"This study has no model of the family {code(family)}.")
    return Markup(f"In this study: {joined(names)}.")
