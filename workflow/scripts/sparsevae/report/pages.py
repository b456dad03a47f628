"""Write the pages (MyST) of a study from the templates of workflow/pages."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import markupsafe
import yaml
from jinja2 import TemplateError

from sparsevae.explorer.page import embedded
from sparsevae.figures.declaration import PARTS
from sparsevae.figures.palette import model_style
from sparsevae.jobs.errors import SiteError
from sparsevae.report import provenance, tables_shown
from sparsevae.report.figures import SCREEN, TELLING, Figure, Figures
from sparsevae.report.findings import Findings
from sparsevae.report.markup import (
    Markup,
    Phrase,
    code,
    code_block,
    html_environment,
    markdown_environment,
    phrase,
    slug,
    text,
    words,
)
from sparsevae.report.sources import copy_module
from sparsevae.report.statements import Results
from sparsevae.report.study_page import GridPage, StudyPage
from sparsevae.report.tables import Number, Tables

# What pdflatex's fonts lack.
_OF_LATEX = str.maketrans(
    {"\N{MINUS SIGN}": "\N{EN DASH}"}
    | {
        letter: f"${name}$"
        for letter, name in zip("αβγλ", (r"\alpha", r"\beta", r"\gamma", r"\lambda"), strict=True)
    }
)


@dataclass(frozen=True)
class Inputs:
    """Where everything is that a site is made of."""

    study: StudyPage
    tables: dict[str, Path]
    figures: Path
    benchmarks: Path
    templates: Path
    captions: Path
    environments: list[Path]
    package: Path
    explorer: Path | None = None

    @property
    def title(self) -> str:
        return f"sparsevae: {self.study.name}"


class Pages:
    """All pages for a target; results reach them as values, which are written here only.

    no_pdf: why the report has no PDF, or empty if it has one.
    """

    def __init__(
        self, inputs: Inputs, folder: Path, target: Literal["html", "latex"], no_pdf: str = ""
    ):
        self.inputs, self.folder, self.target, self.no_pdf = inputs, folder, target, no_pdf
        self.results = Results(inputs.study, Tables(inputs.tables))
        self.findings = Findings(self.results)
        self.figures = Figures(self.results, inputs.figures, inputs.captions)
        self.html: Any = html_environment(inputs.templates).get_template("_macros.html").module
        self.environment = markdown_environment(inputs.templates, self.written)
        self.environment.globals |= self._names()

    def write(self) -> None:
        """Write every page. Raises SiteError for a template that names what does not exist."""
        for template in sorted(self.inputs.templates.glob("[!_]*.md")):
            if template.name == "dataset.md":
                for grid in self.inputs.study.grids:
                    self._page(template.name, f"experiments-{slug(grid.dataset)}.md", grid=grid)
            else:
                self._page(template.name, template.name)

    def written(self, value: Any) -> Markup:
        """Return the Markdown of a value: of a phrase, of a number with its place, or of text."""
        if isinstance(value, Phrase):
            return Markup(value.pattern.format(*map(self.written, value.values)))
        if isinstance(value, Number):
            return Markup(self.html.number(value) if self.target == "html" else value)
        return text(value)

    def _page(self, template: str, name: str, **values: Any) -> None:
        try:
            rendered = self.environment.get_template(template).render(**values)
        except TemplateError as error:
            raise SiteError(f"workflow/pages/{template}: {error}") from None
        if self.target == "latex":
            rendered = rendered.translate(_OF_LATEX)
        self._file(name, rendered)

    def _names(self) -> dict[str, Any]:
        """Everything that a template can name."""
        return {
            "study": self.inputs.study,
            "target": self.target,
            "parts": PARTS,
            "say": self.findings,
            "cards": self.cards,
            "formula": self.formula,
            "figure": self.figure,
            "about_table": self.about_table,
            "figures_of": self.figures.of_part,
            "hero": self.hero,
            "table": self.table,
            "label": self.results.label,
            "legend": self.legend,
            "config_text": self.config_text,
            "run_times": self.run_times,
            "pins": provenance.pins(self.inputs.environments),
            "environments": [file.stem for file in self.inputs.environments],
            "explorer": self.inputs.explorer,
            "include_explorer": self.include_explorer,
            "pdf": self.pdf,
            "slug": slug,
            "code": code,
            "words": words,
            "verbatim": Markup,
        }

    def formula(self, module: str, *names: str, label: str = "", caller: Any = None) -> Markup:
        """Return a displayed formula and, folded below it, the functions that compute it."""
        file = copy_module(self.inputs.package, module, self.folder)
        template = self.environment.get_template("_formula.md")
        about = {
            "module": module,
            "names": names,
            "summary": Markup(self.html.computed(names, module)),
        }
        shown = {"label": label, "formula": Markup(caller().strip()), "file": Markup(file)}
        return Markup(template.render(about | shown))

    def figure(self, name: str, grid: GridPage | None = None) -> Markup | Phrase:
        """Return a figure with its caption, or a sentence that the study does not make it."""
        if not self.figures.made(name, grid):
            return phrase("*This study does not make the figure {}.*\n", words(name))
        figure = self.figures.get(name, grid)
        caption = self.written(figure.caption)
        if self.target == "latex":
            return self._latex_figure(figure, caption)
        return Markup(self.html.figure(figure, figure.size(SCREEN), markupsafe.Markup(caption)))

    def hero(self) -> Markup:
        """Return the first page's picture: the most telling figure that the study has."""
        figure = self.figures.telling()
        if figure is None:
            return Markup("")
        return self._html(self.html.hero(figure, figure.size(), TELLING[figure.name]))

    def cards(self) -> Markup:
        """Return the first page's headlines."""
        return self._html(self.html.cards(self.findings.cards()))

    def legend(self) -> Markup:
        """Return each model's name beside a dot in its colour, as in the figures."""
        return self._html(self.html.legend(model_style(self.inputs.study.models).values()))

    def table(self, name: str, look: str = "") -> Markup:
        """Return a table of the study."""
        if self.target == "latex":
            return Markup(f"The table is in `tables/{name}.csv`.\n")
        shown = tables_shown.shown(self.results.tables, look or name, name)
        return self._taken_in(f"_table-{look or name}.html", self.html.table(shown))

    def about_table(self, name: str) -> Phrase:
        """State what a table holds, and how many rows."""
        rows = len(self.results.tables[name])
        count = phrase("{} {}", Markup(f"{rows:,}"), "row" if rows == 1 else "rows")
        return phrase("{} {}.", self.figures.about_table(name), count)

    def config_text(self) -> Markup:
        """Return the study's config as a file that can be run again."""
        config = plain(self.inputs.study.config)
        text = yaml.safe_dump(config, sort_keys=False, allow_unicode=True, default_flow_style=None)
        return code_block(text, "yaml")

    def run_times(self) -> Markup:
        """Return times and versions, which differ from run to run and are on no other page."""
        if self.target == "latex":
            return Markup("They are in the site.\n")
        times = provenance.run_times(self.inputs.benchmarks)
        versions = provenance.of_this_build(self.inputs.package)
        jobs, minutes = int(times["jobs"].sum()), times["seconds"].sum() / 60
        shown = self.html.times(list(times.itertuples()), jobs, minutes, versions)
        return self._taken_in("_times.html", shown)

    def include_explorer(self) -> Markup:
        """Return the explorer; `build_site` puts its scripts and data into `explorer/`."""
        if self.target == "latex":
            return Markup("The explorer is in the site.\n")
        page = embedded(self.inputs.templates / "explorer", "explorer")
        return self._taken_in("_explorer.html", page)

    def pdf(self) -> Markup:
        """Return a link to the PDF, or why there is none: it depends on the machine."""
        return self._taken_in("_pdf.html", self.html.pdf("report.pdf", self.no_pdf))

    def _latex_figure(self, figure: Figure, caption: Markup) -> Markup:
        """A figure of the PDF, whose file goes beside the pages."""
        target = Path("figures", f"{figure.folder}{figure.name}.pdf")
        (self.folder / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(figure.png.with_suffix(".pdf"), self.folder / target)
        block = f"```{{figure}} /{target}\n:width: 100%\n:align: center\n\n"
        return Markup(f"{block}**{figure.title}.** {caption}\n```\n")

    def _html(self, content: str) -> Markup:
        """HTML in a page of Markdown; nothing in the PDF."""
        return Markup(content if self.target == "html" else "")

    def _taken_in(self, file: str, content: str) -> Markup:
        """HTML in a file of its own, taken in as it is; the search does not look into it."""
        self._file(file, content)
        return Markup(f"```{{raw}} html\n:file: {file}\n:class: no-search\n```\n")

    def _file(self, name: str, content: str) -> None:
        (self.folder / name).write_text(content, encoding="utf-8")


def plain(value: Any) -> Any:
    """Return lists for a rule's params' other sequences: YAML has no tuples."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value
