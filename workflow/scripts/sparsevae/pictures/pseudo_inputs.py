"""The learned pseudo-inputs of a prior, what their encodings decode to, and who selects them."""

from jaxtyping import Float
from torch import Tensor

from sparsevae.models.priors import PseudoInputPrior
from sparsevae.models.vsc import VSC


def pseudo_input_prior(model: object) -> PseudoInputPrior | None:
    """The prior of a model if it is made of pseudo-inputs."""
    prior = getattr(model, "prior", None)
    return prior if isinstance(prior, PseudoInputPrior) else None


def decode_pseudo_inputs(model: VSC) -> Float[Tensor, "pseudo features"]:
    """Mean of p(x|z) at the mean of each component of the prior, E[z|x_u]."""
    return model.decode(model.pseudo_input_components().mean).mean


def mean_selection(
    model: VSC, inputs: Float[Tensor, "samples features"]
) -> Float[Tensor, "pseudo"]:
    """How much each pseudo-input is selected, on average over the inputs; sums to one."""
    return model.pseudo_input_weights(inputs).mean(0)
