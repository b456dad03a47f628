from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from sparsevae.data.split import Split
from sparsevae.jobs.errors import ConfigError, DamagedFile
from sparsevae.study.settings import RunConfig
from sparsevae.training import run as runs
from sparsevae.training.checkpoints import CheckpointFile, OtherWeights

PIXELS = np.random.default_rng(4).integers(0, 256, (20, 1, 2, 3), dtype=np.uint8)
SPLIT = Split(PIXELS, np.zeros(20, np.uint8))


@pytest.fixture
def config(tiny_config):
    def make(family: str = "vsc", **settings) -> RunConfig:
        training = {"epochs": 2, "batch_size": 5, "validation_fraction": 0.2}
        return tiny_config(family, **({"training": training} | settings))

    return make


@pytest.fixture
def train(tmp_path):
    """Trains a run in a folder of its own; its weights file."""

    def run(config: RunConfig, key: str = "key", lines: list[str] | None = None) -> Path:
        file = CheckpointFile(tmp_path / key, key)
        report = (lambda line: None) if lines is None else lines.append
        runs.train_model(config, SPLIT, "cpu", file, report)
        return file.path

    return run


def contents(file: Path) -> dict[str, torch.Tensor]:
    return load_file(file)


def same(first: Path, second: Path) -> bool:
    ours, theirs = contents(first), contents(second)
    return all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_a_run_done_twice_is_the_same_bytes(config, train):
    first = train(config()).read_bytes()
    (train(config())).unlink()
    assert train(config()).read_bytes() == first


@pytest.mark.parametrize("changes", [{"seed": 2}, {"beta": 0.5}, {"prior": {"spike_prob": 0.1}}])
def test_another_run_is_another_model(changes, config, train):
    assert not same(train(config(), "a"), train(config(**changes), "b"))


def test_evaluation_settings_do_not_change_a_training(config, train):
    changed = config(evaluation={"samples": 50, "probe_labels": 7})
    assert changed.for_training() == config()
    assert same(train(config(), "a"), train(changed, "b"))


def test_a_training_that_has_ended_is_not_repeated(config, train):
    first, again = [], []
    weights = train(config(), lines=first).read_bytes()
    assert train(config(), lines=again).read_bytes() == weights
    assert sum("train loss" in line for line in first) == 2
    assert sum("train loss" in line for line in again) == 0


def test_global_generators_neither_matter_nor_move(config, train):
    first = train(config(), "a")
    torch.manual_seed(1234)
    state = torch.get_rng_state()
    assert same(train(config(), "b"), first)
    assert torch.equal(torch.get_rng_state(), state)


def test_weights_come_back_as_they_were(config, train):
    file = train(config())
    loaded = runs.load_model(config(), file, (1, 2, 3), "cpu")
    assert all(torch.equal(loaded.state_dict()[n], value) for n, value in contents(file).items())


def test_weights_are_in_the_order_of_their_names(config, train):
    with safe_open(train(config()), framework="np") as file:
        names = list(file.keys())
    assert names == sorted(names)
    assert "heads.spike.weight" in names


@pytest.mark.parametrize("content", [b"", b"not safetensors"])
def test_damaged_weights_are_named(content, config, tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(content)
    with pytest.raises(DamagedFile, match=f"^{path}: not a readable checkpoint") as error:
        runs.load_model(config(), path, (1, 2, 3), "cpu")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("settings", "shape", "difference"),
    [
        ({"latent_dim": 3}, (1, 2, 3), r"decoder.layers.0.weight is \(5, 2\) .* is \(5, 3\) "),
        ({}, (1, 2, 4), r"decoder.heads.0.bias is \(6,\) .* is \(8,\) "),
        ({"family": "vae"}, (1, 2, 3), "heads.spike.bias is .* this run's is missing"),
    ],
)
def test_whole_weights_of_another_model_are_named_and_not_to_be_deleted(
    settings, shape, difference, config, train
):
    file = train(config())
    with pytest.raises(OtherWeights, match=f"^{file}: weights of another .*{difference}") as error:
        runs.load_model(config(**settings), file, shape, "cpu")
    assert "\n" not in str(error.value)
    assert "delete" not in str(error.value)


def test_a_safetensors_file_of_others_is_not_to_be_deleted(config, tmp_path):
    file = tmp_path / "theirs.safetensors"
    save_file({"weight": torch.ones(2)}, file)
    with pytest.raises(OtherWeights, match="without this package's") as error:
        runs.load_model(config(), file, (1, 2, 3), "cpu")
    assert "delete" not in str(error.value)


