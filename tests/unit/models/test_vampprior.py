"""VampPrior VAE: a mixture of the encoded pseudo-inputs, and a bound on the KL to it."""

import math

import torch
from sparsevae.models.schedules import Schedule
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal, kl_divergence

SCHEDULE = Schedule(slab_warmup=1.0, sharpness=1.0, learning_rate=1e-3, beta=1.0)
PRIOR = {"prior": {"kind": "pseudo_inputs", "pseudo_inputs": 3}}


def encoded(model, inputs: torch.Tensor) -> Normal:
    """q(z|x) by hand, from the stored weights."""
    w = model.state_dict()

    def layer(name: str, values: torch.Tensor) -> torch.Tensor:
        return values @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    hidden = layer("encoder.layers.0", inputs).relu()
    return Normal(layer("heads.mean", hidden), torch.exp(layer("heads.log_var", hidden) / 2))


def mixture(model) -> MixtureSameFamily:
    q = Independent(encoded(model, model.state_dict()["inputs"]), 1)
    return MixtureSameFamily(Categorical(torch.ones(3, dtype=torch.float64)), q)


def test_the_prior_is_the_uniform_mixture_of_encoded_pseudo_inputs(tiny_model, generator):
    model = tiny_model("vampprior", **PRIOR)
    z = torch.randn(50, 2, generator=generator, dtype=torch.float64)
    torch.testing.assert_close(model.log_prior(z), mixture(model).log_prob(z))


def test_the_penalty_bounds_the_kl_from_above_and_is_exact_for_equal_components(
    tiny_model, binary_inputs, generator
):
    model = tiny_model("vampprior", **PRIOR)
    paid = model.penalties(binary_inputs, model.encode(binary_inputs)).kl
    q = encoded(model, binary_inputs)
    z = q.mean + q.stddev * torch.randn(20_000, 8, 2, generator=generator, dtype=torch.float64)
    kl = (q.log_prob(z).sum(-1) - mixture(model).log_prob(z)).mean(0)
    assert (paid > kl - 0.02).all()
    with torch.no_grad():
        model.inputs.copy_(model.inputs[:1].expand(3, -1))
    to_one = kl_divergence(q, encoded(model, model.inputs[:1].detach())).sum(-1)
    torch.testing.assert_close(
        model.penalties(binary_inputs, model.encode(binary_inputs)).kl, to_one
    )


def test_pseudo_inputs_start_as_training_samples_and_learn(tiny_model, generator):
    model = tiny_model("vampprior", **PRIOR)
    samples = torch.arange(30, dtype=torch.float64).reshape(10, 3)
    model.start_from(samples, generator)
    rows = {tuple(row) for row in model.inputs.tolist()}
    assert len(rows) == 3
    assert rows <= {tuple(row) for row in samples.tolist()}
    x = torch.rand(4, 3, generator=generator, dtype=torch.float64)
    model.objective(x, SCHEDULE, generator).loss.sum().backward()
    assert model.inputs.grad is not None
    assert model.inputs.grad.abs().sum() > 0


def test_its_selection_is_how_much_a_component_explains(tiny_model, binary_inputs):
    model = tiny_model("vampprior", **PRIOR)
    q, components = encoded(model, binary_inputs), encoded(model, model.state_dict()["inputs"])
    one_by_one = [
        kl_divergence(q, Normal(components.mean[u], components.stddev[u])).sum(-1) for u in range(3)
    ]
    weights = torch.softmax(-torch.stack(one_by_one, -1), -1)
    torch.testing.assert_close(model.selection(binary_inputs, model.encode(binary_inputs)), weights)
    loss = -torch.logsumexp(-torch.stack(one_by_one, -1), -1) + math.log(3)
    torch.testing.assert_close(
        model.penalties(binary_inputs, model.encode(binary_inputs)).kl_slab, loss
    )
