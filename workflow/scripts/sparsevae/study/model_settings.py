"""Settings of a model, in groups: its networks, its distributions, and how they warm up."""

from typing import Annotated

from sparsevae.study import choices
from sparsevae.study.declarations import (
    SET,
    Flag,
    Fraction,
    Integer,
    Number,
    OneOf,
    Positive,
    Settings,
    setting,
)

OF_THE_TRAINING = "fraction of the training"
_PSEUDO_INPUTS = {"prior.kind": ("pseudo_inputs",)}
_SLOPED = {"spike.relaxation": choices.SLOPED_RELAXATIONS}


class Network(Settings):
    """Encoder and decoder bodies; the decoder mirrors the encoder (models/networks.py)."""

    body: Annotated[str, OneOf(choices.BODIES)] = setting(
        "mlp", "The paper's fully connected body, or the course project's convolutional one."
    )
    hidden: tuple[Positive, ...] = setting(
        (400,),
        "Sizes of the hidden layers of the mlp body; the decoder has them reversed.",
        unit="units",
        used_with={"network.body": ("mlp",)},
    )
    channels: tuple[Positive, ...] = setting(
        (16, 32, 64),
        "Channels of the three layers of the conv body.",
        used_with={"network.body": ("conv",)},
        min_length=3,
        max_length=3,
    )
    full_gain_latents: Integer | None = setting(
        None,
        "With more latents than this, J, the decoder's weights that read them start this / J times "
        "as large as Xavier's, so that the noise of many latents that carry nothing yet does not "
        "drown the others; null, never.",
        unit="latents",
        ge=1,
    )


class Likelihood(Settings):
    """p(x|z) and the scale of the inputs that it sees (distributions/likelihoods.py)."""

    family: Annotated[str, OneOf(choices.LIKELIHOODS)] = setting(
        "bernoulli",
        "Likelihood of a pixel or feature. Bernoulli and continuous Bernoulli are for inputs in "
        "[0, 1], the Gaussian for real numbers, Poisson and negative binomial for counts.",
    )
    mean: Annotated[str, OneOf(choices.MEANS)] | None = setting(
        None,
        "Mean of the Gaussian likelihood; a sigmoid of the decoder's output, for inputs in [0, 1], "
        "or linear, for all real numbers; null takes linear for data of yours with other values.",
        used_with={"likelihood.family": ("gaussian",)},
    )
    variance_floor: Number = setting(
        1e-6,
        "Added to the variance of the Gaussian likelihood.",
        unit="squared input units",
        used_with={"likelihood.family": ("gaussian",)},
        ge=0,
    )
    inputs: Annotated[str, OneOf(("unit_interval", "unit_norm"))] = setting(
        "unit_interval",
        "Pixels or features in [0, 1], or each sample divided by its L2 norm as in the paper.",
    )


class Spike(Settings):
    """Spike probability head and the relaxation that training uses for its gradient."""

    head: Annotated[str, OneOf(choices.SPIKE_HEADS)] = setting(
        "sigmoid", "g = sigmoid(v), or the paper's log g = -relu(-v)."
    )
    bias: Number = setting(
        2.0, "Initial bias of the spike head; positive starts with open spikes.", unit="logits"
    )
    relaxation: Annotated[str, OneOf((*choices.RELAXATIONS, choices.DISARM))] = setting(
        "concrete",
        "Stand-in for the hard spike in training, or disarm, an unbiased gradient of hard spikes "
        "that decodes twice (docs/relaxations.md).",
    )
    sharpness: Number | None = setting(
        None,
        "Slope of the relaxed step at the start (c of the scaled sigmoid, 1 / temperature of the "
        "concrete); null takes start and end of the relaxation, 50 to 200 (supplement B.2) and 2 "
        "to 10.",
        used_with=_SLOPED,
        gt=0,
    )
    sharpness_end: Number | None = setting(
        None,
        "The same at the end of the training, approached linearly; null with a sharpness of yours "
        "keeps that.",
        used_with=_SLOPED,
        gt=0,
    )


class Slab(Settings):
    """The posterior's slab."""

    variance_floor: Number | None = setting(
        None,
        "Added to the slab's variance; null for 0.1 with pseudo-inputs, whose scale is free, and 0 "
        "with a fixed prior.",
        ge=0,
    )


