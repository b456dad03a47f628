"""What a report is made of, without a study that ran: two models, one dataset, a few numbers."""

import struct
import zlib
from pathlib import Path

from checkout import REPOSITORY
from sparsevae.jobs import storage
from sparsevae.report.markup import Phrase
from sparsevae.report.pages import Inputs
from sparsevae.report.study_page import GridPage, StudyPage

WORKFLOW = REPOSITORY / "workflow"
MEASURES = (
    *("elbo", "iwae", "kl", "reconstruction", "active_fraction", "used_latents"),
    "elbo_iwae_images",
)


def small_site(
    folder: Path,
    models: tuple[str, str] = ("vae", "vsc"),
    dataset: str = "digits",
    figures: tuple[str, ...] = ("bound_vs_latent_dim", "class_spikes"),
) -> Inputs:
    """Writes tables and figures into `folder`; names may be anything."""
    grid = GridPage(
        dataset=dataset,
        models=models,
        latent_dims=(2, 4),
        seeds=(1, 2),
        shown_latent_dim=4,
        figures=figures,
        left_out={"pseudo_inputs": "a model with pseudo-inputs"},
        shape=(1, 8, 8),
        train_size=100,
        test_size=50,
        classes=2,
    )
    study = StudyPage(
        name="small",
        models=models,
        families=dict(zip(models, ("vae", "vsc"), strict=True)),
        warmed=(),
        pseudo_inputs=(),
        grids=(grid,),
        figures=("scorecard",) if figures else (),
        runs=8,
        config={"study": "small", "models": {name: {"family": "vae"} for name in models}},
    )
    for name in (*(f"{dataset}/{figure}" for figure in figures), "scorecard"):
        file = folder / "figures" / f"{name}.png"
        storage.write_bytes(file, picture(600, 300))
        storage.write_bytes(file.with_suffix(".pdf"), b"%PDF-1.4\n")
    return Inputs(
        study=study,
        tables=write_tables(folder / "tables", models, dataset),
        figures=folder / "figures",
        benchmarks=folder / "benchmarks",
        templates=WORKFLOW / "pages",
        captions=WORKFLOW / "report",
        environments=sorted((REPOSITORY / "envs").glob("*.yaml")),
        package=WORKFLOW / "scripts" / "sparsevae",
    )


def picture(width: int, height: int) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def write_tables(folder: Path, models: tuple[str, str], dataset: str) -> dict[str, Path]:
    """Tables with the columns that the pages read; every number is another one."""
    keys = [(model, size) for model in models for size in (2, 4)]
    summary = [
        {
            "dataset": dataset,
            "model": model,
            "latent_dim": size,
            "seeds": 2,
            "collapsed_runs": n % 2,
            "worse_than_mean_runs": int(n == 4),
        }
        | {f"{name}_mean": -n - 0.0625 * k for k, name in enumerate(MEASURES, 1)}
        | {f"{name}_std": 0.5 + n + 0.0625 * k for k, name in enumerate(MEASURES, 1)}
        for n, (model, size) in enumerate(keys, 1)
    ]
    runs = [(*key, seed) for key in keys for seed in (1, 2)]
    metrics = [
        {
            "dataset": dataset,
            "model": model,
            "latent_dim": size,
            "seed": seed,
            "elbo": -seed,
            "collapsed": None if model == models[0] else int(size == 2),
            "worse_than_mean": int((model, size, seed) == (models[1], 4, 2)),
        }
        for model, size, seed in runs
    ]
    probes = [
        row
        | {"codes": "gated", "classifier": "linear", "n_labels": 100, "accuracy": 0.5 + seed / 8}
        for row, (_, _, seed) in zip(
            ({k: m[k] for k in ("dataset", "model", "latent_dim", "seed")} for m in metrics),
            runs,
            strict=True,
        )
    ]
    cosines = [
        {
            "dataset": dataset,
            "model": models[1],
            "latent_dim": 4,
            "seed": 1,
            "label_a": a,
            "label_b": b,
            "cosine": c,
        }
        for a, b, c in ((0, 0, 1), (0, 1, 0.25), (0, 2, 0.75), (1, 2, 0.5))
    ]
    scorecard = [
        {
            "source": "a paper",
            "dataset": d,
            "model": "VSC",
            "setting": "beta=1",
            "latent_dim": size,
            "measure": "loss",
            "published": p,
            "ours": o,
            "ours_sd": None,
            "n_seeds": n,
            "difference": None if o is None else o - p,
            "difference_standard_error": None if o is None else 0.5,
            "verdict": v,
            "note": "what to run " * 12,
        }
        for d, size, p, o, n, v in (
            ("mnist", 8, 104.5, 101.25, 1, "better"),
            ("mnist", 16, 99.5, 120.75, 1, "worse"),
            ("celeba", 9, 50, None, 0, "missing"),
        )
    ]
    claims = [
        {
            "claim": "VSC uses fewer latents",
            "source": "a paper",
            "dataset": dataset,
            "compared": f"{models[1]} less {models[0]}",
            "measure": "used_latents",
            "latent_dims": "2, 4",
            "effect": -2.5,
            "standard_error": 0.125,
            "test_standard_error": 0.0625,
            "interval": "[-3, -2]",
            "level": 0.975,
            "correction": "Holm, 2 tests",
            "n": 4,
            "over": "seeds",
            "verdict": "holds",
            "note": None,
        },
        {
            "claim": "VSC is <b>bold</b>",
            "source": "a paper",
            "dataset": None,
            "compared": None,
            "measure": "elbo",
            "latent_dims": None,
            "effect": None,
            "standard_error": None,
            "test_standard_error": None,
            "interval": None,
            "level": None,
            "correction": None,
            "n": 0,
            "over": None,
            "verdict": "not run",
            "note": "needs two",
        },
    ]
    selection = [
        {"dataset": dataset, "model": model, "selected": model, "tries": 1}
        | {"selected_by": "validation_elbo", "value": -40.5 - n, "value_std": 0.75, "runs": 4}
        for n, model in enumerate(models)
    ]
    references = [
        {
            "reference": "large",
            "kind": "claim",
            "dataset": "mnist",
            "what": "VSC is sparser (vsc - vae)",
            "source": "a paper",
            "latent_dims": "16",
            "published": None,
            "value": -1.75,
            "seeds": 3,
            "verdict": "holds",
        }
    ]
    tables = {
        "summary": summary,
        "selection": selection,
        "references": references,
        "metrics": metrics,
        "probes": probes,
        "class_cosines": cosines,
        "scorecard": scorecard,
        "claims": claims,
    }
    for name, rows in tables.items():
        storage.write_csv(folder / f"{name}.csv", rows, list(rows[0]))
    return {name: folder / f"{name}.csv" for name in tables}


def filled(value: object) -> str:
    """A phrase with its values as a page shows them, less the marks that name a number's cell."""
    if isinstance(value, Phrase):
        return filled(value.pattern.format(*map(filled, value.values)))
    return str(value).replace("\N{NO-BREAK SPACE}", " ")
