"""log p(x) and the ELBO of tiny models: two latents, three binary pixels.

Every pattern of spikes is summed over, and slabs are integrated over by the trapezoidal rule, which
is exact to rounding for such smooth, fast-falling integrands.
"""

import math
from itertools import product

import torch
from sparsevae.distributions.posterior import Posterior
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.evaluation.bounds import ElboTerms, ImportanceWeighted, elbo_terms, iwae
from sparsevae.models.base import GenerativeModel

GRID = torch.linspace(-14, 14, 401, dtype=torch.float64) + 1e-3  # does not meet 0
STEP = (GRID[1] - GRID[0]).item()
FIXED = {"prior": {"kind": "fixed", "spike_prob": 0.3}}
PSEUDO_INPUTS = {"prior": {"kind": "pseudo_inputs", "pseudo_inputs": 3}}
MODELS = {"vae": ("vae", {}), "fixed": ("vsc", FIXED), "pseudo_inputs": ("vsc", PSEUDO_INPUTS)}


def points(sparse: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """All (z, log of its measure): the plane, and with spikes its two axes and the origin."""
    zero = torch.zeros(1, dtype=torch.float64)
    latents, log_measure = [], []
    for first, second in product([GRID, zero], repeat=2) if sparse else [(GRID, GRID)]:
        z = torch.cartesian_prod(first, second)
        latents.append(z)
        continuous = (len(first) > 1) + (len(second) > 1)
        log_measure.append(torch.full((len(z),), continuous * math.log(STEP)).double())
    return torch.cat(latents), torch.cat(log_measure)


def exact(model: GenerativeModel, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """log p(x) and the ELBO, E_q[log p(x|z) + log p(z) - log q(z|x)], of each sample."""
    posterior = model.encode(inputs)
    z, log_measure = points(isinstance(posterior, SpikeSlab))
    log_prior = model.log_prior(z)
    evidence, elbo = [], []
    for row, x in enumerate(inputs):
        log_joint = log_prior + model.decode(z).log_prob(x[None])
        evidence.append(torch.logsumexp(log_joint + log_measure, 0))
        log_q = one_row(posterior, row).log_prob(z)
        elbo.append(((log_q + log_measure).exp() * (log_joint - log_q)).sum())
    return torch.stack(evidence), torch.stack(elbo)


def one_row(posterior: Posterior, row: int) -> Posterior:
    return posterior[row]


def elbo_terms_of(model: GenerativeModel, inputs: torch.Tensor, *settings) -> ElboTerms:
    """`elbo_terms` at the model's own posterior."""
    return elbo_terms(model, inputs, model.encode(inputs), *settings)


def iwae_of(model: GenerativeModel, inputs: torch.Tensor, *settings) -> ImportanceWeighted:
    """`iwae` at the model's own posterior."""
    return iwae(model, inputs, model.encode(inputs), *settings)
