"""What the page is told of a study at once: what there is to choose from, and in which file."""

from collections.abc import Mapping, Sequence
from typing import Any

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.figures.palette import model_style
from sparsevae.study.settings import RunConfig


def study_record(
    name: str, models: Sequence[str], runs: Sequence[RunConfig], shown: Mapping[str, int]
) -> dict[str, Any]:
    """`models` are all of the study's, `runs` those with a decoder, in the order of the files.

    shown: of each dataset the latent size that figures show, with which the page begins.
    """
    styles = model_style(models)
    families = {run.model: run.family for run in runs}
    return {
        "study": name,
        "models": [
            {"name": m, "family": families[m], "label": look.label, "colour": look.colour}
            for m, look in styles.items()
            if m in families
        ],
        "datasets": [
            _dataset(dataset, runs, shown[dataset])
            for dataset in dict.fromkeys(run.dataset for run in runs)
        ],
    }


def _dataset(name: str, runs: Sequence[RunConfig], shown: int) -> dict[str, Any]:
    info = CATALOGUE[name]
    return {
        "name": name,
        "shape": list(info.shape),
        "classes": list(info.class_names),
        "shown_latents": shown,
        "decoders": [
            {"model": run.model, "latents": run.latent_dim, "file": file}
            for file, run in enumerate(runs)
            if run.dataset == name
        ],
    }
