"""From the templates of workflow/pages to pages of MyST, filled in from a study's results."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from sparsevae.explorer.page import FRAGMENT, embedded
from sparsevae.figures.catalogue import declarations
from sparsevae.figures.declaration import PARTS
from sparsevae.figures.palette import model_style
from sparsevae.jobs.errors import SiteError
from sparsevae.report import (
    figure_text,
    figures,
    findings,
    run_times,
    source_pages,
    sources,
    tables_shown,
)
from sparsevae.report import versions as versions_of
from sparsevae.report.citations import Tables
from sparsevae.report.markup import Markup, code, inert, slug, text, words
from sparsevae.report.statements import Results
from sparsevae.report.study_page import GridPage, StudyPage

_DATA = re.compile(r"<data [^>]*>([^<]*)</data>")
# What pdflatex's fonts lack.
_OF_LATEX = str.maketrans(
    {"\N{MINUS SIGN}": "\N{EN DASH}"}
    | {
        letter: f"${name}$"
        for letter, name in zip("αβγλ", (r"\alpha", r"\beta", r"\gamma", r"\lambda"), strict=True)
    }
)
_LINK = re.compile(r'<a class="source" href="[^"]*">([^<]*)</a>')


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


class Pages:
    """Writes all pages for a `target`, html or latex, into a folder."""

    def __init__(self, inputs: Inputs, folder: Path, target: str, pdf: str):
        self.inputs, self.folder, self.target, self.pdf = inputs, folder, target, pdf
        self.results = Results(inputs.study, Tables(inputs.tables))
        self.modules: set[str] = set()
        self.numbers: dict[str, int] = {}
        self.environment = Environment(
            loader=FileSystemLoader(inputs.templates),
            variable_start_string="<<",
            variable_end_string=">>",
            block_start_string="<%",
            block_end_string="%>",
            comment_start_string="<#",
            comment_end_string="#>",
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=StrictUndefined,
            finalize=text,
        )
        self.environment.globals |= self._names()

    def write(self) -> None:
        """Raises SiteError for a template that names what is not there."""
        self._number_figures()
        for template in sorted(self.inputs.templates.glob("*.md")):
            if template.name == "dataset.md":
                for grid in self.inputs.study.grids:
                    self._page(template.name, f"experiments-{slug(grid.dataset)}.md", grid=grid)
            else:
                self._page(template.name, template.name)
        for module in sorted(self.modules):
            self._source_page(module)

    def _page(self, template: str, name: str, **values: Any) -> None:
        self.page = name
        try:
            rendered = self.environment.get_template(template).render(**values)
        except TemplateError as error:
            raise SiteError(f"workflow/pages/{template}: {error}") from None
        if self.target == "latex":
            rendered = _LINK.sub(r"`\1`", _DATA.sub(r"\1", rendered)).translate(_OF_LATEX)
        (self.folder / name).write_text(rendered)

    def _names(self) -> dict[str, Any]:
        """Everything that a template can name."""
        return {
            "study": self.inputs.study,
            "tables": self.results.tables,
            "target": self.target,
            "pdf_word": self.pdf_word,
            "parts": PARTS,
            "say": findings.sentences(self.results),
            "cards": self.cards,
            "formula": self.formula,
            "figure": self.figure,
            "about_table": self.about_table,
            "figures_of": self.figures_of,
            "hero": self.hero,
            "table": self.table,
            "label": self.results.label,
            "legend": self.legend,
            "config_text": self.config_text,
            "run_times": self.run_times,
            "pins": versions_of.pins(self.inputs.environments),
            "environments": [file.stem for file in self.inputs.environments],
            "explorer": self.inputs.explorer,
            "include_explorer": self.include_explorer,
            "slug": slug,
            "code": code,
            "words": lambda value: text(words(value)),
        }

    def formula(self, module: str, *names: str, label: str = "", caller: Any = None) -> Markup:
        """A displayed formula, and below it the functions that compute it, as links."""
        links = []
        for name in names:
            source = sources.find(self.inputs.package, module, name)
            href = f"source/{source.page}.html#line-{source.line}"
            links.append(f'<a class="source" href="{href}">{inert(name)}</a>')
        self.modules.add(module)
        block = f"```{{math}}\n:label: {label}\n\n" if label else "```{math}\n"
        computed = f"Computed by {', '.join(links)} in `sparsevae/{module}`."
        if self.target == "html":
            computed = f'<div class="computed">\n\n{computed}\n\n</div>'
        return Markup(f"{block}{caller().strip()}\n```\n\n{computed}\n")

    def figure(self, name: str, grid: GridPage | None = None) -> Markup:
        """A figure of the study with its caption; a word in its place where there is none."""
        folder = f"{grid.dataset}/" if grid else ""
        file = self.inputs.figures / f"{folder}{name}.png"
        if name not in (grid.figures if grid else self.inputs.study.figures):
            return Markup(f"*This study does not make the figure {text(words(name))}.*\n")
        declared = declarations()[name]
        caption = figure_text.caption_of(self.results, declared, grid)
        title = declared.title
        if self.target == "latex":
            target = self.folder / "figures" / f"{folder}{name}.pdf"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.with_suffix(".pdf"), target)
            return figures.latex_figure(target.relative_to(self.folder), title, caption)
        number = self.numbers[f"{folder}{name}"]
        return figures.html_figure(name, folder, file, number, title, caption)

    def figures_of(self, grid: GridPage | None, part: str) -> list[str]:
        """Names of a dataset's figures in one part of the chapter; without one, of the study's."""
        names = grid.figures if grid else self.inputs.study.figures
        return [name for name in names if declarations()[name].part == part]

    def hero(self) -> Markup:
        """The first page's picture: the most telling one that the study has."""
        for name in findings.TELLING:
            for grid in reversed(self.inputs.study.grids):
                if name in grid.figures:
                    return self._hero(name, grid)
        return Markup("")

    def _hero(self, name: str, grid: GridPage) -> Markup:
        path = inert(quote(f"figures/{grid.dataset}/{name}.png"))
        width, height = figures.size(self.inputs.figures / grid.dataset / f"{name}.png")
        title = declarations()[name].title
        page = f"experiments-{slug(grid.dataset)}.html#{figures.anchor(f'{grid.dataset}/', name)}"
        if self.target == "latex":
            return Markup("")
        return Markup(
            f'<a class="hero" href="{page}"><img src="{path}" width="{width}" height="{height}" '
            f'alt="{title} of {inert(grid.dataset)}">'
            f"<span>{inert(findings.TELLING[name])}</span></a>\n"
        )

    def cards(self) -> Markup:
        """The first page's headlines."""
        found = "".join(card.html() for card in findings.cards(self.results))
        return Markup(f'<div class="cards">\n{found}</div>\n' if self.target == "html" else "")

    def table(self, name: str, look: str = "") -> Markup:
        """A table of the study, in a file that the page takes in as it is."""
        if self.target == "latex":
            return Markup(f"The table is in `tables/{name}.csv`.\n")
        file = f"_table-{look or name}.html"
        (self.folder / file).write_text(tables_shown.shown(self.results.tables, look or name, name))
        return taken_in(file)

    def about_table(self, name: str) -> Markup:
        """What a table holds, and how many rows."""
        rows = len(self.results.tables[name])
        about = figure_text.table_description(self.inputs.captions, name)
        return Markup(f"{about} {rows:,} {'row' if rows == 1 else 'rows'}.")

    def legend(self) -> Markup:
        """A chip in each model's colour, as in the figures."""
        styles = model_style(self.inputs.study.models)
        chips = "".join(
            f'<li><span style="--model:{inert(style.colour)}"></span>{inert(style.label)}</li>'
            for style in styles.values()
        )
        return Markup(f'<ul class="legend">{chips}</ul>' if self.target == "html" else "")

    def config_text(self) -> Markup:
        """The study's config as a file that can be run again."""
        dumped = yaml.safe_dump(
            plain(self.inputs.study.config),
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=None,
        )
        longest = max((len(run) for run in re.findall("`+", dumped)), default=0)
        fence = "`" * max(3, longest + 1)
        return Markup(f"{fence}yaml\n{dumped}{fence}\n")

    def run_times(self) -> Markup:
        """Times and versions, which differ from run to run: in HTML that nothing else repeats."""
        if self.target == "latex":
            return Markup("They are in the site.\n")
        times = run_times.run_times(self.inputs.benchmarks)
        content = tables_shown.times(times)
        content += tables_shown.built_with(versions_of.of_this_build(self.inputs.package))
        (self.folder / "_times.html").write_text(content)
        return taken_in("_times.html")

    def include_explorer(self) -> Markup:
        """The explorer's fragment; `build_site` puts its scripts and data into `explorer/`."""
        if self.target == "latex":
            return Markup("The explorer is in the site.\n")
        fragment = (self.inputs.templates / "explorer" / FRAGMENT).read_text()
        (self.folder / "_explorer.html").write_text(embedded(fragment, "explorer"))
        return taken_in("_explorer.html")

    def pdf_word(self) -> Markup:
        """A link to the PDF, or why there is none; in HTML, as it depends on the machine."""
        word = self.pdf
        if word == "report.pdf":
            word = f'<a href="{word}">{word}</a>'
        (self.folder / "_pdf.html").write_text(f"<p>{word}</p>\n")
        return taken_in("_pdf.html")

    def _source_page(self, module: str) -> None:
        if self.target == "latex":
            return
        page = sources.page_of(module)
        folder = self.folder / "source"
        folder.mkdir(exist_ok=True)
        (folder / f"_{page}.html").write_text(source_pages.source_page(self.inputs.package, module))
        (folder / f"{page}.md").write_text(
            f"---\norphan: true\nnosearch: true\n---\n\n# sparsevae/{text(module)}\n\n"
            f"{taken_in(f'_{page}.html')}"
        )

    def _number_figures(self) -> None:
        for grid in self.inputs.study.grids:
            for part in PARTS:
                for name in self.figures_of(grid, part):
                    self.numbers[f"{grid.dataset}/{name}"] = len(self.numbers) + 1
        for part in PARTS:
            for name in self.figures_of(None, part):
                self.numbers[name] = len(self.numbers) + 1


def taken_in(file: str) -> Markup:
    """A file of HTML, as it is; no words of it are in the index of the search."""
    return Markup(f"```{{raw}} html\n:file: {file}\n:class: no-search\n```\n")


def plain(value: Any) -> Any:
    """Lists where a rule's params have other sequences: YAML has no tuples."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value
