"""A data set as a model encodes it: made once, and what every measure and picture starts from."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.data.inputs import rows
from sparsevae.data.split import Split
from sparsevae.distributions.posterior import Posterior, concatenate
from sparsevae.models.base import Model


@dataclass(frozen=True)
class Encoded:
    """The samples of `split`, as the model receives them and as it encodes them.

    inputs: (samples, features), of the inputs' scale; posterior: q(z|x), one row a sample; both on
    the model's device. batch_size: how many samples a measure takes at a time.
    """

    split: Split
    inputs: Float[Tensor, "samples features"]
    posterior: Posterior
    batch_size: int

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.inputs)

    def first(self, number: int | None) -> "Encoded":
        """Return the first samples; all for None, or if there are fewer."""
        split = self.split.samples(slice(number))
        return Encoded(split, self.inputs[:number], self.posterior[:number], self.batch_size)

    def batches(self) -> Iterator[tuple[Float[Tensor, "batch features"], Posterior]]:
        """Yield inputs and posterior of one batch after the other."""
        for start in range(0, len(self), self.batch_size):
            part = slice(start, start + self.batch_size)
            yield self.inputs[part], self.posterior[part]


def encode_split(
    model: Model, split: Split, scale: str, batch_size: int, limit: int | None = None
) -> Encoded:
    """Return the first `limit` samples of a split, or all, with their inputs in memory.

    scale: `likelihood.inputs` of the settings.
    """
    device = str(next(model.parameters()).device)
    seen = split.samples(slice(limit))
    posterior = encode_posterior(model, seen, scale, batch_size)
    return Encoded(seen, rows(seen, scale, device).values, posterior, batch_size)


@torch.no_grad()
def encode_posterior(model: Model, split: Split, scale: str, batch_size: int) -> Posterior:
    """Return q(z|x) of every sample, on the model's device, without all inputs in memory."""
    model.eval()
    device = str(next(model.parameters()).device)
    parts = []
    for start in range(0, len(split), batch_size):
        part = slice(start, start + batch_size)
        batch = Split(split.inputs[part], split.labels[part])
        parts.append(model.encode(rows(batch, scale, device).values))
    return concatenate(parts)
