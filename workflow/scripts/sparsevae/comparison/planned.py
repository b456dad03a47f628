"""What of a study is compared with published numbers, known before anything is trained."""

from pathlib import Path
from typing import Any

from sparsevae.comparison.published import read_rows, showing_classes
from sparsevae.study.settings import RunConfig, to_mapping
from sparsevae.study.study import Study


def settings_of_models(study: Study, dataset: str | None = None) -> list[dict[str, Any]]:
    """Return the settings of each model on each dataset, or on one, whatever its latent size."""
    runs = [
        to_mapping(study.runs[grid.dataset, model, grid.latent_dims[0], grid.seeds[0]])
        for grid in study.grids.values()
        for model in grid.models
        if dataset in (None, grid.dataset)
    ]
    return [{k: v for k, v in run.items() if k not in ("latent_dim", "seed")} for run in runs]


def runs_with_published_classes(study: Study, published: Path) -> list[RunConfig]:
    """Return the runs whose class activations stand beside published ones (UAI 2019, fig. 5).

    published: scorecard_rows.csv. Raises DamagedFile.
    """
    runs = showing_classes(read_rows(published), [to_mapping(r) for r in study.runs.values()])
    return [study.runs[r["dataset"], r["model"], r["latent_dim"], r["seed"]] for r in runs]
