"""The classifier of the published accuracies (De la Fuente & Aduviri 2019), fitted on our codes.

One linear layer with a ReLU on its ten outputs, which enter the softmax: a class whose output is
negative for all images gets no gradient and is lost, and codes are not standardised. It is worse
than probes.py's logistic regression, so published accuracies are compared with this one.
"""

import math

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch.nn import functional
from torch.optim.sgd import sgd

from sparsevae.distributions.noise import torch_generator

MEASURE = "probe_accuracy_published"
LABELS = 5000
EPOCHS = 20
BATCH = 32
RATE, MOMENTUM = 1e-3, 0.9


def correct_predictions(
    train: tuple[Float[np.ndarray, "samples latent"], Integer[np.ndarray, "samples"]],
    test: tuple[Float[np.ndarray, "others latent"], Integer[np.ndarray, "others"]],
    seed: int,
) -> Float[np.ndarray, "others"]:
    """Return 1 for each test sample whose class the reproduction's classifier predicts, else 0.

    train, test: slab means without spikes (`probes.codes_of`, "ungated") and labels from 0. All of
    `train` is fitted on; the reproduction had LABELS images, drawn at random. Plain SGD with
    momentum for EPOCHS epochs, each in another order, and PyTorch's start of a linear layer, both
    drawn by `seed`. NaN if `train` has one class alone.
    """
    codes, labels = train
    if len(np.unique(labels)) < 2:
        return np.full(len(test[1]), np.nan)
    inputs = torch.as_tensor(codes, dtype=torch.float32)
    targets = torch.as_tensor(labels, dtype=torch.long)
    weights = _fit(inputs, targets, torch_generator(seed, "published probe"))
    unseen, expected = torch.as_tensor(test[0], dtype=torch.float32), torch.as_tensor(test[1])
    predicted = _outputs(unseen, *weights).argmax(1)
    return (predicted == expected).double().numpy()


@torch.enable_grad()
def _fit(
    inputs: Float[torch.Tensor, "samples latent"],
    targets: Integer[torch.Tensor, "samples"],
    noise: torch.Generator,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return weights and biases after EPOCHS of SGD, also if the caller needs no gradients."""
    classes, width = int(targets.max()) + 1, inputs.shape[1]
    bound = 1 / math.sqrt(width)
    weight = torch.empty(classes, width).uniform_(-bound, bound, generator=noise)
    bias = torch.empty(classes).uniform_(-bound, bound, generator=noise)
    parameters = (weight.requires_grad_(), bias.requires_grad_())
    velocities: list[torch.Tensor | None] = [None, None]
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(inputs), generator=noise).split(BATCH):
            loss = functional.cross_entropy(_outputs(inputs[batch], *parameters), targets[batch])
            _step(parameters, torch.autograd.grad(loss, parameters), velocities)
    return weight.detach(), bias.detach()


@torch.no_grad()
def _step(
    parameters: tuple[torch.Tensor, ...],
    gradients: tuple[torch.Tensor, ...],
    velocities: list[torch.Tensor | None],
) -> None:
    """Move the parameters one step; `torch.optim.SGD` would import torch's compiler first."""
    sgd(
        list(parameters),
        list(gradients),
        velocities,
        foreach=False,
        lr=RATE,
        momentum=MOMENTUM,
        weight_decay=0,
        dampening=0,
        nesterov=False,
        maximize=False,
    )


def _outputs(
    inputs: Float[torch.Tensor, "samples latent"], weight: torch.Tensor, bias: torch.Tensor
) -> Float[torch.Tensor, "samples classes"]:
    return functional.linear(inputs, weight, bias).relu()
