"""What each latent draws, how often it is on, and for which classes: models with spikes."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from sparsevae.models.base import Model

N_ROLES = 16
N_DECODED = 200  # images that a contribution is averaged over


@dataclass(frozen=True)
class Roles:
    """The latents that are on most often, of both signs of their values: positive, negative.

    latents: most often on first, none that never is. shares: of images in which a latent is on with
    each sign. class_shares: of a class's images in which it is on; NaN for a class without images.
    values: its mean where it is on with that sign, and drawn: what it then adds to E[x|z], in the
    units of x; NaN and 0 for a sign that no image has.
    """

    latents: Int[Tensor, "latents"]
    shares: Float[Tensor, "latents 2"]
    class_shares: Float[Tensor, "latents classes"]
    values: Float[Tensor, "latents 2"]
    drawn: Float[Tensor, "latents 2 features"]


def roles(
    model: Model, codes: Float[Tensor, "samples latent"], labels: Int[Tensor, "samples"]
) -> Roles:
    """Return the roles of at most N_ROLES latents in sparse codes, whose zeros are exact."""
    on = codes != 0
    shares = on.float().mean(0)
    order = shares.argsort(descending=True, stable=True)[:N_ROLES]
    order = order[shares[order] > 0]
    signs = torch.stack([codes > 0, codes < 0])
    values, drawn = [], []
    for latent in order.tolist():
        both = [contribution(model, codes, latent, sign[:, latent]) for sign in signs]
        values.append(torch.stack([value for value, _ in both]))
        drawn.append(torch.stack([picture for _, picture in both]))
    features = model.decode(codes[:1]).mean.shape[-1]
    classes = int(labels.max()) + 1
    of_classes = [on[labels == label].float().mean(0) for label in range(classes)]
    return Roles(
        latents=order,
        shares=signs.float().mean(1)[:, order].T,
        class_shares=torch.stack(of_classes, -1)[order],
        values=torch.stack(values) if values else codes.new_zeros(0, 2),
        drawn=torch.stack(drawn) if drawn else codes.new_zeros(0, 2, features),
    )


def contribution(
    model: Model, codes: Float[Tensor, "samples latent"], latent: int, chosen: Bool[Tensor, "_"]
) -> tuple[Float[Tensor, ""], Float[Tensor, "features"]]:
    """Return a latent's mean over the chosen samples, and E[x|z] with it at that mean less with 0.

    The other latents stay as they are in each of the first N_DECODED of the samples; the difference
    is averaged over these. From a code of zeros the decoder would be asked for what it never saw.
    """
    if not chosen.any():
        return codes.new_tensor(torch.nan), torch.zeros_like(model.decode(codes[:1]).mean[0])
    value = codes[chosen, latent].mean()
    at_mean = codes[chosen][:N_DECODED].clone()
    off = at_mean.clone()
    at_mean[:, latent], off[:, latent] = value, 0
    return value, (model.decode(at_mean).mean - model.decode(off).mean).mean(0)
