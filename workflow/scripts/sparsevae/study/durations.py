"""How long a run will take, for the time limit that a cluster enforces. No torch.

The estimate counts what a run computes: matrix products of training (forward and backward, so six
floating-point operations a weight and image), of the bounds and of the figures' decoding (two), and
passes over arrays of pixels that no product is made of. Rates are those of docs/speed.md. They are
of one core of one kind of machine, and a limit that is too short loses work, so that a limit is
SAFETY times the estimate.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from sparsevae.data.dataset import Dataset
from sparsevae.study.settings import RunConfig

# A core of a slow or shared machine, a network disk, a GPU of some years: a run may take so many
# times as long as estimated.
SAFETY = 4
# No limit is shorter: what starts a job on a cluster varies by minutes.
LEAST_MINUTES = 10

# Imports of torch and scikit-learn, reading the data, pictures.
START_SECONDS = 20
# Values that a decoded image passes through beside the products: the likelihood, its gradient.
PASSES = 12
# Of fitting a classifier to codes; the two-layer one has a hidden layer of 100 units.
PROBE_SECONDS_PER_IMAGE = {"linear": 3e-4, "two_layer": 1.2e-3}


@dataclass(frozen=True)
class Machine:
    """What computes: floating-point operations a second in products, values a second in passes.

    step_seconds is what a training step costs however small it is: some hundred operations start.
    """

    operations: float
    values: float
    step_seconds: float


# 60 to 70 GFLOP/s in products, of which a training reaches 0.6 (docs/speed.md).
CORE = Machine(operations=40e9, values=0.5e9, step_seconds=3e-3)
# No GPU was at hand: the lower rate of config/README.md's estimates, and slow starts.
GPU = Machine(operations=3e12, values=30e9, step_seconds=6e-3)


def minutes(run: RunConfig, dataset: Dataset, gpu: bool, attempt: int = 1) -> int:
    """Return the time limit of a run in minutes, doubled with each attempt after the first."""
    expected = seconds(run, dataset, GPU if gpu else CORE)
    limit = max(LEAST_MINUTES, math.ceil(SAFETY * expected / 60))
    return limit * 2 ** (attempt - 1)


def seconds(run: RunConfig, dataset: Dataset, machine: Machine) -> float:
    """Return the seconds that a run is expected to take on a machine that does nothing else."""
    steps, batch = _steps(run, dataset)
    encoder, decoder = _weights(run, dataset)
    pixels = math.prod(dataset.shape)
    draws = run.training.draws
    training = steps * (
        machine.step_seconds
        + 6 * batch * (encoder + draws * decoder) / machine.operations
        + 3 * PASSES * batch * draws * pixels / machine.values
    )
    decoded = _decoded_for_bounds(run, dataset)
    bounds = 2 * decoded * decoder / machine.operations + PASSES * decoded * pixels / machine.values
    return START_SECONDS + training + bounds + _probe_seconds(run, dataset)


def _steps(run: RunConfig, dataset: Dataset) -> tuple[int, int]:
    """Steps of the training, and images (pseudo-inputs among them) that each one encodes."""
    training = run.training
    images = _used(dataset.train_size, training.max_images)
    images -= round(images * training.validation_fraction)
    batch = min(training.batch_size, images)
    steps = training.iterations or (training.epochs or 0) * math.ceil(images / batch)
    pseudo = run.prior.pseudo_inputs if run.prior.kind == "pseudo_inputs" else 0
    return steps, batch + pseudo


def _decoded_for_bounds(run: RunConfig, dataset: Dataset) -> int:
    """Images that are decoded for the ELBO and for the importance-weighted bound."""
    evaluation = run.evaluation
    test = _used(dataset.test_size, evaluation.max_images)
    weighted = _used(test, evaluation.iwae_images) * (evaluation.iwae_samples or 0)
    return test * evaluation.samples + weighted


def _probe_seconds(run: RunConfig, dataset: Dataset) -> float:
    """Seconds for the probes, which run on the CPU wherever the model is."""
    evaluation = run.evaluation
    train = _used(dataset.train_size, run.training.max_images)
    per_image = [PROBE_SECONDS_PER_IMAGE[name] for name in evaluation.probe_classifiers]
    curve = sum(min(labels, train) for labels in evaluation.probe_curve) * sum(per_image)
    # The codes and the slab means are probed at `probe_labels`.
    return 2 * min(evaluation.probe_labels, train) * PROBE_SECONDS_PER_IMAGE["linear"] + 2 * curve


def _weights(run: RunConfig, dataset: Dataset) -> tuple[int, int]:
    """Multiplications that one image takes in the encoder and in the decoder.

    Heads of all families counted as those of the VSC (mean, variance, spike) and of the Gaussian
    likelihood (mean, variance): at most a few per cent more than others have.
    """
    inputs = math.prod(dataset.shape)
    if run.network.body == "conv":
        return _conv_weights(run, dataset)
    sizes = [inputs, *run.network.hidden]
    body = sum(a * b for a, b in pairwise(sizes))
    encoder = body + 3 * sizes[-1] * run.latent_dim
    heads = 2 if run.likelihood.family == "gaussian" else 1
    decoder = body + (heads - 1) * inputs * sizes[min(1, len(sizes) - 1)]
    return encoder, decoder + sizes[-1] * run.latent_dim


def _conv_weights(run: RunConfig, dataset: Dataset) -> tuple[int, int]:
    """The same for the convolutional body (models/networks.py): maps of half and quarter size."""
    channels, height, width = dataset.shape
    first, second, last = run.network.channels
    half = math.ceil(height / 2) * math.ceil(width / 2)
    quarter = math.ceil(height / 4) * math.ceil(width / 4)
    body = 9 * first * (channels * half + second * quarter) + quarter * second * last
    heads = 2 if run.likelihood.family == "gaussian" else 1
    # The transposed convolution to the image passes over each pixel of its input nine times.
    decoder = body + heads * 9 * first * channels * height * width
    return body + 3 * last * run.latent_dim, decoder + last * run.latent_dim


def _used(available: int, limit: int | None) -> int:
    return available if limit is None else min(available, limit)
