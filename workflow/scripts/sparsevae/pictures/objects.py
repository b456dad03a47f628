"""Objects of different classes: which ones figures show, varied (UAI 2019, fig. 6) and
interpolated (fig. 7).

Objects are chosen from the data alone, so that all models show the same.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.posterior import Posterior
from sparsevae.models.base import GenerativeModel

N_STEPS = 6


def one_per_class(labels: UInt8[np.ndarray, "samples"], number: int) -> Int[np.ndarray, "_"]:
    """Return indices of the first sample of each of the first `number` classes to appear."""
    _, first = np.unique(labels, return_index=True)
    return np.sort(first)[:number]


def alike_pair(
    inputs: UInt8[np.ndarray, "samples *shape"], labels: UInt8[np.ndarray, "samples"]
) -> Int[np.ndarray, "2"] | None:
    """Return indices of the first sample of each of the two classes whose mean inputs are closest.

    Closest by Euclidean distance: the paper's pair is alike too, a T-shirt and a shirt (fig. 7).
    None if there is only one class.
    """
    classes, first = np.unique(labels, return_index=True)
    if len(classes) < 2:
        return None
    flat = inputs.reshape(len(inputs), -1)
    means = np.stack([flat[labels == label].mean(axis=0, dtype=np.float64) for label in classes])
    distances = np.linalg.norm(means[:, None] - means[None], axis=-1)
    distances[np.tril_indices(len(classes))] = np.inf
    return first[list(np.unravel_index(distances.argmin(), distances.shape))]


def conditional_samples(
    model: GenerativeModel,
    inputs: Float[Tensor, "objects features"],
    posterior: Posterior,
    number: int,
    generator: torch.Generator,
) -> Float[Tensor, "objects number features"]:
    """Decode draws in which an object's active latents vary and all others are 0.

    The active ones are drawn from the slab of the prior, see `prior_slab`.
    """
    slab = prior_slab(model, inputs, posterior)
    repeated = DiagonalGaussian(
        *(part.unsqueeze(1).expand(-1, number, -1) for part in (slab.mean, slab.log_var))
    )
    active = posterior.active.unsqueeze(1)
    return model.decode(torch.where(active, repeated.sample(generator), 0.0)).mean


def prior_slab(
    model: GenerativeModel, inputs: Float[Tensor, "objects features"], posterior: Posterior
) -> DiagonalGaussian:
    """Return the prior's slab for each object, (objects, latent): N(0, 1) if the prior is fixed.

    With pseudo-inputs, the slab of the one that the object selects most.
    """
    chosen = model.selection(inputs, posterior).argmax(-1)
    return model.prior_distribution().slab[chosen]


@dataclass(frozen=True)
class Pair:
    """Codes of two objects (all but their active latents are 0), and which of these are active."""

    codes: Float[Tensor, "2 latent"]
    active: Bool[Tensor, "2 latent"]

    @property
    def shared(self) -> Bool[Tensor, "latent"]:
        """Latents that are active in both objects."""
        return self.active[0] & self.active[1]

    @classmethod
    def of(cls, posterior: Posterior) -> "Pair":
        """Return the pair as a model encodes it; posterior: of the two objects."""
        return cls(posterior.active_code, posterior.active)

    def blended(self, weight: float) -> Float[Tensor, "latent"]:
        """Return the shared latents between the two objects', 0 the first's; all others are 0."""
        return torch.where(self.shared, torch.lerp(self.codes[0], self.codes[1], weight), 0.0)

    def own(self, item: int) -> Float[Tensor, "latent"]:
        """Return the latents that only object 0 or 1 has; all others 0."""
        return torch.where(self.active[item] & ~self.shared, self.codes[item], 0.0)


def interpolate(model: GenerativeModel, pair: Pair) -> Float[Tensor, "2 steps features"]:
    """Decode six steps of the shared latents from the first object to the second.

    Row 0 keeps the first object's own latents, so that its first picture is that object; row 1
    keeps the second's, and its last picture is the second object.
    """
    steps = torch.stack([pair.blended(weight) for weight in torch.linspace(0, 1, N_STEPS).tolist()])
    own = torch.stack([pair.own(0), pair.own(1)])
    return model.decode(steps + own.unsqueeze(1)).mean


def switch(model: GenerativeModel, pair: Pair) -> Float[Tensor, "2 2 features"]:
    """Decode the shared latents' midpoint with each object's own latents on and off.

    Row 0 has the first object's own latents on, row 1 off; column 0 has the second's off, column 1
    on.
    """
    first = torch.stack([pair.own(0), torch.zeros_like(pair.own(0))])
    second = torch.stack([torch.zeros_like(pair.own(1)), pair.own(1)])
    return model.decode(pair.blended(0.5) + first.unsqueeze(1) + second.unsqueeze(0)).mean
