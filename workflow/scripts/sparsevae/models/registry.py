"""Model families by the name that the config uses: add a model here (see CONTRIBUTING.md).

The only place where a run's settings become arguments of a model: a parameter of a constructor has
the name of the settings that it takes.
"""

import inspect

import torch

from sparsevae.models.autoencoder import Autoencoder
from sparsevae.models.base import Model
from sparsevae.models.tcvae import TCVAE
from sparsevae.models.vae import VAE
from sparsevae.models.vsc import VSC
from sparsevae.study.settings import RunConfig

FAMILIES: dict[str, type[Model]] = {"ae": Autoencoder, "vae": VAE, "tcvae": TCVAE, "vsc": VSC}


def build(config: RunConfig, shape: tuple[int, ...]) -> Model:
    """Return the model of a run for inputs of `shape`; its parameters are not drawn yet."""
    family = FAMILIES[config.family]
    names = set(inspect.signature(family).parameters) - {"shape"}
    # torch's layers draw their first weights, which are not used, from the global generator.
    with torch.random.fork_rng(devices=[]):
        return family(shape, **{name: getattr(config, name) for name in names})
