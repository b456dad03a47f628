"""Model families by the name that the config uses: add a model here (see CONTRIBUTING.md)."""

import torch

from sparsevae.models.autoencoder import Autoencoder
from sparsevae.models.base import Model
from sparsevae.models.tcvae import TCVAE
from sparsevae.models.vae import VAE
from sparsevae.models.vsc import VSC
from sparsevae.study.settings import RunConfig

FAMILIES: dict[str, type[Model]] = {"ae": Autoencoder, "vae": VAE, "tcvae": TCVAE, "vsc": VSC}


def build(config: RunConfig, shape: tuple[int, ...]) -> Model:
    """The model of a run for inputs of `shape`, with parameters yet to be drawn or loaded."""
    # torch's layers draw their first weights, which are not used, from the global generator.
    with torch.random.fork_rng(devices=[]):
        return FAMILIES[config.family](config, shape)
