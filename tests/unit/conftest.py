"""One core for every unit test; small models, generators and statistical comparisons."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from sparsevae.models.base import Model
from sparsevae.models.registry import build
from sparsevae.study.settings import RunConfig, from_mapping, merge
from threadpoolctl import threadpool_limits

torch.set_num_threads(1)

TINY = {
    **{"seed": 1, "dataset": "digits", "latent_dim": 2},
    **{"network": {"hidden": [5]}, "support": {"kept": 1}},
}


@pytest.fixture(scope="session", autouse=True)
def one_core() -> Iterator[None]:
    """Keep BLAS and OpenMP of NumPy, SciPy and scikit-learn to one core, as PyTorch is above.

    Two workers whose threads wait for each other's cores take three times as long.
    """
    with threadpool_limits(1):
        yield


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(20)


@pytest.fixture
def tiny_config() -> Callable[..., RunConfig]:
    """A run with two latents and five hidden units, by family; settings as in the config."""

    def make(family: str, **settings: Any) -> RunConfig:
        names = {"family": family, "model": family}
        return from_mapping(merge(TINY, names, settings))

    return make


@pytest.fixture
def tiny_model(tiny_config: Callable[..., RunConfig]) -> Callable[..., Model]:
    """A model in float64 whose weights and biases are all far from zero."""

    def make(family: str, shape: tuple[int, ...] = (1, 1, 3), **settings: Any) -> Model:
        model = build(tiny_config(family, **settings), shape).double()
        weights = torch.Generator().manual_seed(7)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.normal_(0, 0.8, generator=weights)
        return model

    return make


@pytest.fixture
def assert_mean() -> Callable[..., None]:
    """Compares the mean of independent draws (first axis) with its expectation.

    Tolerance: 4.5 standard errors of that mean, elementwise; draws are seeded, so that a test that
    passes once passes always.
    """

    def check(draws: torch.Tensor, expected: torch.Tensor | float) -> None:
        draws = draws.detach().double()
        error = draws.std(0) / len(draws) ** 0.5
        deviation = (draws.mean(0) - torch.as_tensor(expected, dtype=torch.float64)).abs()
        assert (deviation <= 4.5 * error + 1e-12).all(), f"{deviation} against {error}"

    return check


@pytest.fixture
def central_difference() -> Callable[..., torch.Tensor]:
    """Gradient of a scalar function of one tensor, entry by entry, without autograd."""

    def gradient(
        function: Callable[[torch.Tensor], torch.Tensor], at: torch.Tensor, step: float = 1e-6
    ) -> torch.Tensor:
        at = at.detach()
        slopes = torch.zeros_like(at)
        for index in range(at.numel()):
            nudge = torch.zeros_like(at)
            nudge.view(-1)[index] = step
            slopes.view(-1)[index] = (function(at + nudge) - function(at - nudge)) / (2 * step)
        return slopes

    return gradient


@pytest.fixture
def decoded_latents() -> Callable[[Model], list[torch.Tensor]]:
    """Records every z that a model decodes: the draws that an objective or a bound made."""

    def record(model: Model) -> list[torch.Tensor]:
        seen: list[torch.Tensor] = []
        model.decoder.register_forward_pre_hook(lambda module, args: seen.append(args[0].detach()))
        return seen

    return record


@pytest.fixture
def binary_inputs() -> torch.Tensor:
    """All eight images of three binary pixels."""
    return torch.tensor([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)], dtype=torch.float64)
