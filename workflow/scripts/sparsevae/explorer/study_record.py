"""What the page is told of a study at once: what there is to choose from, and in which file."""

from collections.abc import Mapping, Sequence
from typing import Any

from sparsevae.figures.palette import model_style
from sparsevae.study.settings import RunConfig


def study_record(
    name: str,
    models: Sequence[str],
    runs: Sequence[RunConfig],
    datasets: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """`models` are all of the study's, `runs` those with a decoder, in the order of the files.

    datasets: of each the shape, the names of the classes, and the latent size that figures show,
    with which the page begins.
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
            {"name": dataset, **datasets[dataset], "decoders": _decoders(dataset, runs)}
            for dataset in dict.fromkeys(run.dataset for run in runs)
        ],
    }


def _decoders(dataset: str, runs: Sequence[RunConfig]) -> list[dict[str, Any]]:
    return [
        {"model": run.model, "latents": run.latent_dim, "file": file}
        for file, run in enumerate(runs)
        if run.dataset == dataset
    ]
