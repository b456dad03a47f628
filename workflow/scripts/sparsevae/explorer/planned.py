"""What of a study its explorer shows, known before anything is trained."""

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.study.settings import RunConfig
from sparsevae.study.study import Study


def explored_datasets(study: Study) -> dict[str, int]:
    """Return the datasets with pictures, and the latent size that is shown of each."""
    grids = study.grids.items()
    return {name: grid.shown_latent_dim for name, grid in grids if CATALOGUE[name].image}


def explored_runs(study: Study) -> list[RunConfig]:
    """Return the runs that the explorer decodes with."""
    return [run for dataset in explored_datasets(study) for run in study.first_seed_runs(dataset)]
