"""Damaged and hostile files and configs end in acceptance or in one line of the project's own.

Each case runs in a process whose memory is limited to 1 GiB above what it starts with, and in which
only UserError may be raised. `make test` has a tenth of the cases. SPARSEVAE_FUZZ_SEED sets the
seed; it is printed with each failure.
"""

import copy
import functools
import gzip
import json
import math
import os
import random
import resource
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml
from checkout import REPOSITORY
from counts import tries
from saved_runs import saved_run
from small_uci_har import make_stand_in, with_archives
from sparsevae.data.idx import read_idx
from sparsevae.data.split import load_split
from sparsevae.jobs import storage
from sparsevae.jobs.errors import UserError
from sparsevae.models.registry import build
from sparsevae.study.settings import from_mapping
from sparsevae.study.study import Study
from sparsevae.training.adam import Adam
from sparsevae.training.checkpoints import CheckpointFile
from sparsevae.training.run import load_model
from sparsevae.training.saved import read_run

SEED = int(os.environ.get("SPARSEVAE_FUZZ_SEED", "20261123"))
STUDIES = sorted((REPOSITORY / "config").glob("*.yaml"))


@pytest.fixture(params=[200, pytest.param(tries(2_000, 800), marks=pytest.mark.slow)])
def cases(request) -> int:
    return request.param


@pytest.fixture(autouse=True)
def a_gibibyte_more() -> Iterator[None]:
    """A hostile size in a header must not be believed."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0])
    now, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 2**30, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (now, hard))


def damaged(content: bytes, chance: random.Random) -> bytes:
    """A file that was cut, overwritten, lengthened or had bits flipped, at random places."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        place = chance.randrange(len(data) or 1)
        length = chance.choice((1, 2, 4, 8, 64))
        kind = chance.randrange(6)
        if kind == 0:
            del data[place:]
        elif kind == 1:
            del data[place : place + length]
        elif kind == 2:
            data[place:place] = chance.randbytes(length)
        elif kind == 3:
            data[place : place + length] = chance.randbytes(length)
        elif kind == 4:
            data[place : place + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff"))
        elif data:
            data[min(place, len(data) - 1)] ^= 1 << chance.randrange(8)
    return bytes(data)


def attempt(what: Callable[[], object], name: str) -> None:
    """Lets through what ends well or in a UserError of one line."""
    try:
        what()
    except UserError as error:
        message = str(error)
    except Exception as error:
        raise AssertionError(f"{name}: {error!r}") from error
    else:
        return
    assert "\n" not in message, name


@pytest.fixture
def survives(cases) -> Callable[[Callable[[Path], object], bytes, Path], None]:
    """Reads damaged copies of a file."""

    def check(read: Callable[[Path], object], content: bytes, path: Path) -> None:
        for case in range(cases):
            path.write_bytes(damaged(content, random.Random(f"{SEED} {path.name} {case}")))
            attempt(lambda: read(path), f"seed {SEED}, {path.name}, case {case}")

    return check


def test_idx_files(survives, tmp_path):
    content = struct.pack(">2xBB3I", 8, 3, 5, 4, 3) + bytes(range(60))
    survives(read_idx, content, tmp_path / "images-idx3-ubyte")
    survives(read_idx, gzip.compress(content), tmp_path / "images-idx3-ubyte.gz")


def test_datasets(survives, tmp_path):
    whole = tmp_path / "whole.npz"
    arrays = {"inputs": np.zeros((6, 1, 4, 4), np.uint8), "labels": np.arange(6, dtype=np.uint8)}
    storage.write_arrays(whole, arrays)
    survives(load_split, whole.read_bytes(), tmp_path / "train.npz")


def test_checkpoints_and_weights(survives, tmp_path):
    names = {"dataset": "digits", "model": "vsc", "family": "vsc"}
    settings = {"latent_dim": 2, "seed": 1, "network": {"hidden": [5]}}
    config = from_mapping(names | settings)
    model = build(config, (1, 2, 3))
    optimiser = Adam(dict(model.named_parameters()))
    file = CheckpointFile(tmp_path / "whole.safetensors", "this run")
    file.save(model, optimiser, [{"epoch": 1, "step": 5}])

    def resume(path: Path) -> None:
        CheckpointFile(path, "this run").load(model, optimiser)

    survives(resume, file.path.read_bytes(), tmp_path / "checkpoint.safetensors")
    file.finish(model, [{"epoch": 1, "step": 5}])
    weights = file.path.read_bytes()
    survives(
        lambda path: load_model(config, path, (1, 2, 3), "cpu"),
        weights,
        tmp_path / "weights.safetensors",
    )


def test_archives(survives, tmp_path):
    """Half of them have the right checksum, as if the published archive itself were hostile."""
    stand_in = make_stand_in()

    def read(path: Path) -> None:
        content = path.read_bytes()
        trusted = with_archives(stand_in.dataset, content)
        (trusted if len(content) % 2 else stand_in.dataset).read([path])

    survives(read, stand_in.outer, tmp_path / "nested.zip")
    survives(read, stand_in.inner, tmp_path / "archive.zip")
    assert {file.name for file in tmp_path.iterdir()} == {"nested.zip", "archive.zip"}


ODD = (None, True, -1, 0, 3, 10**30, 0.5, math.nan, math.inf, "", "x", "../x", [], {}, [1, 1])


def changed(value: object, chance: random.Random) -> object:
    """A config with one entry replaced, taken out, renamed or added, somewhere in it."""
    value = copy.deepcopy(value)
    place = value
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        if not keys:
            break
        key = chance.choice(list(keys))
        if isinstance(place[key], dict | list) and place[key] and chance.random() < 0.8:
            place = place[key]
            continue
        kind = chance.randrange(4)
        if kind == 0:
            del place[key]
        elif kind == 1 and isinstance(place, dict):
            place[chance.choice(("x", "seed", "../x", "<b>", "é", ""))] = place.pop(key)
        else:
            place[key] = chance.choice(ODD)
        break
    return value


@pytest.mark.parametrize("name", ["model.json", "config.json"])
def test_folders_of_runs(cases, survives, name, tmp_path):
    folder = saved_run(tmp_path / "run")
    whole = (folder / name).read_bytes()
    survives(lambda path: read_run(folder).model(), whole, folder / name)
    for case in range(cases):
        record = changed(json.loads(whole), random.Random(f"{SEED} {name} {case}"))
        (folder / name).write_text(json.dumps(record), encoding="utf-8")
        attempt(lambda: read_run(folder).model(), f"seed {SEED}, case {case}, {record}")


def runs_of(config: dict) -> object:
    return Study(config).runs


def test_configs(cases):
    studies = [yaml.safe_load(file.read_text()) for file in STUDIES]
    studies = [study for study in studies if {"models", "datasets", "seeds"} <= study.keys()]
    for case in range(cases // 2):  # each takes as long as twenty files
        chance = random.Random(f"{SEED} config {case}")
        config = chance.choice(studies)
        for _ in range(chance.choice((1, 1, 2, 4))):
            config = changed(config, chance)
        attempt(functools.partial(runs_of, config), f"seed {SEED}, case {case}, {config}")