def test_weights_that_cannot_be_opened_are_not_called_damaged(config, tmp_path):
    for path, kind in ((tmp_path / "none", FileNotFoundError), (tmp_path, IsADirectoryError)):
        with pytest.raises(kind):
            runs.load_model(config(), path, (1, 2, 3), "cpu")


def test_only_damaged_weights_are_to_be_deleted(config, train):
    file = train(config())
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes(content)
    with pytest.raises(DamagedFile, match="not those that were written; delete it and run again"):
        runs.load_model(config(), file, (1, 2, 3), "cpu")


@pytest.mark.parametrize(
    ("settings", "sizes"),
    [({}, (16, 4)), ({"training": {"max_images": 10, "validation_fraction": 0.3}}, (7, 3))],
)
def test_only_the_first_images_are_trained_on_where_asked(settings, sizes, config, tmp_path):
    file = CheckpointFile(tmp_path / "key", "key")
    made = runs.trainer(config(**settings), SPLIT, "cpu", file, lambda line: None)
    assert (len(made.train), len(made.validation)) == sizes


def test_fingerprint_is_of_settings_code_and_the_training_set(config):
    first = runs.fingerprint(config(), "code", SPLIT)
    assert first == runs.fingerprint(config(), "code", Split(PIXELS.copy(), SPLIT.labels))
    for different in (
        runs.fingerprint(config(beta=2.0), "code", SPLIT),
        runs.fingerprint(config(), "changed", SPLIT),
        runs.fingerprint(config(), "code", Split(PIXELS + 1, SPLIT.labels)),
        runs.fingerprint(config(), "code", Split(PIXELS, SPLIT.labels + 1)),
        runs.fingerprint(config(), "code", Split(PIXELS.reshape(20, 1, 3, 2), SPLIT.labels)),
        runs.fingerprint(config(), "code", Split(PIXELS, SPLIT.labels, presence=SPLIT.labels)),
    ):
        assert different != first


def test_inputs_out_of_the_range_of_the_likelihood_stop_a_training(config, tmp_path):
    features = np.linspace(-1, 1, 120, dtype=np.float32).reshape(20, 6)
    split = Split(features, np.zeros(20, np.uint8))
    file = CheckpointFile(tmp_path / "checkpoint", "unused")

    def train(**settings):
        return runs.train_model(config(**settings), split, "cpu", file, lambda line: None)

    with pytest.raises(ConfigError, match=r"likelihood\.family: bernoulli needs inputs in"):
        train()
    with pytest.raises(ConfigError, match=r"likelihood\.mean: sigmoid needs inputs in"):
        train(likelihood={"family": "gaussian"})
    assert len(train(likelihood={"family": "gaussian", "mean": "linear"})) == 2


def test_a_run_begins_with_the_weights_of_another(config, train, tmp_path):
    start = train(config("vae"), "a")
    made = runs.trainer(
        config("vae", seed=2), SPLIT, "cpu", CheckpointFile(tmp_path / "b", "b"), print, start
    )
    state = made.model.state_dict()
    assert all(torch.equal(state[name], value) for name, value in contents(start).items())
    assert made.run()
    assert not torch.equal(state["heads.mean.weight"], contents(start)["heads.mean.weight"])


def test_weights_of_another_model_are_no_start(config, train, tmp_path):
    start = train(config("vae"), "a")
    file = CheckpointFile(tmp_path / "b", "b")
    with pytest.raises(OtherWeights, match=r"weights of another model: heads.spike.bias is missi"):
        runs.trainer(config("vsc"), SPLIT, "cpu", file, print, start)


def test_other_weights_to_begin_with_are_another_training(config, train, tmp_path):
    """The path may be the same."""
    start = tmp_path / "weights"
    keys = set()
    for content in (b"one", b"other"):
        start.write_bytes(content)
        keys.add(runs.checkpoint_file(tmp_path, config(), "code", SPLIT, start).fingerprint)
    keys.add(runs.checkpoint_file(tmp_path, config(), "code", SPLIT).fingerprint)
    assert len(keys) == 3


@pytest.mark.parametrize("setting", [{"keep": "best"}, {"patience": 2}])
def test_without_validation_samples_none_is_the_best(setting, config, train):
    training = {"epochs": 2, "validation_fraction": 0.02} | setting
    ((name, _),) = setting.items()
    with pytest.raises(ConfigError, match=f"^digits/vsc/.*: training.{name}.* needs validation"):
        train(config(training=training))
