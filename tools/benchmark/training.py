"""Trainings: against their own matrix products, and against the procedures of others."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sparsevae.distributions.noise import torch_generator
from sparsevae.models.registry import build
from sparsevae.study.settings import from_mapping, merge
from sparsevae.training.run import trainer_of
from sparsevae.training.trainer import Trainer
from torch import Tensor, nn

from benchmark import plain
from benchmark.timing import Result, interleaved, rate, speedup

MODELS = {
    "ae": ({"family": "ae"}, 1, plain.ae_loss, 3.0),
    "vae": ({"family": "vae"}, 2, plain.vae_loss, 3.0),
    "vsc": ({"family": "vsc"}, 3, plain.vsc_loss, 3.0),
    "vsc-wu": (
        {"family": "vsc", "slab_warmup": {}, "training": {"draws": 5}},
        3,
        plain.vsc_warmup_loss,
        4.0,
    ),
}


def images(n: int, side: int = 28) -> np.ndarray:
    """n random images; what is in them does not change a time."""
    return np.random.default_rng(0).integers(0, 256, (n, side, side), dtype=np.uint8)


def trainer(n: int, side: int = 28, **settings: object) -> Trainer:
    """A Trainer of one epoch over n random images of side x side pixels."""
    identity = {"dataset": "mnist", "model": "bench", "seed": 1}
    config = from_mapping(merge(identity, settings))
    values = torch.from_numpy(images(n, side).reshape(n, side * side)).float() / 255
    model = build(config, (1, side, side))
    model.initialise(torch_generator(1, "initialisation"))
    return trainer_of(config, model, values, values[:0])


def against_products(batch: int, goal: float, n: int = 25_600) -> Result:
    """Images a second of a VAE, 784-400-64-400-784, and of its matrix products alone."""
    made = trainer(n, family="vae", latent_dim=64, training={"epochs": 1, "batch_size": batch})
    steps = made.budget.steps_per_epoch
    seconds = interleaved(
        {
            "ours": lambda: made.train_epoch(0),
            "products": products(made.model, batch, steps),
        }
    )
    name = f"training, batch {batch}, of its products"
    return rate(name, n, seconds["ours"], seconds["products"], goal)


def against_compiled(batch: int = 128, n: int = 6_400) -> Result:
    """Seconds of an epoch of that VAE, and of the same with its objective compiled by torch."""
    settings = {"epochs": 1, "batch_size": batch}
    eager, compiled = (trainer(n, family="vae", latent_dim=64, training=settings) for _ in "12")
    compiled.model.objective = torch.compile(compiled.model.objective)
    variants = {
        "eager": lambda: eager.train_epoch(0),
        "compiled": lambda: compiled.train_epoch(0),
    }
    seconds = interleaved(variants)
    title = f"epoch of {n:,} images, as it is and compiled"
    return speedup(title, seconds["eager"], seconds["compiled"], None)


def products(model: nn.Module, batch: int, steps: int) -> Callable[[], None]:
    """The products of each linear layer: forward, for its weights, and for its inputs, which the
    first layer does not need."""
    linear = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    operands: list[tuple[Tensor, Tensor, Tensor]] = [
        (
            torch.randn(batch, layer.in_features),
            layer.weight.detach(),
            torch.randn(batch, layer.out_features),
        )
        for layer in linear
    ]

    def run() -> None:
        for _ in range(steps):
            for position, (inputs, weight, gradient) in enumerate(operands):
                inputs @ weight.T
                gradient.T @ inputs
                if position > 0:
                    gradient @ weight

    return run


def against_the_course_project(n: int = 5_120) -> list[Result]:
    """Seconds of an epoch over n images, convolutional body, batches of 256, by model."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        loader = plain.mnist_like(Path(folder), images(n), 256)
        for name, (settings, heads, loss, goal) in MODELS.items():
            theirs = plain.ConvModel(heads)
            body = {"latent_dim": 2, "network": {"body": "conv"}}
            ours = _epoch(n, merge(body, settings, {"training": {"batch_size": 256}}))
            variants = {"ours": ours, "plain": _plain(theirs, loss, loader)}
            seconds = interleaved(variants)
            title = f"epoch of {n:,} images, course project's {name}"
            results.append(speedup(title, seconds["ours"], seconds["plain"], goal))
    return results


def against_the_reproduction(n: int = 5_120) -> Result:
    """Seconds of an epoch over n images, hidden 400, 200 latents, batches of 32, of the VSC."""
    with tempfile.TemporaryDirectory() as folder:
        loader = plain.mnist_like(Path(folder), images(n), 32)
        settings = {"family": "vsc", "latent_dim": 200, "training": {"batch_size": 32}}
        variants = {
            "ours": _epoch(n, settings),
            "plain": _plain(plain.MlpModel(3), plain.vsc_loss, loader),
        }
        seconds = interleaved(variants)
    return speedup(
        f"epoch of {n:,} images, reproduction's vsc", seconds["ours"], seconds["plain"], 4.0
    )


def _epoch(n: int, settings: dict) -> Callable[[], object]:
    made = trainer(n, **merge(settings, {"training": {"epochs": 1}}))
    return lambda: made.train_epoch(0)


def _plain(model: nn.Module, loss: Callable, loader: object) -> Callable[[], object]:
    return lambda: plain.epoch(model, loss, loader)
