"""The learned pseudo-inputs of a prior, what their encodings decode to, and who selects them."""

from jaxtyping import Float
from torch import Tensor

from sparsevae.models.model import GenerativeModel
from sparsevae.models.priors import PseudoInputPrior


def pseudo_input_prior(model: object) -> PseudoInputPrior | None:
    """The prior of a model if it is made of pseudo-inputs."""
    prior = getattr(model, "prior", None)
    return prior if isinstance(prior, PseudoInputPrior) else None


def decode_pseudo_inputs(
    model: GenerativeModel, prior: PseudoInputPrior
) -> Float[Tensor, "pseudo features"]:
    """Mean of p(x|z) at the mean of each component of the prior, E[z|x_u]."""
    return model.decode(prior.components(model.encode).mean).mean


def mean_selection(
    prior: PseudoInputPrior, inputs: Float[Tensor, "samples features"]
) -> Float[Tensor, "pseudo"]:
    """How much each pseudo-input is selected, on average over the inputs; sums to one."""
    return prior.weights(inputs).mean(0)
