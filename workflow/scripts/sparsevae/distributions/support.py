"""Whether a likelihood gives the values that it would see a density at all."""

from jaxtyping import Float
from torch import Tensor

from sparsevae.jobs.errors import ConfigError
from sparsevae.study import choices
from sparsevae.study.settings import Likelihood


def check_support(
    values: Float[Tensor, "samples features"], likelihood: Likelihood, run: str
) -> None:
    """Raise ConfigError where a likelihood would see values that it gives no density.

    Bernoulli, continuous Bernoulli and a Gaussian with a sigmoid as its mean need [0, 1]; those of
    counts need whole numbers from 0 on, and one above 0 in each sample.
    """
    family = likelihood.family
    low, high = values.min().item(), values.max().item()
    if family in choices.OF_COUNTS:
        # Written so that a NaN fails too.
        if not (low >= 0 and bool((values == values.round()).all())):
            raise ConfigError(
                f"{run}: likelihood.family: {family} needs counts, and these are from {low:.4g} to "
                f"{high:.4g} or not whole; allowed: gaussian"
            )
        empty = (values.sum(1) == 0).nonzero()
        if len(empty):
            raise ConfigError(
                f"{run}: likelihood.family: {family}: {len(empty)} samples have no count above 0, "
                f"the first is sample {empty[0].item() + 1}; leave them out"
            )
    elif (family, likelihood.mean) != ("gaussian", "linear") and not (low >= 0 and high <= 1):
        key = f"likelihood.{'mean: sigmoid' if family == 'gaussian' else f'family: {family}'}"
        raise ConfigError(
            f"{run}: {key} needs inputs in [0, 1] and these are from {low:.4g} to {high:.4g}; "
            "allowed: {family: gaussian, mean: linear}"
        )
