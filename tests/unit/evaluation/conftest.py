import pytest
import torch
from sparsevae.models.base import GenerativeModel
from tiny_bounds import MODELS


@pytest.fixture
def model_of(tiny_model):
    """One of MODELS, with weights small enough for tiny_bounds.GRID to hold all of its mass."""

    def make(name: str, **prior) -> GenerativeModel:
        family, settings = MODELS[name]
        settings = settings | {"prior": settings["prior"] | prior} if prior else settings
        model = tiny_model(family, **settings).eval()
        with torch.no_grad():
            for head in model.heads.values():
                head.weight.mul_(0.5)
                head.bias.mul_(0.5)
        return model

    return make


@pytest.fixture
def covering_model_of(model_of):
    """The same, with posteriors wider than the prior.

    Importance weights then have a variance, without which no mean of draws could be held against
    its expectation: a random encoder's narrow posteriors hide most of the prior's mass.
    """

    def make(name: str) -> GenerativeModel:
        model = model_of(name)
        with torch.no_grad():
            model.heads["mean"].weight.mul_(0.5)
            model.heads["log_var"].weight.mul_(0.1)
            model.heads["log_var"].bias.fill_(0.5)
        return model

    return make
