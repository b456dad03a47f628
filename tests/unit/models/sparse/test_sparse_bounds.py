"""Bounds of each sparse family on a tiny model against log p(x) from draws of its prior."""

import pytest
import torch
from sparsevae.evaluation.bounds import elbo_terms, iwae
from sparsevae.models.base import GenerativeModel
from sparsevae.models.registry import model_class
from sparsevae.study.families import FAMILIES

SPARSE = [
    name
    for name, family in FAMILIES.items()
    if family.module.startswith("sparse.") and issubclass(model_class(name), GenerativeModel)
]


@pytest.fixture(params=SPARSE)
def model(request, tiny_model):
    """With posteriors near the prior and wider, so that importance weights vary little."""
    model = tiny_model(request.param).eval()
    with torch.no_grad():
        for parameter in model.heads.parameters():
            parameter.mul_(0.15)
        for name in {"log_scale", "log_var"} & set(model.heads):
            model.get_parameter(f"heads.{name}.bias").fill_(0.3)
    return model


@torch.no_grad()
def test_iwae_grows_from_the_elbo_to_log_p(model, binary_inputs, generator, assert_mean):
    """The ELBO has the closed KL, the bound of one draw the densities: they have one mean."""
    z = model.sample_prior(400_000, generator)
    logits = model.decode(z).logits
    evidence = torch.stack(
        [(x * logits - logits.exp().log1p()).sum(1).exp() for x in binary_inputs]
    )
    log_p = evidence.mean(1).log()
    posterior = model.encode(binary_inputs)
    terms = elbo_terms(model, binary_inputs, posterior, 3000, generator)
    elbo = (terms.log_likelihood - terms.kl).mean(0)
    many = binary_inputs.repeat(3000, 1)
    one = iwae(model, many, model.encode(many), 1, generator).log_prob.reshape(3000, 8)
    assert_mean(one, elbo)
    some = binary_inputs.repeat(300, 1)
    ten = iwae(model, some, model.encode(some), 10, generator).log_prob.reshape(300, 8).mean(0)
    whole = iwae(model, binary_inputs, posterior, 40_000, generator, 2000)
    assert elbo.mean() < ten.mean()
    assert ten.mean() < log_p.mean()
    of_evidence = evidence.var(1) / evidence.mean(1).square() / evidence.shape[1]
    error = (of_evidence + whole.variance).sqrt()
    assert error.max() < 0.03
    assert ((whole.log_prob - log_p).abs() < 4.5 * error).all()


@torch.no_grad()
def test_draws_of_prior_and_posterior_have_exact_zeros(model, binary_inputs, generator):
    if model.encode(binary_inputs).spike_prob is None:
        pytest.skip("a dense control")
    many = model.encode(binary_inputs.repeat(500, 1))
    for drawn, expected in (
        (many.sample(generator), many.spike_prob),
        (model.sample_prior(4000, generator), model.prior_row().spike_prob),
    ):
        on = (drawn != 0).double().mean()
        assert on.item() == pytest.approx(expected.mean().item(), abs=0.03)
        assert 0 < on < 1
