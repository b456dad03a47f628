"""The data of the explorer, from the models of a study and test images."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sparsevae.data.inputs import rows
from sparsevae.data.split import Split, load_split
from sparsevae.explorer.data_files import write_value
from sparsevae.explorer.images import chosen_images, images_record
from sparsevae.explorer.model_record import model_record
from sparsevae.explorer.rounding import LARGEST_ERROR
from sparsevae.study.settings import RunConfig
from sparsevae.training.run import load_model, run_name


def export_data(
    folder: str | Path,
    study: Mapping[str, Any],
    weights: Mapping[RunConfig, str],
    tests: Mapping[str, str],
    report: Callable[[str], None],
) -> None:
    """study.js, images-<number>.js of each dataset and decoder-<number>.js of each run.

    Numbers are places in `tests` and in `weights`: no file has a name of the config. Raises
    DamagedFile, and UnknownDecoder.
    """
    write_value(folder, "study", study)
    for number, (dataset, file) in enumerate(tests.items()):
        images = _export_images(folder, number, load_split(file))
        for place, (run, path) in enumerate(weights.items()):
            if run.dataset == dataset:
                report(f"{run.dataset}/{run.model}, {run.latent_dim} latents")
                _export_decoder(folder, place, run, path, images, report)


def _export_images(folder: str | Path, number: int, test: Split) -> Split:
    chosen = chosen_images(test.labels)
    write_value(folder, f"images-{number}", images_record(test, chosen))
    return Split(test.inputs[chosen], test.labels[chosen])


def _export_decoder(
    folder: str | Path,
    number: int,
    run: RunConfig,
    weights: str,
    images: Split,
    report: Callable[[str], None],
) -> None:
    model = load_model(run, weights, images.inputs.shape[1:], "cpu")
    inputs = rows(images, run.likelihood.inputs).values
    record = model_record(model, inputs, run.seed, run_name(run))
    if record["error"] > LARGEST_ERROR:
        report(
            f"WARNING: {run.dataset}/{run.model}, {run.latent_dim} latents: pixels of the explorer "
            f"are off by up to {record['error']:.2g}"
        )
    write_value(folder, f"decoder-{number}", record)
