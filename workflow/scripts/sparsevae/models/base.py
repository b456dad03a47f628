"""What all models share: an encoder, a decoder, a likelihood and an objective in terms."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sparsevae.distributions import likelihoods
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.models import networks
from sparsevae.models.precision import at_least_float32
from sparsevae.models.schedules import Schedule
from sparsevae.study.settings import RunConfig


@dataclass(frozen=True)
class Terms:
    """Terms of an objective in nats, one value per sample; their sum, weighted, is `loss`."""

    loss: Float[Tensor, "batch"]
    reconstruction: Float[Tensor, "batch"]
    kl_slab: Float[Tensor, "batch"]
    kl_spike: Float[Tensor, "batch"]
    sparsity: Float[Tensor, "batch"]


@dataclass(frozen=True)
class Penalties:
    """Terms beside the reconstruction, nats per sample: KL of slab and of spike, and sparsity."""

    kl_slab: Float[Tensor, "batch"]
    kl_spike: Float[Tensor, "batch"]
    sparsity: Float[Tensor, "batch"]

    def add_to(self, reconstruction: Float[Tensor, "batch"], beta: float) -> Terms:
        """loss = reconstruction + beta (kl_slab + kl_spike) + sparsity."""
        loss = reconstruction + beta * (self.kl_slab + self.kl_spike) + self.sparsity
        return Terms(loss, reconstruction, self.kl_slab, self.kl_spike, self.sparsity)


class Model(nn.Module):
    """Encoder body with one linear layer per parameter of the posterior, and a decoder."""

    posterior_heads: tuple[str, ...] = ()

    def __init__(self, config: RunConfig, shape: tuple[int, ...]):
        super().__init__()
        self.config = config
        self.shape = shape
        self.encoder = networks.ENCODERS[config.network.body](shape, config.network)
        self.heads = nn.ModuleDict(
            {
                name: nn.Linear(self.encoder.features, config.latent_dim)
                for name in self.posterior_heads
            }
        )
        self.decoder = networks.DECODERS[config.network.body](
            shape,
            config.network,
            config.latent_dim,
            likelihoods.DECODER_HEADS[config.likelihood.family],
        )

    def initialise(self, generator: torch.Generator) -> None:
        """Draws all parameters anew."""
        networks.initialise(self, generator)
        with torch.no_grad():
            for layer in self.decoder.latent_layers:
                layer.weight.mul_(self._latent_gain())

    def _latent_gain(self) -> float:
        full = self.config.network.full_gain_latents
        return 1.0 if full is None else min(1.0, full / self.config.latent_dim)

    def start_from(
        self, samples: Float[Tensor, "samples features"], generator: torch.Generator
    ) -> None:
        """Sets what a model takes from the training samples at the start: here, nothing."""

    def posterior_parameters(
        self, inputs: Float[Tensor, "batch features"]
    ) -> dict[str, Float[Tensor, "batch latent"]]:
        """The outputs of `posterior_heads` by name."""
        features = self.encoder(inputs)
        return {name: at_least_float32(head(features)) for name, head in self.heads.items()}

    def decode(self, latents: Float[Tensor, "*sample latent"]) -> likelihoods.Distribution:
        """p(x|z), one distribution over all features per latent vector."""
        heads = [at_least_float32(head) for head in self.decoder(latents)]
        return likelihoods.likelihood(heads, self.config.likelihood)

    def codes(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "batch latent"]:
        """E[z|x], the deterministic code of a sample."""
        raise NotImplementedError

    def objective(
        self,
        inputs: Float[Tensor, "batch features"],
        schedule: Schedule,
        noise: torch.Generator,
    ) -> Terms:
        """What training minimises, with relaxed spikes where the model has spikes."""
        raise NotImplementedError


class GenerativeModel(Model):
    """A model with a posterior and a prior, so that log p(x) has a lower bound."""

    @property
    def penalties_are_kl(self) -> bool:
        """Whether the KL of `penalties` is that to the prior of the generative model, in closed
        form, and not more."""
        return True

    def encode(self, inputs: Float[Tensor, "batch features"]) -> DiagonalGaussian | SpikeSlab:
        """q(z|x)."""
        raise NotImplementedError

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: DiagonalGaussian | SpikeSlab,
        schedule: Schedule | None = None,
    ) -> Penalties:
        """What the objective pays beside the reconstruction, in closed form.

        Without a schedule, as at the end of the training: what the evaluation asks for.
        """
        raise NotImplementedError

    def log_prior(self, latents: Float[Tensor, "*sample latent"]) -> Float[Tensor, "*sample"]:
        """log p(z) of the generative model, in nats."""
        raise NotImplementedError

    def sample_prior(self, n: int, generator: torch.Generator) -> Float[Tensor, "n latent"]:
        """z ~ p(z)."""
        raise NotImplementedError

    def codes(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "batch latent"]:
        """E[z|x]; g m for a spike and slab."""
        return self.encode(inputs).mean
