"""Variations of an object along its active latents (UAI 2019, fig. 6)."""

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.models.base import GenerativeModel
from sparsevae.pictures.active import active_latents
from sparsevae.pictures.pseudo_inputs import pseudo_input_prior


def conditional_samples(
    model: GenerativeModel,
    inputs: Float[Tensor, "objects features"],
    number: int,
    generator: torch.Generator,
) -> Float[Tensor, "objects number features"]:
    """Decodes draws in which an object's active latents vary and all others are 0.

    The active ones are drawn from the slab of the prior, see `prior_slab`.
    """
    slab = prior_slab(model, inputs)
    repeated = DiagonalGaussian(
        *(part.unsqueeze(1).expand(-1, number, -1) for part in (slab.mean, slab.log_var))
    )
    active = active_latents(model.encode(inputs)).unsqueeze(1)
    return model.decode(torch.where(active, repeated.sample(generator), 0.0)).mean


def prior_slab(
    model: GenerativeModel, inputs: Float[Tensor, "objects features"]
) -> DiagonalGaussian:
    """The prior's slab for each object, (objects, latent): N(0, 1) if the prior is fixed.

    With pseudo-inputs, the slab of the one that the object selects most.
    """
    prior = pseudo_input_prior(model)
    if prior is not None:
        chosen = model.pseudo_input_weights(inputs).argmax(-1)
        slab = model.pseudo_input_components().slab
        return DiagonalGaussian(slab.mean[chosen], slab.log_var[chosen])
    like = next(model.parameters()).new_zeros(len(inputs), model.config.latent_dim)
    return DiagonalGaussian.standard(like)
