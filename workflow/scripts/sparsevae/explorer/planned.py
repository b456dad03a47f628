"""What of a study its explorer shows, known before anything is trained."""

from typing import Any

from sparsevae.explorer.page import named
from sparsevae.study.settings import RunConfig
from sparsevae.study.study import Study


def explored_datasets(study: Study) -> dict[str, dict[str, Any]]:
    """Return the datasets with pictures, and what the explorer needs of each."""
    return {
        name: {
            "shape": list(study.datasets[name].shape),
            "classes": list(study.datasets[name].class_names),
            "shown_latents": grid.shown_latent_dim,
            "centred": study.datasets[name].centred,
        }
        for name, grid in study.grids.items()
        if study.datasets[name].image
    }


def explored_runs(study: Study) -> list[RunConfig]:
    """Return the runs that the explorer may hold, at most `explorer.max_models`."""
    return _in_order(study)[: study.settings.explorer.max_models]


def beyond_max_models(study: Study) -> list[str]:
    """Return the names of the other runs of the first seeds."""
    return [
        named(run.dataset, run.model, run.latent_dim)
        for run in _in_order(study)[study.settings.explorer.max_models :]
    ]


def _in_order(study: Study) -> list[RunConfig]:
    """Return the runs as they find a place: the latent size that figures show first."""
    runs = [run for dataset in explored_datasets(study) for run in study.first_seed_runs(dataset)]
    shown = {name: grid.shown_latent_dim for name, grid in study.grids.items()}
    return sorted(runs, key=lambda run: run.latent_dim != shown[run.dataset])
