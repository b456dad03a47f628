"""The model families: the class of each, and the settings that it uses beside those of all.

Add a model here (CONTRIBUTING.md). No torch: the Snakefile checks settings with this, and passes
the family's module to a run's digest of code. Jobs find it by importlib for the same reason: a new
family must not train the others again.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """A class `cls` in `sparsevae.models.<module>`.

    settings: dotted names of what it uses of the settings that not every family uses.
    """

    module: str
    cls: str
    settings: tuple[str, ...] = ()

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

FAMILIES: dict[str, Family] = {
    "ae": Family("autoencoder", "Autoencoder"),
    "vae": Family("vae", "VAE", OF_A_BOUND),
    "tcvae": Family("tcvae", "TCVAE", OF_A_BOUND),
    "vsc": Family("vsc", "VSC", (*OF_A_BOUND, "spike", "slab", "prior", "slab_warmup")),
    "topk": Family("sparse.topk", "TopK", ("support",)),
}


def families_using(setting: str) -> tuple[str, ...]:
    """Return the families that use a setting, named as `prior.kind`; all if none claims it."""
    names = _with_parents(setting)
    users = tuple(name for name, family in FAMILIES.items() if names & set(family.settings))
    return users or tuple(FAMILIES)


def _with_parents(setting: str) -> set[str]:
    parts = setting.split(".")
    return {".".join(parts[:n]) for n in range(1, len(parts) + 1)}
