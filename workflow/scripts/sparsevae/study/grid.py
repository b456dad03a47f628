"""The runs of one dataset: which models, latent sizes and seeds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DatasetGrid:
    """The runs of one dataset: a product of models, latent sizes and seeds.

    `once` names the models and latent sizes that have the first seed only.
    """

    dataset: str
    models: tuple[str, ...]
    latent_dims: tuple[int, ...]
    seeds: tuple[int, ...]
    shown_latent_dim: int
    once: frozenset[str | int] = frozenset()

    def seeds_of(self, model: str, latent_dim: int) -> tuple[int, ...]:
        """Return the seeds of the runs of a model with this latent size."""
        return self.seeds[:1] if {model, latent_dim} & self.once else self.seeds
