"""A trained model as `sparsevae.load` returns it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.noise import torch_generator
from sparsevae.distributions.posterior import Posterior, concatenate
from sparsevae.evaluation.bounds import iwae
from sparsevae.explorer.arrays import Inputs, WrongInput, codes_of
from sparsevae.models.base import GenerativeModel
from sparsevae.study import choices
from sparsevae.training.run import run_name
from sparsevae.training.saved import SavedRun, read_run

# Draws of z for `log_likelihood`, if the run's evaluation had none.
DRAWS = 100


class PosteriorParameters(NamedTuple):
    """Parameters of q(z|x), one row a sample.

    mean, std: of a latent that is on; spike_prob: how likely it is on. None for what the model
    does not have: an autoencoder has no std, and only sparse models have spikes.
    """

    mean: Float[np.ndarray, "samples latent"]
    std: Float[np.ndarray, "samples latent"] | None
    spike_prob: Float[np.ndarray, "samples latent"] | None


class TrainedModel:
    """A run's model: NumPy arrays in and out.

    x: samples as (n, *shape), as rows (n, features), or images of one channel as (n, H, W), in the
    units of the data; pixels are uint8 or numbers in [0, 1]. z: codes, (n, latent_dim). Samples are
    taken `batch_size` at a time, so that memory does not grow with n beside what is returned.

    All methods raise WrongInput, in one line, for arrays of other shapes or values.
    """

    def __init__(self, run: SavedRun, device: str = "cpu"):
        self.config, self.shape, self.classes = run.config, run.shape, run.classes
        self.name, self.latent_dim = run_name(run.config), run.config.latent_dim
        self.batch_size = run.config.evaluation.batch_size
        self._inputs, self._device = Inputs.of(run), device
        self._model = run.model(device).eval()

    def __repr__(self) -> str:
        """Return the run's name, and the shapes of x and z."""
        return f"TrainedModel({self.name}: x (n, {self.shape}), z (n, {self.latent_dim}))"

    def encode(self, x: Any) -> Float[np.ndarray, "samples latent"]:
        """Return the code of each sample.

        For sparse models the mean of each latent that is on, and exactly 0 for those that are off
        (spike probability at most 0.5); for others E[z|x].
        """
        return _array(torch.cat([posterior.sparse_code for posterior in self._posteriors(x)]))

    def posterior(self, x: Any) -> PosteriorParameters:
        """Return the parameters of q(z|x)."""
        posterior = concatenate(list(self._posteriors(x)))
        std, spikes = posterior.slab_std, posterior.spike_prob
        return PosteriorParameters(
            _array(posterior.slab_mean),
            None if std is None else _array(std),
            None if spikes is None else _array(spikes),
        )

    def decode(self, z: Any) -> Float[np.ndarray, "samples ..."]:
        """Return E[x|z] of each code, (n, *shape), in the units of the data.

        Of counts the share that each feature has of a sample's counts: they sum to one.
        """
        codes = codes_of(z, self.latent_dim, self.name)
        return self._decoded(codes.split(self.batch_size))

    def reconstruct(self, x: Any) -> Float[np.ndarray, "samples ..."]:
        """Return `decode(encode(x))`, in the shape of x; counts with the total of each sample."""
        decoded = self.decode(self.encode(x)).reshape(np.shape(x))
        if self.config.likelihood.family not in choices.OF_COUNTS:
            return decoded
        return decoded * np.asarray(x, np.float32).sum(-1, keepdims=True)

    def sample(self, n: int, seed: int = 0) -> Float[np.ndarray, "samples ..."]:
        """Return E[x|z] for n draws of z ~ p(z), (n, *shape); the same for the same seed."""
        generator = torch_generator(seed, "sample", device=self._device)
        with torch.no_grad():
            codes = self._generative("sample").sample_prior(n, generator)
        return self._decoded(codes.split(self.batch_size))

    def log_likelihood(
        self, x: Any, draws: int | None = None, seed: int | None = None
    ) -> Float[np.ndarray, "samples"]:
        """Return a lower bound on log p(x) of each sample in nats, the importance-weighted one.

        draws: of z, K of the bound; the more, the closer. Without `draws` and `seed` those of the
        run's evaluation: the mean over the test samples that it measured is `iwae` of metrics.json.
        The density is that of the scaled inputs. Burda, Grosse & Salakhutdinov 2016, eq. 8.
        """
        model = self._generative("log_likelihood")
        settings, config = self.config.evaluation, self.config
        draws = draws or settings.iwae_samples or DRAWS
        noise = torch_generator(config.seed if seed is None else seed, "iwae", device=self._device)
        bounds = []
        with torch.no_grad():
            for batch in self._batches(x):
                chunk = max(1, self.batch_size // len(batch))
                bounds.append(iwae(model, batch, model.encode(batch), draws, noise, chunk).log_prob)
        return _array(torch.cat(bounds))

    def _generative(self, method: str) -> GenerativeModel:
        if not isinstance(self._model, GenerativeModel):
            raise WrongInput(
                f"{self.name}: an autoencoder has no prior, so no {method}; load a VAE or a VSC"
            )
        return self._model

    def _batches(self, x: Any) -> Iterable[Float[Tensor, "batch features"]]:
        return self._inputs.batches(self._inputs.flat(x), self.batch_size, self._device)

    def _posteriors(self, x: Any) -> Iterable[Posterior]:
        with torch.no_grad():
            for batch in self._batches(x):
                yield self._model.encode(batch)

    def _decoded(self, parts: Iterable[Tensor]) -> Float[np.ndarray, "samples ..."]:
        with torch.no_grad():
            means = [self._model.decode(part.to(self._device)).mean for part in parts]
        return np.concatenate([self._inputs.outputs(mean) for mean in means])


def load(folder: str | Path, device: str = "cpu") -> TrainedModel:
    """Return the model of a run's folder. Raise what `read_run` and `load_model` do."""
    return TrainedModel(read_run(folder), device)


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.cpu().numpy()
