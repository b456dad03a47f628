"""Place the figures of a study on its pages: order, numbers, sizes, captions, the first page's."""

import struct
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined

from sparsevae.figures.catalogue import declarations
from sparsevae.figures.declaration import PARTS, Declaration, Numbers, Sentence
from sparsevae.jobs.errors import SiteError
from sparsevae.report import statements as say
from sparsevae.report.markup import Markup, Phrase, code, phrase, slug
from sparsevae.report.statements import Results, Statement
from sparsevae.report.study_page import GridPage

DOTS_PER_INCH = 200  # what figures/style.py saves
# Dots of a screen for an inch of a figure: its letters are then as large as the text's.
SCREEN = 110
# The first page shows the first of these that the study has, with a sentence about it.
TELLING = {
    "conditional_samples": "Test images, their reconstructions by each model, and variations along "
    "the latents that are active in their codes.",
    "traversals": "How a decoded image changes as one latent at a time grows.",
    "latent_grid": "Images that each model decodes over the plane of two latents.",
    "class_spikes": "The latents that each class activates.",
    "bound_vs_latent_dim": "The evidence lower bound against the number of latents.",
    "training_history": "Learning curves of all models.",
}
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


def statement(entry: Numbers | Sentence) -> Statement:
    """Return the function that makes a declared sentence from a study's tables."""
    if isinstance(entry, Sentence):
        return _NAMED[entry.name]
    return _OF_SIZES[entry.at](entry.measure, entry.style, entry.phrase)


@dataclass(frozen=True)
class Figure:
    """A figure as a page shows it; `folder` is its dataset and a slash, or empty."""

    name: str
    folder: str
    title: str
    number: int
    caption: Phrase
    png: Path

    @property
    def path(self) -> str:
        """A relative URL of the files, without suffix."""
        return quote(f"figures/{self.folder}{self.name}")

    @property
    def anchor(self) -> str:
        return quote(f"figure-{self.folder}{self.name}".replace("/", "-"))

    @property
    def page(self) -> str:
        """The page of its dataset."""
        return f"experiments-{slug(self.folder.rstrip('/'))}.html"

    @property
    def of(self) -> str:
        return self.folder.rstrip("/") or "all datasets"

    def size(self, dots_per_inch: int = DOTS_PER_INCH) -> tuple[int, int]:
        """Return width and height in pixels. Raises SiteError for a file that is not a PNG."""
        header = self.png.read_bytes()[:24]
        if header[:8] != b"\x89PNG\r\n\x1a\n" or len(header) < 24:
            raise SiteError(f"{self.png}: not a PNG; delete it and run again")
        width, height = struct.unpack(">II", header[16:24])
        scale = dots_per_inch / DOTS_PER_INCH
        return round(width * scale), round(height * scale)


class Figures:
    """The figures that a study makes."""

    def __init__(self, results: Results, folder: Path, captions: Path):
        self.results, self.folder, self.captions = results, folder, captions
        grids = [*results.study.grids, None]
        names = [
            f"{grid.dataset}/{name}" if grid else name
            for grid in grids
            for part in PARTS
            for name in self.of_part(grid, part)
        ]
        self._numbers = {name: n for n, name in enumerate(names, 1)}

    def made(self, name: str, grid: GridPage | None = None) -> bool:
        return name in (grid.figures if grid else self.results.study.figures)

    def of_part(self, grid: GridPage | None, part: str) -> list[str]:
        """Return a dataset's figures in one part of the chapter; without one, the study's."""
        names = grid.figures if grid else self.results.study.figures
        return [name for name in names if declarations()[name].part == part]

    def get(self, name: str, grid: GridPage | None = None) -> Figure:
        """Return a figure that the study makes."""
        declared = declarations()[name]
        folder = f"{grid.dataset}/" if grid else ""
        said = say.states(self.results, grid, [statement(entry) for entry in declared.numbers])
        numbers = said if said.values else NO_NUMBERS
        caption = phrase("{}\n\n{}", self._description(declared, grid), numbers)
        file = self.folder / f"{folder}{name}.png"
        return Figure(name, folder, declared.title, self._numbers[f"{folder}{name}"], caption, file)

    def telling(self) -> Figure | None:
        """Return the first page's: the first of TELLING that the study has."""
        for name in TELLING:
            for grid in reversed(self.results.study.grids):
                if self.made(name, grid):
                    return self.get(name, grid)
        return None

    def about_table(self, name: str) -> Markup:
        """Return what a table holds, as Snakemake's report says it."""
        file = self.captions / "table.rst"
        if not file.exists():
            raise SiteError(f"{file.name}: no caption of the tables in workflow/report; write one")
        template = Environment(undefined=StrictUndefined).from_string(
            file.read_text(encoding="utf-8")
        )
        rendered = template.render(snakemake=SimpleNamespace(output=[f"tables/{name}.csv"]))
        return Markup(" ".join(rendered.replace("``", "`").split()))

    def _description(self, declared: Declaration, grid: GridPage | None) -> Markup:
        """What a figure shows, as Snakemake's report has it, in Markdown."""
        written = declared.caption.replace("``{dataset}``", "{dataset}").replace("``", "`")
        if grid is None:
            return Markup(written)
        return Markup(written.format(dataset=code(grid.dataset), latent_dim=grid.shown_latent_dim))
