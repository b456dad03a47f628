"""What a model scores that ignores its latents: a bound that a trained one should not fall below.

A loss that explodes may stay finite, and its run would pass for a result.
"""

import torch

from sparsevae.data.inputs import rows
from sparsevae.data.split import Split
from sparsevae.distributions.likelihoods import likelihood_of_moments
from sparsevae.evaluation.encoded import Encoded
from sparsevae.study.settings import Likelihood


@torch.no_grad()
def elbo_of_mean(
    train: Split, test: Encoded, likelihood: Likelihood, limit: int | None = None
) -> float:
    """Return the mean of log p(x) over the test set, nats per sample, of the training set's mean.

    p(x) is the likelihood's own family with E[x] the mean of the first `limit` training samples,
    and for a Gaussian the best variance of each feature. The ELBO of such a model has no KL. Half a
    sample of zeros and half of ones are added to the training set, so that nothing in the test set
    is impossible only because no training sample has it.
    """
    total = torch.full_like(test.inputs[0], 0.5, dtype=torch.float64)
    squares = total.clone()
    n = len(train.inputs[:limit])
    for start in range(0, n, test.batch_size):
        part = slice(start, min(start + test.batch_size, n))
        batch = Split(train.inputs[part], train.labels[part])
        values = rows(batch, likelihood.inputs, str(test.inputs.device)).values.double()
        total += values.sum(0)
        squares += values.square().sum(0)
    mean, mean_square = total / (n + 1), squares / (n + 1)
    constant = likelihood_of_moments(likelihood, mean, mean_square)
    batches = test.inputs.split(test.batch_size)
    return sum(constant.log_prob(batch).sum().item() for batch in batches) / len(test)
