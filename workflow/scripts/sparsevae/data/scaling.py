"""How a user's own data were scaled: fitted on the training set, stored with each run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Scaling:
    """(x - offset) / factor, feature by feature or with one number for all.

    kind: `unit_interval` or `standard`, as in the config. The first is clipped to [0, 1], since
    other samples may be beyond those of the training set. Computed in float64.
    """

    kind: str
    offset: float | tuple[float, ...]
    factor: float | tuple[float, ...]

    @classmethod
    def read(cls, record: Any) -> "Scaling | None":
        """Return the scaling of a record of these names; None for none or of kind `none`.

        Raise ValueError, TypeError or LookupError for another record.
        """
        if record is None:
            return None
        if not isinstance(record, Mapping):
            raise ValueError(f"scaling {record!r}")
        if record["kind"] == "none":
            return None
        return cls(str(record["kind"]), _numbers(record["offset"]), _numbers(record["factor"]))

    def scaled(
        self, values: Float[Tensor, "*sample features"]
    ) -> Float[Tensor, "*sample features"]:
        """Return values in the data's units as the model receives them, float32."""
        values = values.double()
        scaled = (values - values.new_tensor(self.offset)) / values.new_tensor(self.factor)
        return (scaled.clamp(0, 1) if self.kind == "unit_interval" else scaled).float()

    def unscaled(
        self, values: Float[Tensor, "*sample features"]
    ) -> Float[Tensor, "*sample features"]:
        """Return what the model receives or decodes in the data's units, float32."""
        values = values.double()
        return (values * values.new_tensor(self.factor) + values.new_tensor(self.offset)).float()


def _numbers(value: Any) -> float | tuple[float, ...]:
    numbers = tuple(map(float, value)) if isinstance(value, list) else float(value)
    if not torch.tensor(numbers).isfinite().all():
        raise ValueError("a scaling that is not finite")
    return numbers
