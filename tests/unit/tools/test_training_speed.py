"""What keeps an epoch at the speed of its matrix products, without measuring a time."""

from collections import Counter

import pytest
import torch
from sparsevae.distributions.noise import torch_generator
from sparsevae.models.registry import build
from sparsevae.training.run import trainer_of
from torch.utils._python_dispatch import TorchDispatchMode

# What makes the host wait for a device: a number or a shape that Python asks for.
WAITS = ("_local_scalar_dense", "nonzero", "masked_select", "copy to a device")


class Operations(TorchDispatchMode):
    """Counts the operations that reach torch's kernels, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = function.overloadpacket.__name__
        to_device = name == "_to_copy" and kwargs.get("device") is not None
        self.counts["copy to a device" if to_device else name] += 1
        return function(*args, **kwargs)


@pytest.fixture(params=["ae", "vae", "vsc", "tcvae", "disarm", "pseudo-inputs", "conv"])
def operations_of_an_epoch(request, tiny_config):
    """Operations of the first epoch of a model, for a number of steps and a batch size."""
    variants = {
        "disarm": {"spike": {"relaxation": "disarm"}},
        "pseudo-inputs": {"prior": {"kind": "pseudo_inputs", "pseudo_inputs": 3}},
        "conv": {"network": {"body": "conv"}},
    }
    family = "vsc" if request.param in variants else request.param

    def count(steps: int, batch: int) -> Counter[str]:
        training = {"epochs": 1, "batch_size": batch}
        config = tiny_config(family, **variants.get(request.param, {}), training=training)
        model = build(config, (1, 8, 8))
        model.initialise(torch_generator(1, "initialisation"))
        samples = torch.rand(steps * batch, 64, generator=torch_generator(1, "samples"))
        trainer = trainer_of(config, model, samples, samples[:0])
        with Operations() as operations:
            trainer.train_epoch(0)
        return operations.counts

    return count


def test_no_step_waits_for_the_device(operations_of_an_epoch):
    few, many = (operations_of_an_epoch(steps, 4) for steps in (2, 7))
    assert [many[name] for name in WAITS] == [few[name] for name in WAITS]


def test_an_epoch_waits_once(operations_of_an_epoch):
    assert operations_of_an_epoch(3, 4)["_local_scalar_dense"] <= 1


def test_no_operation_is_of_a_single_image(operations_of_an_epoch):
    assert operations_of_an_epoch(3, 4) == operations_of_an_epoch(3, 32)
