"""How each table of a study looks on a page."""

import pandas as pd

from sparsevae.report.citations import Tables
from sparsevae.report.data_tables import TableLook, html_table
from sparsevae.report.markup import inert

VERDICTS = (
    *("better", "within", "worse", "holds", "fails"),
    *("undecided", "not comparable", "missing", "not run"),
)
LOOKS = {
    "headline": TableLook(
        columns=(
            "dataset",
            "model",
            "latent_dim",
            "seeds",
            "elbo_mean",
            "elbo_std",
            "iwae_mean",
            "kl_mean",
            "active_fraction_mean",
            "used_latents_mean",
            "probe_accuracy_mean",
            "collapsed_runs",
        ),
        filters=("dataset", "model", "latent_dim"),
        labels={
            "latent_dim": "latents",
            "elbo_mean": "ELBO",
            "elbo_std": "± sd",
            "iwae_mean": "IWAE bound",
            "kl_mean": "KL",
            "active_fraction_mean": "active share",
            "used_latents_mean": "used latents",
            "probe_accuracy_mean": "probe accuracy",
            "collapsed_runs": "collapsed",
        },
    ),
    "summary": TableLook(filters=("dataset", "model", "latent_dim")),
    "metrics": TableLook(filters=("dataset", "model", "latent_dim", "seed")),
    "probes": TableLook(filters=("dataset", "model", "latent_dim", "codes", "classifier")),
    "class_cosines": TableLook(filters=("dataset", "model", "latent_dim", "seed")),
    "scorecard": TableLook(
        columns=(
            "verdict",
            "dataset",
            "model",
            "latent_dim",
            "measure",
            "published",
            "ours",
            "ours_sd",
            "n_seeds",
            "difference",
            "difference_standard_error",
            "source",
            "setting",
            "note",
        ),
        filters=("verdict", "dataset", "measure", "source"),
        long=("note", "setting"),
        labels={
            "latent_dim": "latents",
            "ours_sd": "sd of ours",
            "n_seeds": "seeds",
            "difference_standard_error": "standard error of the difference",
        },
    ),
    "claims": TableLook(
        columns=(
            "verdict",
            "claim",
            "dataset",
            "compared",
            "measure",
            "latent_dims",
            "effect",
            "interval",
            "level",
            "n",
            "standard_error",
            "test_standard_error",
            "source",
            "note",
        ),
        filters=("verdict", "dataset", "source"),
        long=("note",),
        labels={
            "latent_dims": "latents",
            "n": "seeds",
            "standard_error": "standard error over seeds",
            "test_standard_error": "over test images",
        },
    ),
}


def shown(tables: Tables, look: str, name: str) -> str:
    """HTML of a table; those with verdicts have what could be told first."""
    frame = tables[name]
    if "verdict" in frame:
        order = {verdict: place for place, verdict in enumerate(VERDICTS)}
        places = frame["verdict"].map(order).fillna(len(order))
        frame = frame.assign(place=places).sort_values("place", kind="stable").drop(columns="place")
    return html_table(frame, name, LOOKS.get(look, TableLook()))


def times(table: pd.DataFrame) -> str:
    """What the jobs took; a word where no benchmark is there."""
    if table.empty:
        return "<p>No benchmark of this study's jobs was found.</p>\n"
    rows = "".join(
        f"<tr><td>{inert(row.job)}</td>"
        + "".join(
            f'<td class="number">{value:,.0f}</td>' if pd.notna(value) else "<td></td>"
            for value in (row.jobs, row.seconds, row.longest_s, row.cpu_s, row.memory_mb)
        )
        + "</tr>\n"
        for row in table.itertuples()
    )
    head = "".join(
        f'<th scope="col"{number}>{name}</th>'
        for name, number in [("jobs of", "")]
        + [
            (name, ' class="number"')
            for name in ("number", "seconds", "longest", "CPU seconds", "memory, MB")
        ]
    )
    total = f"{table['seconds'].sum() / 60:,.1f}"
    return (
        f"<p>In all, {int(table['jobs'].sum()):,} jobs took {total} minutes, one after the other; "
        "with several cores the study takes less.</p>\n"
        '<div class="table-box" tabindex="0" role="region" aria-label="run times">'
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table></div>\n"
    )


def built_with(versions: dict[str, str]) -> str:
    """One line on what built the site."""
    parts = ", ".join(f"{inert(name)} {inert(version)}" for name, version in versions.items())
    return f"<p>This site was built with {parts}.</p>\n"
