"""Effect, interval and verdict of each claim on a study: tables/claims.csv.

For each claim and comparison of models, effects are averaged over the latent sizes within each
seed, and the mean and its interval are over seeds (intervals.py). If the effect is in the claim's
region at some sizes and outside at others, the claim is stated by size instead. All verdicts of the
table are corrected for their number (verdicts.py).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from sparsevae.comparison import claims
from sparsevae.comparison.claims import CLAIMS, Claim, Evidence
from sparsevae.comparison.contrasts import PAIR, effects, error_over_images
from sparsevae.comparison.intervals import Estimate, Mean, fraction, over_seeds
from sparsevae.comparison.matching import Run, apart_from, identity
from sparsevae.comparison.measures import measured_as, with_derived_measures
from sparsevae.comparison.verdicts import (
    Answer,
    Question,
    Region,
    answer,
    how_many_seeds,
    number_of_tests,
)

COLUMNS = [
    *("claim", "source", "dataset", "compared", "measure", "latent_dims", "effect"),
    *("standard_error", "test_standard_error", "interval", "level", "correction"),
    *("n", "over", "verdict", "note"),
]
RUN = ["dataset", "model", *PAIR]


@dataclass(frozen=True)
class Finding:
    """One row of the table before its verdict."""

    claim: Claim
    dataset: str
    evidence: Evidence
    sizes: tuple[int, ...]
    question: Question
    remarks: tuple[str, ...]


def claims_table(
    metrics: pd.DataFrame, runs: Sequence[Run], blocks: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return COLUMNS: for each claim a row per dataset and comparison, or one with what to run.

    metrics: tables/metrics.csv; runs: the settings of one run for each dataset and model; blocks:
    means of measures over blocks of test images (image_blocks.py), with the columns dataset, model,
    latent_dim, seed and block. Verdicts are holds, fails, undecided and not run.
    """
    datasets = _by_dataset(metrics, runs)
    findings = [
        [finding for data in datasets for finding in _findings(entry, data, blocks)]
        for entry in CLAIMS
    ]
    questions = [finding.question for found in findings for finding in found]
    answers = iter(answer(questions))
    correction = f"Holm, {number_of_tests(questions)} tests"
    table = []
    for entry, found in zip(CLAIMS, findings, strict=True):
        table += [_row(finding, next(answers), correction) for finding in found]
        table += [] if found else [_not_run(entry, metrics)]
    return pd.DataFrame(table, columns=COLUMNS)


def _by_dataset(metrics: pd.DataFrame, runs: Sequence[Run]) -> list[pd.DataFrame]:
    """Runs of each dataset, in the study's order, with the settings of their models as columns."""
    models = pd.DataFrame(
        [
            {"dataset": run["dataset"], "model": run["model"], **identity(run)}
            | {f"apart_from_{name}": apart_from(run, name) for name in claims.VARIED}
            for run in runs
        ]
    )
    models = models.astype({"alpha": float, "beta": float})
    joined = metrics.merge(models, on=["dataset", "model"], how="left", sort=False)
    joined = with_derived_measures(joined)
    return [group for _, group in joined.groupby("dataset", sort=False)]


def _findings(entry: Claim, data: pd.DataFrame, blocks: pd.DataFrame | None) -> Iterator[Finding]:
    if entry.column not in data:
        return
    data = data.dropna(subset=entry.column).astype({entry.column: float})
    for evidence in entry.test(data, entry.column):
        if len(evidence.contrast):
            yield from _of_evidence(entry, data, evidence, blocks)


