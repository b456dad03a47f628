from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from sparsevae import runs
from sparsevae.checkpoints import CheckpointFile
from sparsevae.data.dataset import Split
from sparsevae.errors import ConfigError, DamagedFile
from sparsevae.run_config import RunConfig

PIXELS = np.random.default_rng(4).integers(0, 256, (20, 1, 2, 3), dtype=np.uint8)
SPLIT = Split(PIXELS, np.zeros(20, np.uint8))


@pytest.fixture
def config(tiny_config):
    def make(**settings) -> RunConfig:
        training = {"epochs": 2, "batch_size": 5, "validation_fraction": 0.2}
        return tiny_config("vsc", **({"training": training} | settings))

    return make


@pytest.fixture
def train(tmp_path):
    def run(config: RunConfig):
        file = CheckpointFile(tmp_path / "checkpoint", "unused")
        return runs.train_model(config, SPLIT, "cpu", file, lambda line: None)

    return run


def saved(model, path: Path) -> bytes:
    runs.save_weights(path, model)
    return path.read_bytes()


def test_a_run_done_twice_is_the_same_bytes(config, train, tmp_path):
    (first, history), (second, again) = train(config()), train(config())
    assert saved(first, tmp_path / "a") == saved(second, tmp_path / "b")
    assert history == again


@pytest.mark.parametrize("changes", [{"seed": 2}, {"beta": 0.5}, {"prior": {"spike_prob": 0.1}}])
def test_another_run_is_another_model(changes, config, train, tmp_path):
    (first, _), (second, _) = train(config()), train(config(**changes))
    assert saved(first, tmp_path / "a") != saved(second, tmp_path / "b")


def test_evaluation_settings_do_not_change_a_training(config, train, tmp_path):
    """The rule leaves them out of the params of `train`."""
    changed = config(evaluation={"samples": 50, "probe_labels": 7})
    (first, _), (second, _) = train(config()), train(changed)
    assert saved(first, tmp_path / "a") == saved(second, tmp_path / "b")


def test_global_generators_neither_matter_nor_move(config, train, tmp_path):
    first = saved(train(config())[0], tmp_path / "a")
    torch.manual_seed(1234)
    state = torch.get_rng_state()
    assert saved(train(config())[0], tmp_path / "b") == first
    assert torch.equal(torch.get_rng_state(), state)


def test_weights_come_back_as_they_were(config, train, tmp_path):
    model, _ = train(config())
    runs.save_weights(tmp_path / "weights", model)
    loaded = runs.load_model(config(), tmp_path / "weights", (1, 2, 3), "cpu")
    inputs = torch.from_numpy(PIXELS.reshape(20, 6)) / 255
    assert torch.equal(loaded.codes(inputs), model.codes(inputs))


def test_weights_are_in_the_order_of_their_names(config, train, tmp_path):
    runs.save_weights(tmp_path / "weights", train(config())[0])
    with safe_open(tmp_path / "weights", framework="np") as file:
        names = list(file.keys())
    assert names == sorted(names)
    assert "heads.spike.weight" in names


@pytest.mark.parametrize("content", [b"", b"not safetensors"])
def test_damaged_weights_are_named(content, config, tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(content)
    with pytest.raises(DamagedFile, match=f"^{path}: not the weights of this run") as error:
        runs.load_model(config(), path, (1, 2, 3), "cpu")
    assert "\n" not in str(error.value)


def test_weights_of_another_size_are_named(config, train, tmp_path):
    runs.save_weights(tmp_path / "weights", train(config())[0])
    with pytest.raises(DamagedFile, match="not the weights of this run") as error:
        runs.load_model(config(latent_dim=3), tmp_path / "weights", (1, 2, 3), "cpu")
    assert "\n" not in str(error.value)


def test_only_the_first_images_are_trained_on_where_asked(config, train, tmp_path, monkeypatch):
    sizes = []
    monkeypatch.setattr(
        "sparsevae.runs.Trainer",
        lambda model, training, validation, *rest: (
            sizes.append((len(training), len(validation)))
            or type("Stub", (), {"run": lambda self: []})()
        ),
    )
    train(config())
    train(config(training={"max_images": 10, "validation_fraction": 0.3}))
    assert sizes == [(16, 4), (7, 3)]


def test_fingerprint_is_of_settings_and_of_contents(config, tmp_path):
    data, moved, other = (tmp_path / name for name in ("data", "moved", "other"))
    data.write_bytes(b"1")
    moved.write_bytes(b"1")
    other.write_bytes(b"2")
    first = runs.fingerprint(config(), data, other)
    assert first == runs.fingerprint(config(), moved, str(other))
    for different in (
        runs.fingerprint(config(beta=2.0), data, other),
        runs.fingerprint(config(), other, data),
        runs.fingerprint(config(), data),
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
    model, history = train(likelihood={"family": "gaussian"})
    assert (model.shape, len(history)) == ((6,), 2)
