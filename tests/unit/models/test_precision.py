import pytest
import torch
from sparsevae.distributions.noise import torch_generator
from sparsevae.models.precision import at_least_float32, products_in
from sparsevae.models.registry import build
from sparsevae.training.run import trainer_of
from sparsevae.training.trainer import Trainer


@pytest.fixture
def trained(tiny_config):
    """A Trainer of a VSC after three epochs, with products of a given precision."""

    def make(precision: str) -> Trainer:
        training = {"epochs": 3, "batch_size": 10, "precision": precision}
        config = tiny_config("vsc", training=training, network={"hidden": [30]})
        model = build(config, (1, 8, 8))
        model.initialise(torch_generator(1, "initialisation"))
        samples = torch.rand(60, 64, generator=torch_generator(1, "samples"))
        trainer = trainer_of(config, model, samples[:50], samples[50:])
        trainer.run()
        return trainer

    return make


def test_bfloat16_is_near_float32_and_not_the_same(trained):
    exact, rounded = (trained(p) for p in ("float32", "bfloat16"))
    ours, theirs = (t.history[-1]["train_loss"] for t in (rounded, exact))
    assert ours == pytest.approx(theirs, rel=1e-2)
    assert ours != theirs
    assert all(p.dtype == torch.float32 for p in rounded.model.parameters())


def test_tf32_is_asked_for_and_given_back():
    before = torch.get_float32_matmul_precision()
    with products_in("tf32", "cpu"):
        assert torch.get_float32_matmul_precision() == "high"
    assert torch.get_float32_matmul_precision() == before


@pytest.mark.parametrize(
    ("given", "expected"),
    [(torch.bfloat16, torch.float32), (torch.float32,) * 2, (torch.float64,) * 2],
)
def test_nothing_is_made_shorter(given, expected):
    assert at_least_float32(torch.ones(2, dtype=given)).dtype == expected
