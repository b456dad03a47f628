"""Caption a figure: what it shows, as its module declares, and its numbers."""

from sparsevae.figures.declaration import Declaration, Numbers, Sentence
from sparsevae.report import statements as say
from sparsevae.report.markup import Markup, Phrase, code, phrase
from sparsevae.report.statements import Results, Statement, states
from sparsevae.report.study_page import GridPage

NO_NUMBERS = Markup("The tables have no number for this figure in this study.")
_OF_SIZES = {
    "shown_size": say.at_shown_size,
    "two_latents": say.at_two_latents,
    "smallest_and_largest": say.at_smallest_and_largest,
    "best_size": say.best_size,
}
_NAMED: dict[str, Statement] = {
    "test_images": say.test_images,
    "probe_curve": say.probe_curve,
    "class_pairs": say.class_pairs,
    "scorecard_counts": say.scorecard_counts,
}


def caption(results: Results, figure: Declaration, grid: GridPage | None) -> Phrase:
    """Return what a figure shows, then its numbers, or that the tables have none."""
    said = states(results, grid, [statement(entry) for entry in figure.numbers])
    return phrase("{}\n\n{}", description(figure, grid), said if said.values else NO_NUMBERS)


def description(figure: Declaration, grid: GridPage | None) -> Markup:
    """Return what a figure shows, as Snakemake's report has it, in Markdown."""
    written = figure.caption.replace("``{dataset}``", "{dataset}").replace("``", "`")
    if grid is None:
        return Markup(written)
    return Markup(written.format(dataset=code(grid.dataset), latent_dim=grid.shown_latent_dim))


def statement(entry: Numbers | Sentence) -> Statement:
    """Return the function that makes a declared sentence from a study's tables."""
    if isinstance(entry, Sentence):
        return _NAMED[entry.name]
    return _OF_SIZES[entry.at](entry.measure, entry.style, entry.phrase)
