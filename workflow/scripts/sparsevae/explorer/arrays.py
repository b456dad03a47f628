"""What users hand to a trained model, checked and as it receives it; and back to their shape."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from sparsevae.data.inputs import as_float, normed
from sparsevae.data.scaling import Scaling
from sparsevae.distributions.support import check_support
from sparsevae.jobs.errors import ConfigError, UserError
from sparsevae.study.settings import Likelihood
from sparsevae.training.run import run_name
from sparsevae.training.saved import SavedRun


class WrongInput(UserError):
    """An array that a model cannot take."""


@dataclass(frozen=True)
class Inputs:
    """The inputs of a run: x of its data's units, and the rows that its model receives.

    shape: of one sample; likelihood: which values it allows, and how they are scaled; name: of the
    run, for messages.
    """

    shape: tuple[int, ...]
    likelihood: Likelihood
    scaling: Scaling | None
    name: str

    @classmethod
    def of(cls, run: SavedRun) -> "Inputs":
        """Return the inputs of a saved run."""
        return cls(run.shape, run.config.likelihood, run.scaling, run_name(run.config))

    @property
    def features(self) -> int:
        """The number of values of a sample."""
        return math.prod(self.shape)

    @property
    def in_unit_interval(self) -> bool:
        """Whether values are pixels: uint8, or numbers in [0, 1]."""
        return len(self.shape) == 3 and self.scaling is None

    def flat(self, x: Any) -> Shaped[np.ndarray, "samples features"]:
        """Return samples of any allowed shape as rows. Raise WrongInput for other shapes or types.

        Allowed: (n, *shape), (n, features), and (n, H, W) for images of one channel.
        """
        array = _numbers("x", x)
        shapes = [self.shape, (self.features,)]
        shapes += [self.shape[1:]] if len(self.shape) == 3 and self.shape[0] == 1 else []
        if array.shape[1:] not in shapes or not array.size:
            expected = " or ".join(_written(shape) for shape in dict.fromkeys(shapes))
            one = "; for one sample write x[None]" if array.shape in shapes else ""
            raise WrongInput(
                f"{self.name}: x has shape {array.shape}, expected {expected} for n samples{one}"
            )
        return array.reshape(len(array), self.features)

    def batches(
        self, rows: Shaped[np.ndarray, "samples features"], size: int, device: str
    ) -> Iterator[Float[Tensor, "batch features"]]:
        """Yield rows as the model receives them. Raise WrongInput for other values."""
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            _check_finite("x", part, start)
            if self.scaling is None:
                values = as_float(_tensor(part).to(device))
            else:
                values = self.scaling.scaled(_tensor(part, np.float64).to(device))
            self._check_range(values)
            values = normed(values, self.likelihood.inputs)
            try:
                check_support(values, self.likelihood, self.name)
            except ConfigError as error:
                raise WrongInput(str(error)) from None
            yield values

    def outputs(
        self, values: Float[Tensor, "samples features"]
    ) -> Float[np.ndarray, "samples ..."]:
        """Return decoded rows as (samples, *shape), in the data's units.

        With `likelihood.inputs: unit_norm` their lengths are lost: they stay as the model has them.
        """
        if self.scaling is not None:
            values = self.scaling.unscaled(values)
        return values.cpu().numpy().reshape(len(values), *self.shape)

    def _check_range(self, values: Float[Tensor, "batch features"]) -> None:
        low, high = values.min().item(), values.max().item()
        if self.in_unit_interval and not 0 <= low <= high <= 1:
            raise WrongInput(
                f"{self.name}: x has values from {low:.4g} to {high:.4g}; images are numbers in "
                "[0, 1], or of type uint8, 0 to 255"
            )


def codes_of(z: Any, latent_dim: int, name: str) -> Float[Tensor, "samples latent"]:
    """Return codes as float32, (n, latent). Raise WrongInput for another shape, type or a NaN."""
    array = _numbers("z", z)
    if array.shape[1:] != (latent_dim,) or not array.size:
        one = "; for one code write z[None]" if array.shape == (latent_dim,) else ""
        raise WrongInput(f"{name}: z has shape {array.shape}, expected (n, {latent_dim}){one}")
    _check_finite("z", array, 0)
    return _tensor(array).float()


def _numbers(name: str, values: Any) -> np.ndarray:
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise WrongInput(f"{name} is no array: {str(error).splitlines()[0]}") from None
    if array.dtype.kind not in "biuf":
        raise WrongInput(f"{name} has type {array.dtype}; expected real numbers")
    return array


def _tensor(values: np.ndarray, kind: type | None = None) -> Tensor:
    """uint8 as it is, since it counts as pixels; all else as float32, as torch lacks some types."""
    kind = kind or (np.uint8 if values.dtype == np.uint8 else np.float32)
    return torch.from_numpy(np.ascontiguousarray(values, dtype=kind))


def _check_finite(name: str, values: np.ndarray, start: int) -> None:
    """Raise WrongInput, which says how many values are not finite and where the first is."""
    bad = ~np.isfinite(values)
    if bad.any():
        sample, feature = np.argwhere(bad)[0]
        raise WrongInput(
            f"{name} has values that are not finite, the first in sample {start + sample}, feature "
            f"{feature} ({values[sample, feature]}), and {bad.sum()} of {bad.size} from sample "
            f"{start} on; remove or fill them"
        )


def _written(shape: tuple[int, ...]) -> str:
    return f"(n, {', '.join(map(str, shape))})"
