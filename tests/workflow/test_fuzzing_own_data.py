"""Damaged data of the user's, in every format: one line or a dataset, and nothing left behind."""

import random
from pathlib import Path

import numpy as np
import own_files
import pandas as pd
import pytest
from counts import tries
from PIL import Image
from scipy.io import savemat
from sparsevae.data.own import splits
from sparsevae.data.own.declared import Declared
from workflow.test_fuzzing import SEED, attempt, damaged

PIXELS, LABELS = own_files.images()
CELLS = Path(__file__).parents[1] / "support/cells.h5ad"
IMAGES = ("png", "jpg", "tiff", "bmp")


def write(kind: str, folder: Path) -> Path:
    """A small file of a format, whole."""
    file = folder / f"whole.{kind}"
    table = pd.DataFrame(PIXELS.reshape(len(PIXELS), -1)[:, :6]).rename(columns=str)
    table = table.assign(label=LABELS)
    match kind:
        case "npz":
            np.savez(file, inputs=PIXELS, labels=LABELS)
        case "npy":
            np.save(file, PIXELS)
        case "csv":
            table.to_csv(file, index=False)
        case "parquet":
            table.to_parquet(file)
        case "mat":
            savemat(file, {"inputs": PIXELS, "labels": LABELS[:, None]}, do_compression=True)
        case "h5ad":
            file.write_bytes(CELLS.read_bytes())
        case "gz":
            file = own_files.write_idx(folder / "whole-images-idx3-ubyte.gz", PIXELS)
        case image:
            assert image in IMAGES
            Image.fromarray(PIXELS[0]).resize((24, 24)).save(file)
    return file


@pytest.fixture(params=[30, pytest.param(tries(2_000, 300), marks=pytest.mark.slow)])
def cases(request) -> int:
    return request.param


@pytest.mark.parametrize("kind", ["npz", "npy", "csv", "parquet", "mat", "h5ad", "gz", *IMAGES])
def test_a_damaged_file_is_one_line_or_a_dataset(kind, cases, tmp_path):
    whole = write(kind, tmp_path).read_bytes()
    folder = tmp_path / "mine"
    folder.mkdir()
    name = "images-idx3-ubyte.gz" if kind == "gz" else f"a.{kind}"
    path = folder / name
    if kind in IMAGES:
        Image.fromarray(PIXELS[1]).resize((24, 24)).save(folder / "other.png")
    before = {file.name for file in folder.iterdir()} | {name}
    labels = {"labels": "kind"} if kind == "h5ad" else {}
    entry = Declared(name="mine", path=str(folder if kind in IMAGES else path), max_mb=50, **labels)
    for case in range(cases):
        path.write_bytes(damaged(whole, random.Random(f"{SEED} {kind} {case}")))
        attempt(lambda: splits.make(entry), f"seed {SEED}, {kind}, case {case}")
        assert {file.name for file in folder.iterdir()} == before
