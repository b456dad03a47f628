from collections.abc import Callable

import pytest
import torch
from sparsevae.models.base import Model


@pytest.fixture
def decoded() -> Callable[[Model, list[float]], torch.Tensor]:
    """What a Bernoulli model decodes from one latent vector, (features,)."""

    def decode(model: Model, latents: list[float]) -> torch.Tensor:
        return torch.sigmoid(model.decoder(torch.tensor([latents]).double())[0][0])

    return decode
