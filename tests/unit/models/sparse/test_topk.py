import numpy as np
import pytest
import torch
from sparsevae.jobs.errors import ConfigError
from sparsevae.models.base import GenerativeModel
from sparsevae.models.schedules import Schedule
from sparsevae.models.sparse.topk import TopK
from sparsevae.study.settings import Network, Support

SCHEDULE = Schedule(slab_warmup=1.0, sharpness=1.0, learning_rate=1e-3, beta=1.0)
KEPT, LATENTS = 2, 6


@pytest.fixture
def model(generator) -> TopK:
    built = TopK((1, 2, 4), LATENTS, network=Network(hidden=(5,)), support=Support(kept=KEPT))
    built.initialise(generator)
    return built.double()


@pytest.fixture
def inputs(generator) -> torch.Tensor:
    return torch.rand(40, 8, dtype=torch.float64, generator=generator).round()


def by_hand(model: TopK, inputs: torch.Tensor) -> np.ndarray:
    """Codes by sorting each sample's pre-activations in NumPy."""
    weights = {name: value.detach().numpy() for name, value in model.state_dict().items()}

    def layer(name: str, values: np.ndarray) -> np.ndarray:
        return values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    hidden = np.maximum(layer("encoder.layers.0", inputs.numpy()), 0)
    codes = np.maximum(layer("heads.mean", hidden), 0)
    for code in codes:
        code[np.argsort(code)[: LATENTS - KEPT]] = 0
    return codes


def test_codes_keep_the_largest_positive_activations(model, inputs):
    expected = by_hand(model, inputs)
    codes = model.sparse_code(inputs).detach()
    assert np.array_equal(codes.numpy() != 0, expected != 0)
    np.testing.assert_allclose(codes.numpy(), expected)
    counts = (codes != 0).sum(-1)
    assert counts.max() == KEPT
    assert torch.equal(model.encode(inputs).active, codes != 0)


def test_only_kept_latents_have_a_gradient(model, inputs):
    parameters = model.posterior_parameters(inputs)["mean"].detach().requires_grad_()
    model.posterior_parameters = lambda _: {"mean": parameters}
    code = model.encode(inputs).mean
    code.sum().backward()
    assert torch.equal(parameters.grad, (code != 0).double())


def test_loss_is_the_reconstruction_alone_and_there_is_no_bound(model, inputs, generator):
    terms = model.objective(inputs, SCHEDULE, generator)
    logits = model.decode(torch.from_numpy(by_hand(model, inputs))).logits
    p = logits.sigmoid()
    right = torch.where(inputs == 1, p, 1 - p).log().sum(-1)
    torch.testing.assert_close(terms.loss, -right)
    assert not isinstance(model, GenerativeModel)


def test_more_latents_than_there_are_is_refused():
    with pytest.raises(ConfigError, match=r"^support.kept: 7 is more than the 6 latents"):
        TopK((1, 2, 4), LATENTS, support=Support(kept=7))
