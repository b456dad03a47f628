"""A run's folder: what of it can be loaded, and in one line why not."""

import json
import shutil

import pytest
import torch
from saved_runs import SHAPE, saved_run
from sparsevae.jobs.errors import DamagedFile, UserError
from sparsevae.training.checkpoints import OtherWeights
from sparsevae.training.saved import FILES, FORMAT, OtherFormat, read_run


@pytest.fixture
def folder(tmp_path):
    return saved_run(tmp_path / "run")


def change(folder, name, **values):
    path = folder / name
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_copy_of_three_files_is_enough(folder, tmp_path):
    (tmp_path / "copy").mkdir()
    for name in FILES:
        shutil.copy(folder / name, tmp_path / "copy")
    run = read_run(tmp_path / "copy")
    assert (run.shape, run.classes, run.scaling) == (SHAPE, ("a", "b"), None)
    ours, copied = (read_run(where).model().state_dict() for where in (folder, run.folder))
    assert all(torch.equal(ours[name], copied[name]) for name in ours)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(OtherFormat, match=rf"^{folder}: no {name}.* (run its study again|has con)"):
        read_run(folder)


def test_a_newer_format_says_what_to_install(folder):
    change(folder, "model.json", format=FORMAT + 1)
    with pytest.raises(OtherFormat, match=rf"format {FORMAT + 1}, .* up to {FORMAT}; install"):
        read_run(folder)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"format": 0}, "format 0"),
        ({"format": None}, "format None"),
        ({"shape": []}, "shape"),
        ({"shape": [1, -3, 4]}, "shape"),
        ({"shape": [1, "3", 4]}, "shape"),
        ({"shape": 3}, "not iterable"),
        ({"classes": None}, "not iterable"),
        ({"scaling": {"kind": "standard", "offset": 0}}, "factor"),
        ({"scaling": {"kind": "standard", "offset": "a", "factor": 1}}, "float"),
    ],
)
def test_a_wrong_record_is_one_line(folder, values, said):
    change(folder, "model.json", **values)
    with pytest.raises(DamagedFile, match=rf"^{folder}/model.json: not what .*{said}") as error:
        read_run(folder)
    assert "\n" not in str(error.value)


def test_settings_of_another_version_are_named(folder):
    change(folder, "config.json", hyperspace=3)
    with pytest.raises(OtherFormat, match=r"config.json: hyperspace: no such.*with the version"):
        read_run(folder)


@pytest.mark.parametrize("content", ["[]", "nothing", '{"format": 1}'])
def test_records_that_are_none(folder, content):
    (folder / "model.json").write_text(content)
    with pytest.raises(UserError, match=f"^{folder}/model.json") as error:
        read_run(folder)
    assert "\n" not in str(error.value)


def test_weights_of_another_run_are_refused(folder, tmp_path):
    other = saved_run(tmp_path / "other", "vae")
    shutil.copy(other / "weights.safetensors", folder)
    with pytest.raises(OtherWeights, match="weights of another model"):
        read_run(folder).model()
