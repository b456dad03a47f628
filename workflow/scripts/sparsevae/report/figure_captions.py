"""What is said below each figure: what it shows (workflow/report/*.rst), and its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, StrictUndefined

from sparsevae.jobs.errors import SiteError
from sparsevae.report import statements as say
from sparsevae.report.markup import Markup, text
from sparsevae.report.statements import Results, Statement
from sparsevae.report.study_page import GridPage


@dataclass(frozen=True)
class FigureText:
    """Heading, part of the chapter Experiments, and the sentences with numbers of one figure."""

    title: str
    part: str
    numbers: Sequence[Statement]


USED = say.at_shown_size("used_latents", "count", "Latents in use")
ACTIVE = say.at_shown_size("active_fraction", "percent", "Share of latents that are not exactly 0")
ELBO = say.at_shown_size("elbo", "nats", "ELBO of the test set in nats")
RECONSTRUCTION = say.at_shown_size(
    "reconstruction", "nats", "Minus log-likelihood of test inputs in nats, given their codes,"
)
KL = say.at_shown_size("kl", "nats", "KL of codes from the prior in nats")

PARTS = ("Data", "Bounds", "What codes tell", "Sparsity", "Decoded pictures", "Training")
FIGURES = {
    "examples": FigureText("Examples of the data", "Data", [say.test_images]),
    "bound_vs_latent_dim": FigureText(
        "Bound against latent size",
        "Bounds",
        [say.best_size("elbo", "nats", "Mean ELBO of the test set in nats")],
    ),
    "bound_vs_weight": FigureText(
        "Bound against the price of a code",
        "Bounds",
        [
            ELBO,
            say.at_shown_size("elbo_selected", "nats", "The paper's objective"),
        ],
    ),
    "accuracy_vs_latent_dim": FigureText(
        "Accuracy against latent size",
        "What codes tell",
        [say.best_size("probe_accuracy", "percent", "Mean accuracy from E\\[z|x\\]")],
    ),
    "accuracy_vs_labels": FigureText(
        "Accuracy against the number of labels", "What codes tell", [say.probe_curve]
    ),
    "class_activations": FigureText(
        "Which latents a class activates", "What codes tell", [USED, ACTIVE]
    ),
    "class_spikes": FigureText("Spikes by class", "What codes tell", [say.class_pairs]),
    "factor_correlations": FigureText(
        "Latents and known factors",
        "What codes tell",
        [
            say.at_shown_size("correlation_used", "count", "Latents that follow a factor"),
            say.at_shown_size("correlation_own", "ratio", "Correlation with their own attribute"),
            say.at_shown_size("correlation_other", "ratio", "Correlation with the others"),
        ],
    ),
    "used_latents_vs_latent_dim": FigureText(
        "How many latents are used",
        "Sparsity",
        [say.at_smallest_and_largest("used_latents", "count", "Latents in use")],
    ),
    "sparse_codes": FigureText(
        "Codes of one picture",
        "Sparsity",
        [
            say.at_smallest_and_largest(
                "active_fraction", "percent", "Share of latents that are not exactly 0"
            )
        ],
    ),
    "largest_codes": FigureText(
        "The largest elements of a code",
        "Sparsity",
        [say.at_shown_size("hoyer", "ratio", "Hoyer's sparsity of codes (0 dense, 1 sparse)")],
    ),
    "reconstructions": FigureText("Reconstructions", "Decoded pictures", [RECONSTRUCTION]),
    "prior_samples": FigureText("Draws from the prior", "Decoded pictures", [KL]),
    "traversals": FigureText("One latent at a time", "Decoded pictures", [USED]),
    "conditional_samples": FigureText("Variations of one picture", "Decoded pictures", [ACTIVE]),
    "interpolation": FigureText("From one picture to another", "Decoded pictures", [ACTIVE]),
    "latent_grid": FigureText(
        "The plane of two latents",
        "Decoded pictures",
        [say.at_two_latents("reconstruction", "nats", "Minus log-likelihood in nats")],
    ),
    "pseudo_inputs": FigureText(
        "Pseudo-inputs",
        "Decoded pictures",
        [say.at_shown_size("pseudo_inputs_in_use", "count", "Pseudo-inputs in use")],
    ),
    "training_history": FigureText("Learning curves", "Training", [ELBO]),
    "scorecard": FigureText("Published numbers beside ours", "Training", [say.scorecard_counts]),
}


def description(caption: Path, grid: GridPage | None) -> Markup:
    """What a figure shows, as Snakemake's report says it. Raises SiteError without a caption."""
    wildcards = SimpleNamespace(dataset=text(grid.dataset) if grid else None)
    params = SimpleNamespace(latent_dim=grid.shown_latent_dim if grid else None)
    if caption.stem == "latent_grid":
        params = SimpleNamespace(latent_dim=2)
    return rendered(caption, SimpleNamespace(wildcards=wildcards, params=params))


def table_description(captions: Path, name: str) -> Markup:
    """The same of a table."""
    return rendered(captions / "table.rst", SimpleNamespace(output=[f"tables/{name}.csv"]))


def rendered(caption: Path, snakemake: SimpleNamespace) -> Markup:
    """A caption of `workflow/report`, which uses what reStructuredText and Markdown share."""
    if not caption.exists():
        raise SiteError(f"{caption.name}: a figure has no caption in workflow/report; write one")
    source = caption.read_text(encoding="utf-8")
    template = Environment(undefined=StrictUndefined).from_string(source)
    lines = template.render(snakemake=snakemake).replace("``", "`").strip().splitlines()
    return Markup(" ".join(lines))


def caption_of(results: Results, name: str, captions: Path, grid: GridPage | None) -> Markup:
    """Description, then numbers; says so where the tables have none for the figure."""
    if name not in FIGURES:
        raise SiteError(f"{name}: a figure without a text; add it to report/figure_captions.py")
    numbers = say.states(results, grid, FIGURES[name].numbers)
    return Markup(f"{description(captions / f'{name}.rst', grid)}\n\n{numbers or NO_NUMBERS}")


NO_NUMBERS = Markup("The tables have no number for this figure in this study.")