class Prior(Settings):
    """Prior of the spike and slab: fixed alpha (ICLR version) or pseudo-inputs (UAI paper)."""

    kind: Annotated[str, OneOf(choices.PRIORS)] = setting(
        "fixed",
        "Fixed spike and slab (ICLR version), or encodings of learned pseudo-inputs (UAI paper).",
    )
    spike_prob: Number = setting(
        0.5,
        "alpha, the prior spike probability, or the target of the sparsity penalty.",
        ge=choices.SMALLEST_PROBABILITY,
        le=1 - choices.SMALLEST_PROBABILITY,
    )
    pseudo_inputs: Integer = setting(20, "Number of pseudo-inputs.", used_with=_PSEUDO_INPUTS, ge=1)
    pseudo_inputs_start: Annotated[str, OneOf(("samples", "xavier"))] = setting(
        "samples",
        "Pseudo-inputs start as training samples, or as small random values (Xavier uniform, the "
        "authors').",
        used_with=_PSEUDO_INPUTS,
    )
    selection: Annotated[str, OneOf((choices.MIXTURE, *choices.SELECTIONS))] = setting(
        "mixture",
        "How pseudo-inputs are weighed; as a mixture, which needs no classifier and has a bound, "
        "or by C_omega as in the paper, in the authors' code, or with a softmax.",
        used_with=_PSEUDO_INPUTS,
    )
    sharpening: Number | None = setting(
        5.0,
        "nu of sigmoid(nu (g - 0.5)) on the pseudo-inputs' spikes at the start (authors' code, 10 "
        "throughout); null for none.",
        used_with=_PSEUDO_INPUTS,
        gt=0,
    )
    sharpening_end: Number | None = setting(
        15.0,
        "nu at the end, linear in between; null for the same as at the start.",
        used_with=_PSEUDO_INPUTS | {"prior.sharpening": SET},
        gt=0,
    )
    sparsity_weight: Number = setting(
        1.0,
        "Weight of J KL(mean spike probability || alpha).",
        used_with=_PSEUDO_INPUTS,
        ge=0,
    )


class SlabWarmup(Settings):
    """Eq. 7: lambda is 0 until `start`, then rises to 1 at `end`."""

    start: Fraction = setting(0.0, "Until when lambda = 0.", unit=OF_THE_TRAINING)
    end: Fraction = setting(0.6, "When lambda reaches 1.", unit=OF_THE_TRAINING)
    in_kl: Flag = setting(
        True, "Whether lambda is in the KL too, or in the sample only (authors' code)."
    )


class BetaAnnealing(Settings):
    """beta is `first` until `start`, then goes linearly to its own value at `end`."""

    first: Number = setting(
        1.0, "beta until `start`; 0 for the usual annealing of a KL (Bowman et al. 2016).", ge=0
    )
    start: Fraction = setting(0.3, "Until when beta is `first`.", unit=OF_THE_TRAINING)
    end: Fraction = setting(0.6, "When it reaches `beta`; linear in between.", unit=OF_THE_TRAINING)


class Counts(Settings):
    """Poisson counts as latents: the rates of the prior at the start and the relaxed draw."""

    log_rate_low: Number = setting(
        -6.0,
        "Least log rate of the prior at the start; they are drawn uniformly up to `log_rate_high`.",
        unit="log counts",
        ge=-8,
        le=4,
    )
    log_rate_high: Number = setting(
        -2.0, "Largest log rate of the prior at the start.", unit="log counts", ge=-8, le=4
    )
    temperature: Number = setting(
        1.0, "Temperature of the relaxed counts at the start of the training.", gt=0
    )
    temperature_end: Number = setting(
        0.05, "The same from `annealed_until` on, approached linearly.", gt=0
    )
    annealed_until: Number = setting(
        0.5, "When the last temperature is reached.", unit=OF_THE_TRAINING, gt=0, le=1
    )


class Support(Settings):
    """Which latents of a k-sparse model are not zero."""

    kept: Integer = setting(
        4, "Latents of a sample that are kept, at most all that there are.", unit="latents", ge=1
    )
