"""What all models share: an encoder, a decoder, a likelihood and an objective in terms.

A batch x goes one way to its loss: `encode` to q(z|x), `draw` z, `decode` to p(x|z), `penalties`,
`loss`. A new model overrides the steps in which it differs, and states its prior.
"""

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sparsevae.distributions import likelihoods
from sparsevae.distributions.draws import Draw
from sparsevae.distributions.mixture import Mixture
from sparsevae.distributions.posterior import Posterior
from sparsevae.models import networks
from sparsevae.models.precision import at_least_float32
from sparsevae.models.schedules import Schedule
from sparsevae.study.settings import Likelihood, Network

Q = TypeVar("Q", bound=Posterior)


@dataclass(frozen=True)
class Penalties:
    """Terms beside the reconstruction, nats per sample: KL of slab and of spike, and sparsity."""

    kl_slab: Float[Tensor, "batch"]
    kl_spike: Float[Tensor, "batch"]
    sparsity: Float[Tensor, "batch"]

    @property
    def kl(self) -> Float[Tensor, "batch"]:
        """KL of the slab and of the spike together."""
        return self.kl_slab + self.kl_spike


@dataclass(frozen=True)
class Terms:
    """Terms of an objective in nats, one value per sample; their sum, weighted, is `loss`."""

    loss: Float[Tensor, "batch"]
    reconstruction: Float[Tensor, "batch"]
    kl_slab: Float[Tensor, "batch"]
    kl_spike: Float[Tensor, "batch"]
    sparsity: Float[Tensor, "batch"]


class Model(nn.Module):
    """Encoder body with one linear layer per parameter of the posterior, and a decoder.

    shape: of one input, (C, H, W) or (F,); latent_dim: J; network: bodies of encoder and decoder;
    likelihood: p(x|z). What is None has the defaults of sparsevae.study. Parameters are yet to be
    drawn (`initialise`, `start_from`) or loaded.
    """

    posterior_heads: tuple[str, ...] = ()

    def __init__(
        self,
        shape: tuple[int, ...],
        latent_dim: int,
        *,
        network: Network | None = None,
        likelihood: Likelihood | None = None,
    ):
        super().__init__()
        self.shape, self.latent_dim = shape, latent_dim
        self.network, self.likelihood = network or Network(), likelihood or Likelihood()
        self.encoder: networks.Encoder = networks.ENCODERS[self.network.body](shape, self.network)
        self.heads = nn.ModuleDict(
            {name: nn.Linear(self.encoder.features, latent_dim) for name in self.posterior_heads}
        )
        self.decoder: networks.Decoder = networks.DECODERS[self.network.body](
            shape, self.network, latent_dim, likelihoods.DECODER_HEADS[self.likelihood.family]
        )
        if self.likelihood.family == "negative_binomial":
            self.log_theta = nn.Parameter(torch.zeros(math.prod(shape)))

    def initialise(self, generator: torch.Generator) -> None:
        """Draw all parameters again."""
        networks.initialise(self, generator)
        full = self.network.full_gain_latents
        gain = 1.0 if full is None else min(1.0, full / self.latent_dim)
        with torch.no_grad():
            for layer in self.decoder.latent_layers:
                layer.weight.mul_(gain)

    def start_from(
        self, samples: Float[Tensor, "samples features"], generator: torch.Generator
    ) -> None:
        """Set what a model takes from the training samples at the start: here, nothing."""

    def posterior_parameters(
        self, inputs: Float[Tensor, "batch features"]
    ) -> dict[str, Float[Tensor, "batch latent"]]:
        """Return the outputs of `posterior_heads` by name."""
        features = self.encoder(likelihoods.encoder_inputs(self.likelihood.family, inputs))
        return {name: at_least_float32(head(features)) for name, head in self.heads.items()}

    def encode(self, inputs: Float[Tensor, "batch features"]) -> Posterior:
        """Return q(z|x)."""
        raise NotImplementedError

    def decode(self, latents: Float[Tensor, "*sample latent"]) -> likelihoods.Distribution:
        """Return p(x|z), one distribution over all features per latent vector."""
        heads = [at_least_float32(head) for head in self.decoder(latents)]
        return likelihoods.likelihood(self.likelihood, heads, getattr(self, "log_theta", None))

    def posterior_mean(
        self, inputs: Float[Tensor, "batch features"]
    ) -> Float[Tensor, "batch latent"]:
        """Return E[z|x]; g m for a spike and slab, which is never exactly zero."""
        return self.encode(inputs).mean

    def sparse_code(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "batch latent"]:
        """Return the code of x: with spikes, m if g > 0.5 and else exactly 0; without, E[z|x]."""
        return self.encode(inputs).sparse_code

    def objective(
        self,
        inputs: Float[Tensor, "batch features"],
        schedule: Schedule,
        noise: torch.Generator,
        draws: int = 1,
    ) -> Terms:
        """Return what training minimises, in nats, one value per sample."""
        raise NotImplementedError


