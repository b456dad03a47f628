"""The noise of draws: from a generator, or drawn before for several models at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(frozen=True)
class Draw:
    """What was asked for: `kind` is `normal` or `uniform`; of the shape and type of `like`."""

    kind: str
    like: Tensor

    def of(self, generator: torch.Generator) -> Tensor:
        """The numbers that a generator gives for it."""
        empty = torch.empty_like(self.like)
        if self.kind == "normal":
            return empty.normal_(generator=generator)
        # The open interval: 0 and 1 have no logit.
        tiny = torch.finfo(empty.dtype).eps
        return empty.uniform_(tiny, 1 - tiny, generator=generator)


@dataclass(frozen=True)
class Listener:
    """Draws from a generator and keeps what was asked for, in order."""

    generator: torch.Generator
    heard: list[Draw] = field(default_factory=list)

    def take(self, draw: Draw) -> Tensor:
        self.heard.append(draw)
        return draw.of(self.generator)


class Drawn:
    """Hands out, one after the other, what was drawn before."""

    def __init__(self, values: Iterable[Tensor]):
        self._values = iter(values)

    def take(self, draw: Draw) -> Tensor:
        return next(self._values)


Noise = torch.Generator | Listener | Drawn


def normal_like(values: Tensor, noise: Noise) -> Tensor:
    """N(0, 1), of the shape of `values`."""
    return _take(Draw("normal", values), noise)


def uniform_like(values: Tensor, noise: Noise) -> Tensor:
    """Uniform on (0, 1), both ends excluded, of the shape of `values`."""
    return _take(Draw("uniform", values), noise)


def _take(draw: Draw, noise: Noise) -> Tensor:
    return draw.of(noise) if isinstance(noise, torch.Generator) else noise.take(draw)
