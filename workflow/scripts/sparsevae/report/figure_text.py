"""What is said below each figure: what it shows, as its module declares, and its numbers."""

from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, StrictUndefined

from sparsevae.figures.declaration import Declaration, Numbers, Sentence
from sparsevae.jobs.errors import SiteError
from sparsevae.report import statements as say
from sparsevae.report.markup import Markup, text
from sparsevae.report.statements import Results, Statement
from sparsevae.report.study_page import GridPage

NO_NUMBERS = Markup("The tables have no number for this figure in this study.")
_OF_SIZES = {
    "shown_size": say.at_shown_size,
    "two_latents": say.at_two_latents,
    "smallest_and_largest": say.at_smallest_and_largest,
    "best_size": say.best_size,
}
_NAMED = {
    "test_images": say.test_images,
    "probe_curve": say.probe_curve,
    "class_pairs": say.class_pairs,
    "scorecard_counts": say.scorecard_counts,
}


def caption_of(results: Results, figure: Declaration, grid: GridPage | None) -> Markup:
    """Return what a figure shows, then its numbers, or that the tables have none."""
    numbers = say.states(results, grid, [statement(entry) for entry in figure.numbers])
    return Markup(f"{description(figure, grid)}\n\n{numbers or NO_NUMBERS}")


def description(figure: Declaration, grid: GridPage | None) -> Markup:
    """Return what a figure shows, as Snakemake's report has it, in Markdown."""
    names = (text(grid.dataset), grid.shown_latent_dim) if grid else ()
    return Markup(figure.caption_of(*names).replace("``", "`"))


def statement(entry: Numbers | Sentence) -> Statement:
    """Return the function that makes a declared sentence from a study's tables."""
    if isinstance(entry, Sentence):
        return _NAMED[entry.name]
    return _OF_SIZES[entry.at](entry.measure, entry.style, entry.phrase)


def table_description(captions: Path, name: str) -> Markup:
    """Return what a table holds, from `table.rst` in the folder of captions."""
    caption = captions / "table.rst"
    if not caption.exists():
        raise SiteError(f"{caption.name}: the tables have no caption in workflow/report; write one")
    template = Environment(undefined=StrictUndefined).from_string(
        caption.read_text(encoding="utf-8")
    )
    table = SimpleNamespace(output=[f"tables/{name}.csv"])
    return Markup(" ".join(template.render(snakemake=table).replace("``", "`").split()))
