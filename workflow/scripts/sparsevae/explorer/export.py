"""Export a study for the explorer: its models, test images and what there is to choose from.

Every file is a script with one value: a page opened from disk may not read files, but it may run
them.
"""

import base64
import json
import math
from collections.abc import Callable, Container, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int, UInt8

from sparsevae.data.inputs import rows
from sparsevae.data.split import Split, load_split
from sparsevae.explorer.model_record import model_record
from sparsevae.explorer.page import named
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
    max_mb: float = math.inf,
) -> None:
    """Write study.js, images-<number>.js for each dataset and decoder-<number>.js for each run.

    Numbers are places in `tests` and in `weights`: no file has a name from the config. Runs that
    would make the files larger than `max_mb` in all are left out, but for the first. Raises
    DamagedFile, and UnknownDecoder.
    """
    images = {
        dataset: _export_images(folder, number, load_split(file))
        for number, (dataset, file) in enumerate(tests.items())
    }
    size, left_out = 0, set()
    for place, (run, path) in enumerate(weights.items()):
        of_dataset = images[run.dataset]
        model = load_model(run, path, of_dataset.inputs.shape[1:], "cpu")
        inputs = rows(of_dataset, run.likelihood.inputs).values
        name = f"decoder-{place}"
        text = script(name, model_record(model, inputs, run_name(run)))
        if size and size + len(text) > 1e6 * max_mb:
            left_out.add(place)
            continue
        size += len(text)
        report(named(run.dataset, run.model, run.latent_dim))
        storage.write_text(Path(folder, f"{name}.js"), text)
    beyond = [
        named(run.dataset, run.model, run.latent_dim)
        for place, run in enumerate(weights)
        if place in left_out
    ]
    if names := [*beyond, *study["left_out"]]:
        report(
            f"{len(names)} left out, beyond explorer.max_models or explorer.max_mb: "
            + "; ".join(names)
        )
    write_value(folder, "study", _without(study, left_out) | {"left_out": names})


def _without(study: Mapping[str, Any], places: Container[int]) -> dict[str, Any]:
    """What there is to choose from, without the runs of these places."""
    datasets = [
        {**entry, "decoders": [d for d in entry["decoders"] if d["file"] not in places]}
        for entry in study["datasets"]
    ]
    return {**study, "datasets": [entry for entry in datasets if entry["decoders"]]}


def write_value(folder: str | Path, name: str, value: Any) -> None:
    """Write `name`.js, which hands the value to the page's script under that name."""
    storage.write_text(Path(folder, f"{name}.js"), script(name, value))


def script(name: str, value: Any) -> str:
    """Return one line of JavaScript; `<` is escaped, so that the text can stand in a page, too."""
    text = json.dumps([name, value], separators=(",", ":"), allow_nan=False)
    return f"sparsevae.take({text[1:-1]});\n".replace("<", "\\u003c")


def study_record(
    name: str,
    models: Sequence[str],
    runs: Sequence[RunConfig],
    datasets: Mapping[str, Mapping[str, Any]],
    left_out: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what there is to choose from, and the number of the file of each decoder.

    models: all of the study's; runs: those with a decoder, in the order of the files; datasets: of
    each the shape, the names of the classes, and the latent size that figures show, with which the
    page begins; left_out: names of runs that have no place.
    """
    styles = model_style(models)
    families = {run.model: run.family for run in runs}
    return {
        "study": name,
        "left_out": list(left_out),
        "models": [
            {"name": m, "family": families[m], "label": look.label, "colour": look.colour}
            for m, look in styles.items()
            if m in families
        ],
        "datasets": [
            {
                "name": dataset,
                **datasets[dataset],
                "images": number,
                "decoders": _decoders(dataset, runs),
            }
            for number, dataset in enumerate(datasets)
            if any(run.dataset == dataset for run in runs)
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


def _decoders(dataset: str, runs: Sequence[RunConfig]) -> list[dict[str, Any]]:
    decoders: list[dict[str, Any]] = [
        {"model": run.model, "latents": run.latent_dim, "file": file}
        for file, run in enumerate(runs)
        if run.dataset == dataset
    ]
    return sorted(decoders, key=lambda decoder: decoder["latents"])
