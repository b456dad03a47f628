"""What the pages say of a study that its tables do not: a plain value for a rule's params."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class GridPage:
    """The runs of one dataset, its figures, and those that it cannot have, with what it lacks."""

    dataset: str
    models: tuple[str, ...]
    latent_dims: tuple[int, ...]
    seeds: tuple[int, ...]
    shown_latent_dim: int
    figures: tuple[str, ...]
    left_out: dict[str, str]
    shape: tuple[int, ...]
    train_size: int
    test_size: int
    classes: int


@dataclass(frozen=True)
class StudyPage:
    """A study as its report needs it; `families` and `settings` are by model."""

    name: str
    models: tuple[str, ...]
    families: dict[str, str]
    warmed: tuple[str, ...]
    pseudo_inputs: tuple[str, ...]
    grids: tuple[GridPage, ...]
    figures: tuple[str, ...]
    runs: int
    config: dict[str, Any] = field(default_factory=dict)

    def grid(self, dataset: str) -> GridPage:
        return next(grid for grid in self.grids if grid.dataset == dataset)


def from_mapping(values: dict[str, Any]) -> StudyPage:
    """What `describe` gave, after it went through a rule's params."""
    tuples = {key: tuple(v) for key, v in values.items() if isinstance(v, list | tuple)}
    grids = tuple(
        GridPage(**{k: tuple(v) if isinstance(v, list | tuple) else v for k, v in grid.items()})
        for grid in values["grids"]
    )
    return StudyPage(**{**values, **tuples, "grids": grids})
