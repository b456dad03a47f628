"""What of a study its explorer shows, known before anything is trained."""

from typing import Any

from sparsevae.study.settings import RunConfig
from sparsevae.study.study import Study


def explored_datasets(study: Study) -> dict[str, dict[str, Any]]:
    """Return the datasets with pictures, and what the explorer needs of each."""
    return {
        name: {
            "shape": list(study.datasets[name].shape),
            "classes": list(study.datasets[name].class_names),
            "shown_latents": grid.shown_latent_dim,
        }
        for name, grid in study.grids.items()
        if study.datasets[name].image
    }


def explored_runs(study: Study) -> list[RunConfig]:
    """Return the runs that the explorer decodes with."""
    return [run for dataset in explored_datasets(study) for run in study.first_seed_runs(dataset)]
