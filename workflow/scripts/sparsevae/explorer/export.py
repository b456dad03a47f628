"""Export a study for the explorer: its models, test images and what there is to choose from.

Every file is a script with one value: a page opened from disk may not read files, but it may run
them.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int, UInt8

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.inputs import rows
from sparsevae.data.split import Split, load_split
from sparsevae.explorer.model_record import model_record
from sparsevae.figures.palette import model_style
from sparsevae.jobs import storage
from sparsevae.study.settings import RunConfig
from sparsevae.training.run import load_model, run_name

N_IMAGES = 24


def export_data(
    folder: str | Path,
    study: Mapping[str, Any],
    weights: Mapping[RunConfig, str],
    tests: Mapping[str, str],
    report: Callable[[str], None],
) -> None:
    """Write study.js, images-<number>.js for each dataset and decoder-<number>.js for each run.

    Numbers are places in `tests` and in `weights`: no file has a name from the config. Raises
    DamagedFile, and UnknownDecoder.
    """
    write_value(folder, "study", study)
    for number, (dataset, file) in enumerate(tests.items()):
        images = _export_images(folder, number, load_split(file))
        for place, (run, path) in enumerate(weights.items()):
            if run.dataset == dataset:
                report(f"{run.dataset}/{run.model}, {run.latent_dim} latents")
                model = load_model(run, path, images.inputs.shape[1:], "cpu")
                inputs = rows(images, run.likelihood.inputs).values
                write_value(folder, f"decoder-{place}", model_record(model, inputs, run_name(run)))


def write_value(folder: str | Path, name: str, value: Any) -> None:
    """Write `name`.js, which hands the value to the page's script under that name."""
    storage.write_text(Path(folder, f"{name}.js"), script(name, value))


def script(name: str, value: Any) -> str:
    """Return one line of JavaScript; `<` is escaped, so that the text can stand in a page, too."""
    text = json.dumps([name, value], separators=(",", ":"), allow_nan=False)
    return f"sparsevae.take({text[1:-1]});\n".replace("<", "\\u003c")


def study_record(
    name: str, models: Sequence[str], runs: Sequence[RunConfig], shown: Mapping[str, int]
) -> dict[str, Any]:
    """Return what there is to choose from, and the number of the file of each decoder.

    models: all of the study's; runs: those with a decoder, in the order of the files; shown: the
    latent size of each dataset that figures show and the page begins with.
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


def chosen_images(
    labels: UInt8[np.ndarray, "samples"], number: int = N_IMAGES
) -> Int[np.ndarray, "_"]:
    """Return indices of the first images of each class, in turns up to `number`, by class."""
    turn = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        turn[members] = np.arange(len(members))
    first = np.lexsort((labels, turn))[:number]
    return first[np.argsort(labels[first], kind="stable")]


def images_record(test: Split, chosen: Int[np.ndarray, "images"]) -> dict[str, Any]:
    """Return `pixels`, base64 of the uint8 images one after the other, and their `labels`."""
    return {
        "pixels": base64.b64encode(test.inputs[chosen].tobytes()).decode("ascii"),
        "labels": test.labels[chosen].tolist(),
    }


def _export_images(folder: str | Path, number: int, test: Split) -> Split:
    chosen = chosen_images(test.labels)
    write_value(folder, f"images-{number}", images_record(test, chosen))
    return Split(test.inputs[chosen], test.labels[chosen])


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