class GenerativeModel(Model, Generic[Q]):
    """A model with a posterior Q and a prior, so that log p(x) has a lower bound."""

    def encode(self, inputs: Float[Tensor, "batch features"]) -> Q:
        """Return q(z|x)."""
        raise NotImplementedError

    @property
    def penalties_are_kl(self) -> bool:
        """Whether the KL of `penalties` is exactly that to the prior of the generative model."""
        return True

    @property
    def pseudo_inputs(self) -> Float[Tensor, "pseudo features"] | None:
        """The pseudo-inputs that the prior is made of, if any."""
        return None

    def draw(self, posterior: Q, schedule: Schedule, noise: torch.Generator, draws: int) -> Draw:
        """Draw z for the objective: differentiable in training, with hard spikes elsewhere."""
        return Draw((posterior if draws == 1 else posterior.repeated(draws)).sample(noise))

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: Q,
        schedule: Schedule | None = None,
    ) -> Penalties:
        """Return what the objective pays beside the reconstruction, in closed form.

        Without a schedule, as at the end of the training: what the evaluation asks for.
        """
        raise NotImplementedError

    def loss(
        self,
        reconstruction: Float[Tensor, "batch"],
        penalties: Penalties,
        posterior: Q,
        draw: Draw,
        schedule: Schedule,
    ) -> Float[Tensor, "batch"]:
        """Return reconstruction + beta KL + sparsity, nats per sample."""
        return reconstruction + schedule.beta * penalties.kl + penalties.sparsity

    def objective(
        self,
        inputs: Float[Tensor, "batch features"],
        schedule: Schedule,
        noise: torch.Generator,
        draws: int = 1,
    ) -> Terms:
        """Return the loss and its terms: -log p(x|z) is a mean over `draws` of z.

        All are sums over features and latents in nats, one value per sample. With beta = 1 and no
        sparsity term the loss is minus a one-sample estimate of the ELBO.
        """
        posterior = self.encode(inputs)
        draw = self.draw(posterior, schedule, noise, draws)
        reconstruction = draw.expectation(-self.decode(draw.latents).log_prob(inputs))
        paid = self.penalties(inputs, posterior, schedule)
        loss = self.loss(reconstruction, paid, posterior, draw, schedule)
        return Terms(loss, reconstruction, paid.kl_slab, paid.kl_spike, paid.sparsity)

    def prior_distribution(self) -> Mixture | None:
        """Return p(z); None if it is no mixture of Gaussians or of spikes and slabs.

        A model for which it is None overrides `log_prior` and `sample_prior`.
        """
        return None

    def selection(
        self, inputs: Float[Tensor, "batch features"], posterior: Q
    ) -> Float[Tensor, "batch components"]:
        """Return how much the objective weighs each component of the prior; rows sum to one."""
        return torch.ones_like(posterior.mean[:, :1])

    def log_prior(self, latents: Float[Tensor, "*sample latent"]) -> Float[Tensor, "*sample"]:
        """Return log p(z) of the generative model, in nats."""
        return self.prior_mixture().log_prob(latents)

    def sample_prior(self, n: int, generator: torch.Generator) -> Float[Tensor, "n latent"]:
        """Draw n values z ~ p(z), with hard spikes."""
        return self.prior_mixture().sample(n, generator)

    def prior_mixture(self) -> Mixture:
        """Return `prior_distribution`. Raise NotImplementedError if the prior is no mixture."""
        prior = self.prior_distribution()
        if prior is None:
            raise NotImplementedError(f"{type(self).__name__}: log_prior and sample_prior")
        return prior
