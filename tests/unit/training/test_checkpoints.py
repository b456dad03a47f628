import math

import pytest
import torch
from safetensors import safe_open
from sparsevae.jobs.errors import DamagedFile
from sparsevae.training.adam import Adam
from sparsevae.training.checkpoints import CheckpointFile, Progress, RunningEpoch
from torch import nn


def trained(steps: int) -> tuple[nn.Linear, Adam]:
    model = nn.Linear(3, 2)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(0.5)
    optimiser = Adam(dict(model.named_parameters()))
    for _ in range(steps):
        model(torch.tensor([[1.0, 2.0, 3.0]])).square().sum().backward()
        optimiser.step(0.01)
    return model, optimiser


HISTORY = [{"epoch": 1, "step": 5, "train_loss": 0.1 + 0.2, "validation_loss": math.nan}]


@pytest.fixture
def file(tmp_path) -> CheckpointFile:
    return CheckpointFile(tmp_path / "checkpoint.safetensors", "fingerprint")


def test_weights_moments_steps_and_history_come_back_to_the_bit(file):
    model, optimiser = trained(steps=5)
    file.save(model, optimiser, HISTORY)
    other, other_optimiser = trained(steps=0)
    progress = file.load(other, other_optimiser)
    assert progress.running is None
    assert repr(progress.history) == repr(HISTORY)  # NaN is not equal to itself
    for name, value in model.state_dict().items():
        assert torch.equal(other.state_dict()[name], value)
    for name, value in optimiser.state().items():
        assert torch.equal(other_optimiser.state()[name], value)
    assert other_optimiser.state()["steps.bias"] == 5


def test_an_epoch_that_is_running_comes_back_to_the_bit(file):
    noise = torch.Generator().manual_seed(3)
    running = RunningEpoch(torch.rand(4, 5, generator=noise), noise.get_state())
    file.save(*trained(steps=4), [], running)
    progress = file.load(*trained(steps=0))
    assert progress.history == []
    assert torch.equal(progress.running.totals, running.totals)
    again = torch.Generator()
    again.set_state(progress.running.noise)
    assert torch.equal(torch.rand(9, generator=again), torch.rand(9, generator=noise))


def test_another_fingerprint_changes_nothing(file):
    file.save(*trained(steps=5), HISTORY)
    model, optimiser = trained(steps=0)
    assert CheckpointFile(file.path, "other").load(model, optimiser) is None
    assert (model.weight == 0.5).all()


@pytest.mark.parametrize("content", [b"", b"not safetensors", None])
def test_a_damaged_file_is_named(content, file):
    file.save(*trained(steps=1), HISTORY)
    whole = file.path.read_bytes()
    file.path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(DamagedFile, match=f"^{file.path}: not a readable checkpoint"):
        file.load(*trained(steps=0))


def test_a_failed_save_keeps_the_checkpoint_before(file, monkeypatch):
    file.save(*trained(steps=1), HISTORY)
    before = file.path.read_bytes()

    def full(*arguments: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        file.save(*trained(steps=2), HISTORY)
    assert file.path.read_bytes() == before
    names = {path.name for path in file.path.parent.iterdir()}
    assert names == {file.path.name, file.previous.path.name}


def test_the_last_checkpoint_is_the_weights_by_name_and_leaves_the_optimiser_alone(file):
    model, _ = trained(steps=5)
    file.finish(model, HISTORY)
    with safe_open(file.path, framework="pt") as content:
        assert list(content.keys()) == ["bias", "weight"]
    other, optimiser = trained(steps=1)
    assert repr(file.load(other, optimiser)) == repr(Progress(HISTORY))
    assert torch.equal(other.weight, model.weight)
    assert optimiser.state()["steps.bias"] == 1


def test_set_aside(file):
    file.path.write_bytes(b"x")
    assert file.set_aside().read_bytes() == b"x"
    assert not file.path.exists()
