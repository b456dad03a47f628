"""What settings choose from, without the code behind it: the Snakefile has no torch.

Whoever implements such names builds its registry with `implementing`, so that neither a name
without code nor code without a name can be imported.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

BODIES = ("mlp", "conv")
LIKELIHOODS = ("bernoulli", "continuous_bernoulli", "gaussian", "poisson", "negative_binomial")
OF_COUNTS = ("poisson", "negative_binomial")
MEANS = ("sigmoid", "linear")
SPIKE_HEADS = ("sigmoid", "clipped")
# With a slope, which `spike.sharpness` sets; without one; and one that is no relaxation.
SLOPED_RELAXATIONS = ("scaled_sigmoid", "concrete", "straight_through_concrete")
RELAXATIONS = ("scaled_sigmoid", "concrete", "straight_through", "straight_through_concrete")
DISARM = "disarm"
PRIORS = ("fixed", "pseudo_inputs")
# Weights of pseudo-inputs from a classifier's scores; the mixture has no classifier.
SELECTIONS = ("paper", "sigmoid", "softmax")
MIXTURE = "mixture"
LEARNING_RATES = ("constant", "cosine", "step")
PRECISIONS = ("float32", "tf32", "bfloat16")
# Whose weights a training run leaves: the last epoch's, or those of the best validation loss.
KEPT = ("last", "best")
CLASSIFIERS = ("linear", "two_layer")

# log g and log(1 - g) of a spike stay finite: g is in [1e-6, 1 - 1e-6], as in the published
# reproduction.
SMALLEST_PROBABILITY = 1e-6

Implementation = TypeVar("Implementation")


def implementing(
    names: Sequence[str], registry: Mapping[str, Implementation]
) -> dict[str, Implementation]:
    """Return the registry in the order of `names`. Raise NotImplementedError if they differ."""
    if set(names) != set(registry):
        missing, unnamed = set(names) - set(registry), set(registry) - set(names)
        raise NotImplementedError(
            f"names without code: {sorted(missing)}; code without a name in "
            f"sparsevae/study/choices.py: {sorted(unnamed)}"
        )
    return {name: registry[name] for name in names}
