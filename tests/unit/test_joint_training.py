import pytest
import torch
from sparsevae.checkpoints import CheckpointFile
from sparsevae.generators import torch_generator
from sparsevae.joint_training import train_together
from sparsevae.models.registry import build
from sparsevae.training import Trainer

SEEDS = (1, 2, 5)
VARIANTS = {
    "ae": {"family": "ae"},
    "vae": {"family": "vae"},
    "tcvae": {"family": "tcvae", "beta": 3.0},
    "vsc": {"family": "vsc"},
    "draws": {"family": "vsc", "training": {"draws": 3}},
    "disarm": {"family": "vsc", "spike": {"relaxation": "disarm"}},
    "straight-through": {"family": "vsc", "spike": {"relaxation": "straight_through"}},
    "vsc-wu": {
        "family": "vsc",
        "slab_warmup": {},
        "prior": {"kind": "pseudo_inputs", "pseudo_inputs": 3},
    },
    "conv": {"family": "vsc", "network": {"body": "conv", "channels": [2, 3, 4]}},
}


class Killed(Exception):
    """Stands for the end of the process."""


@pytest.fixture(params=VARIANTS)
def trainer(request, tiny_config, monkeypatch):
    """A Trainer of eleven samples, by seed; `kill` ends the process after that many epochs."""

    def make(seed: int, checkpoint: CheckpointFile | None = None, kill: int | None = None):
        settings = VARIANTS[request.param]
        training = {"epochs": 3, "batch_size": 4, "checkpoint_every": 1}
        training |= settings.get("training", {})
        config = tiny_config(**settings | {"training": training, "seed": seed})
        model = build(config, (1, 4, 4))
        model.initialise(torch_generator(seed, "initialisation"))
        samples = torch.rand(14, 16, generator=torch_generator(seed, "samples"))
        model.start_from(samples, torch_generator(seed, "pseudo_inputs"))

        def report(line: str) -> None:
            if kill is not None and f"epoch {kill} of" in line:
                raise Killed

        return Trainer(model, samples[:11], samples[11:], checkpoint, report)

    return make


def assert_same(one: Trainer, other: Trainer) -> None:
    for name, value in one.model.state_dict().items():
        torch.testing.assert_close(value, other.model.state_dict()[name], rtol=1e-4, atol=1e-5)
    for ours, theirs in zip(one.history, other.history, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-4, nan_ok=True)


def test_each_seed_is_what_it_is_alone(trainer):
    together = [trainer(seed) for seed in SEEDS]
    train_together(together)
    for seed, ours in zip(SEEDS, together, strict=True):
        alone = trainer(seed)
        alone.run()
        assert_same(ours, alone)


def test_seeds_that_were_killed_at_different_epochs_end_as_undisturbed(trainer, tmp_path):
    files = [CheckpointFile(tmp_path / f"{seed}.safetensors", "this run") for seed in SEEDS]
    for seed, file, epochs in zip(SEEDS, files, (1, 2, 2), strict=True):
        with pytest.raises(Killed):
            trainer(seed, file, kill=epochs + 1).run()
    resumed = [trainer(seed, file) for seed, file in zip(SEEDS, files, strict=True)]
    train_together(resumed)
    for seed, ours in zip(SEEDS, resumed, strict=True):
        alone = trainer(seed)
        alone.run()
        assert_same(ours, alone)


def test_a_seed_that_diverges_is_left_and_the_others_go_on(trainer):
    together = [trainer(seed) for seed in SEEDS]
    lines: list[str] = []
    together[1].report = lines.append
    together[1].train[0] = torch.nan
    train_together(together)
    assert any("WARNING" in line and "seed-2: the loss is not a finite" in line for line in lines)
    assert len(together[1].history) == 0
    for index in (0, 2):
        alone = trainer(SEEDS[index])
        alone.run()
        assert_same(together[index], alone)
