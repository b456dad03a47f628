"""The model families: the class of each, and the settings that it uses beside those of all.

Add a model here (CONTRIBUTING.md). No torch: the Snakefile checks settings with this, and passes
the family's module to a run's digest of code. Jobs find it by importlib for the same reason: a new
family must not train the others again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Family:
    """A class `cls` in `sparsevae.models.<module>`.

    settings: dotted names of what it uses of the settings that not every family uses; implied:
    settings that it does not leave open, as nested values; spikes: whether a latent can be exactly
    zero with a probability that is known; mixture: whether its prior is a mixture of Gaussians or
    of spikes and slabs (`prior_distribution`).
    """

    module: str
    cls: str
    settings: tuple[str, ...] = ()
    implied: Mapping[str, Any] = field(default_factory=dict)
    spikes: bool = False
    mixture: bool = False

    @property
    def file(self) -> str:
        """The module's file, relative to workflow/scripts."""
        return f"sparsevae/models/{self.module.replace('.', '/')}.py"


OF_A_BOUND = (
    "beta",
    "beta_annealing",
    "training.draws",
    "evaluation.samples",
    "evaluation.iwae_samples",
    "evaluation.iwae_images",
)
# Of spikes whose probability and prior are of a model's own making.
OF_SPIKES = ("spike.relaxation", "spike.sharpness", "spike.sharpness_end", "prior.spike_prob")

FAMILIES: dict[str, Family] = {
    "ae": Family("autoencoder", "Autoencoder"),
    "vae": Family("vae", "VAE", OF_A_BOUND, mixture=True),
    "tcvae": Family("tcvae", "TCVAE", OF_A_BOUND, mixture=True),
    "vsc": Family(
        "vsc",
        "VSC",
        (*OF_A_BOUND, "spike", "slab", "prior", "slab_warmup"),
        spikes=True,
        mixture=True,
    ),
    "vampprior": Family(
        "vampprior",
        "VampPrior",
        (*OF_A_BOUND, "prior.pseudo_inputs", "prior.pseudo_inputs_start"),
        {"prior": {"kind": "pseudo_inputs"}},
        mixture=True,
    ),
    "thresholded": Family(
        "sparse.thresholded", "ThresholdedGaussian", (*OF_A_BOUND, *OF_SPIKES), spikes=True
    ),
    "thresholded_laplace": Family(
        "sparse.thresholded", "ThresholdedLaplace", (*OF_A_BOUND, *OF_SPIKES), spikes=True
    ),
    "soft_threshold": Family(
        "sparse.soft_threshold", "SoftThresholdVAE", (*OF_A_BOUND, "prior.spike_prob"), spikes=True
    ),
    "laplace": Family("sparse.laplace", "LaplaceVAE", OF_A_BOUND),
    "poisson": Family("sparse.poisson", "PoissonVAE", (*OF_A_BOUND, "counts"), spikes=True),
    "topk": Family("sparse.topk", "TopK", ("support",)),
}


def families_using(setting: str) -> tuple[str, ...]:
    """Return the families that use a setting, named as `prior.kind`; all if none claims it.

    A group that some family claims as a whole is used by those too that claim a setting in it.
    """
    names, below = _with_parents(setting), f"{setting}."
    if not any(names & {*family.settings} for family in FAMILIES.values()):
        return tuple(FAMILIES)
    return tuple(
        name
        for name, family in FAMILIES.items()
        if any(claimed in names or claimed.startswith(below) for claimed in family.settings)
    )


def _with_parents(setting: str) -> set[str]:
    parts = setting.split(".")
    return {".".join(parts[:n]) for n in range(1, len(parts) + 1)}
