"""What encoders return: q(z|x), one row of parameters for each sample."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from jaxtyping import Bool, Float
from torch import Tensor

# The type of a distribution, which its rows keep.
Kind = TypeVar("Kind", bound="Posterior")

# Of a code without spikes: the share of its squared length that its active latents have.
SHARE = 0.9


class Posterior:
    """Parameters of q(z|x) as tensors whose last axis is the latents: base of the distributions.

    Subclasses are frozen dataclasses. Those without spikes inherit what a code without exact zeros
    has; a subclass with spikes overrides `spike_prob`, `slab_mean`, `slab_std`, `sparse_code` and
    `active`.
    """

    mean: Float[Tensor, "*batch latent"]
    spike_prob: Float[Tensor, "*batch latent"] | None = None

    @property
    def slab_mean(self) -> Float[Tensor, "*batch latent"]:
        """Mean of a latent that is on: E[z|x] without spikes."""
        return self.mean

    @property
    def slab_std(self) -> Float[Tensor, "*batch latent"] | None:
        """Standard deviation of a latent that is on; None for a posterior without noise."""
        return None

    @property
    def sparse_code(self) -> Float[Tensor, "*batch latent"]:
        """The most typical z: E[z|x] without spikes, which has no exact zeros."""
        return self.mean

    @property
    def active(self) -> Bool[Tensor, "*batch latent"]:
        """Which latents are active: the fewest that hold SHARE of the squared length of E[z|x]."""
        squares, order = self.mean.square().sort(dim=-1, descending=True, stable=True)
        before = squares.cumsum(-1) - squares
        needed = before < SHARE * squares.sum(-1, keepdim=True)
        return torch.zeros_like(needed).scatter(-1, order, needed)

    @property
    def active_code(self) -> Float[Tensor, "*batch latent"]:
        """`sparse_code` with every latent that is not active at exactly 0."""
        return torch.where(self.active, self.sparse_code, 0.0)

    def sample(self, noise: torch.Generator) -> Float[Tensor, "*batch latent"]:
        """Draw one z per row, with hard spikes."""
        raise NotImplementedError

    def log_prob(self, latents: Float[Tensor, "*#batch latent"]) -> Float[Tensor, "*#batch"]:
        """Return the log-density in nats, summed over latents; `latents` and self broadcast."""
        raise NotImplementedError

    def repeated(self: Kind, draws: int) -> Kind:
        """Return the same for several draws of each row, (draws, *batch, latent), not copied."""
        return self._mapped(lambda tensor: tensor.expand(draws, *tensor.shape))

    def __getitem__(self: Kind, rows: Any) -> Kind:
        """Return the rows that an index of the batch axes picks."""
        return self._mapped(lambda tensor: tensor[rows])

    def _mapped(self: Kind, function: Callable[[Tensor], Tensor]) -> Kind:
        return type(self)(
            **{
                name: value._mapped(function) if isinstance(value, Posterior) else function(value)
                for name, value in vars(self).items()
            }
        )


class Slab(Posterior):
    """What a latent is where it is on: a posterior with densities and KL latent by latent."""

    def log_prob_per_latent(
        self, latents: Float[Tensor, "*#batch latent"]
    ) -> Float[Tensor, "*#batch latent"]:
        """Return the log-density in nats, latent by latent; shapes broadcast."""
        raise NotImplementedError

    def log_prob(self, latents: Float[Tensor, "*#batch latent"]) -> Float[Tensor, "*#batch"]:
        """Return the log-density in nats: the sum over latents, one value per sample."""
        return self.log_prob_per_latent(latents).sum(-1)

    def kl_per_latent(self, other: Any) -> Float[Tensor, "*batch latent"]:
        """Return KL(self || other) of the same kind, in nats, latent by latent."""
        raise NotImplementedError

    def warmed(self: Kind, slab_warmup: float) -> Kind:
        """Return eq. 7, which without a Gaussian exists at its end only, lambda = 1."""
        if slab_warmup != 1.0:
            raise NotImplementedError(f"{type(self).__name__}: slab_warmup")
        return self


@dataclass(frozen=True)
class Point(Posterior):
    """All of q at one z, the code of an autoencoder."""

    mean: Float[Tensor, "*batch latent"]

    def sample(self, noise: torch.Generator) -> Float[Tensor, "*batch latent"]:
        """Return the code itself; no noise is drawn."""
        return self.mean


@dataclass(frozen=True)
class SparsePoint(Point):
    """All of q at one z with exact zeros, the code of a k-sparse autoencoder."""

    @property
    def active(self) -> Bool[Tensor, "*batch latent"]:
        """Which latents are not zero."""
        return self.mean != 0


def concatenate(parts: Sequence[Kind]) -> Kind:
    """Return the rows of all parts, which are of one type, in their order."""
    values = {name: [getattr(part, name) for part in parts] for name in vars(parts[0])}
    return type(parts[0])(
        **{
            name: concatenate(some) if isinstance(some[0], Posterior) else torch.cat(some)
            for name, some in values.items()
        }
    )
