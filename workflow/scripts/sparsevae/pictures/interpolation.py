"""Two objects: latents that both use, interpolated, and the others, switched (UAI 2019, fig. 7)."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from sparsevae.models.base import GenerativeModel
from sparsevae.pictures.active import active_code, active_latents

N_STEPS = 6


@dataclass(frozen=True)
class Pair:
    """Codes of two objects (all but their active latents are 0), and which of these are active."""

    codes: Float[Tensor, "2 latent"]
    active: Bool[Tensor, "2 latent"]

    @property
    def shared(self) -> Bool[Tensor, "latent"]:
        """Latents that are active in both objects."""
        return self.active[0] & self.active[1]

    def blended(self, weight: float) -> Float[Tensor, "latent"]:
        """The shared latents: the first object's at weight 0, the second's at 1; all others 0."""
        return torch.where(self.shared, torch.lerp(self.codes[0], self.codes[1], weight), 0.0)

    def own(self, item: int) -> Float[Tensor, "latent"]:
        """The latents that only one of the objects has, of object 0 or 1; all others 0."""
        return torch.where(self.active[item] & ~self.shared, self.codes[item], 0.0)


def encode_pair(model: GenerativeModel, inputs: Float[Tensor, "2 features"]) -> Pair:
    """The pair as the model codes it."""
    posterior = model.encode(inputs)
    return Pair(active_code(posterior), active_latents(posterior))


def interpolate(model: GenerativeModel, pair: Pair) -> Float[Tensor, "2 steps features"]:
    """Decodes six steps of the shared latents from the first object to the second.

    Row 0 keeps the first object's own latents, so that its first picture is that object; row 1
    keeps the second's, and its last picture is the second object.
    """
    steps = torch.stack([pair.blended(weight) for weight in torch.linspace(0, 1, N_STEPS).tolist()])
    own = torch.stack([pair.own(0), pair.own(1)])
    return model.decode(steps + own.unsqueeze(1)).mean


def switch(model: GenerativeModel, pair: Pair) -> Float[Tensor, "2 2 features"]:
    """Decodes the shared latents' midpoint with each object's own latents on and off.

    Row 0 has the first object's own latents on, row 1 off; column 0 has the second's off, column 1
    on.
    """
    first = torch.stack([pair.own(0), torch.zeros_like(pair.own(0))])
    second = torch.stack([torch.zeros_like(pair.own(1)), pair.own(1)])
    return model.decode(pair.blended(0.5) + first.unsqueeze(1) + second.unsqueeze(0)).mean