def _of_evidence(
    entry: Claim, data: pd.DataFrame, evidence: Evidence, blocks: pd.DataFrame | None
) -> Iterator[Finding]:
    """One finding over all sizes, or one for each size if these do not agree."""
    contrast = evidence.contrast
    table = effects(contrast, data[entry.column])
    shared = table.dropna(axis=1)
    remarks = []
    if shared.shape[1] < table.shape[1]:
        absent = ", ".join(str(size) for size in table.columns.difference(shared.columns))
        remarks.append(f"without {absent} latents, which some seed lacks")
    if shared.empty:
        shared, remarks = table.iloc[:, :1].dropna(), ["at one size, as the seeds share none"]
    sides = {_inside(mean, evidence.region) for mean in shared.mean()}
    parts = [list(shared.columns)]
    if len(sides) > 1 and len(shared) > 1:
        parts = [[size] for size in shared.columns]
    for sizes in parts:
        chosen = contrast[contrast["latent_dim"].isin(sizes) & contrast["seed"].isin(shared.index)]
        error = None if entry.counts_seeds else _image_error(entry, data, chosen, blocks)
        lacking = error is None and not entry.counts_seeds
        yield Finding(
            entry,
            data["dataset"].iloc[0],
            evidence,
            _sizes(data, chosen),
            Question(
                _estimate(entry, shared[sizes].mean(axis=1), evidence.region, error),
                evidence.region,
                tests=1 if len(parts) == 1 else 2,
            ),
            (
                *remarks,
                *["by size, as the sizes do not agree"] * (len(parts) > 1),
                *["without the sampling error of the test images"] * lacking,
            ),
        )


def _sizes(data: pd.DataFrame, contrast: pd.DataFrame) -> tuple[int, ...]:
    return tuple(sorted(map(int, data.loc[contrast.index, "latent_dim"].unique())))


def _image_error(
    entry: Claim, data: pd.DataFrame, contrast: pd.DataFrame, blocks: pd.DataFrame | None
) -> tuple[float, float] | None:
    column = f"{entry.column}_test_standard_error"
    errors = data[column].astype(float) if column in data else None
    return error_over_images(contrast, errors, _block_means(entry, data, contrast, blocks))


def _block_means(
    entry: Claim, data: pd.DataFrame, contrast: pd.DataFrame, blocks: pd.DataFrame | None
) -> pd.DataFrame | None:
    """Blocks as columns, for the runs of a contrast that have them; the index is that of `data`."""
    if blocks is None or entry.column not in blocks:
        return None
    runs = data.loc[contrast.index.unique(), RUN].reset_index(names="run")
    means = runs.merge(blocks, on=RUN).pivot(index="run", columns="block", values=entry.column)
    return means.dropna(axis=1, how="all")


def _estimate(
    entry: Claim, values: pd.Series, region: Region, error: tuple[float, float] | None
) -> Estimate:
    """From one value a seed; of a claim on most runs, from whether most of the seed's runs do."""
    if entry.counts_seeds:
        return fraction((values > claims.MOST).to_numpy())
    return over_seeds(values.to_numpy(), entry.resolution, *(error or (0.0, math.inf)))


def _inside(value: float, region: Region) -> bool:
    return region[0] < value < region[1]


def _row(finding: Finding, found: Answer, correction: str) -> dict:
    entry, estimate = finding.claim, finding.question.estimate
    interval = found.interval
    remarks = [f"holds {_words(finding.question.region)}", *finding.remarks]
    if found.verdict == "undecided":
        remarks.insert(1, how_many_seeds(finding.question, found.level))
    row = {
        "claim": entry.text,
        "source": entry.source,
        "dataset": finding.dataset,
        "compared": finding.evidence.compared,
        "measure": entry.measure,
        "latent_dims": ", ".join(map(str, finding.sizes)),
        "effect": estimate.effect,
        "interval": f"[{interval[0]:.4g}, {interval[1]:.4g}]" if interval else None,
        "level": round(found.level, 6) if found.level else None,
        "correction": correction if interval else None,
        "n": estimate.n,
        "over": "seeds",
        "verdict": found.verdict,
        "note": "; ".join(remarks),
    }
    if isinstance(estimate, Mean) and interval:
        row["standard_error"] = estimate.standard_error
        row["test_standard_error"] = estimate.test_error or None
    return row


def _words(region: Region) -> str:
    low, high = region
    parts = [f"above {low:.4g}"] * (low > -math.inf) + [f"below {high:.4g}"] * (high < math.inf)
    return " and ".join(parts)


def _not_run(entry: Claim, metrics: pd.DataFrame) -> dict:
    absent = [name for name in measured_as(entry.column) if name not in metrics]
    reason = f"metrics.csv has no column {absent[0]}" if absent else f"needs {entry.needs}"
    given = {"claim": entry.text, "source": entry.source, "measure": entry.measure}
    return given | {"n": 0, "verdict": "not run", "note": reason}
