"""What the paper and its reproduction claim, as contrasts of a study's runs.

One function per claim. It gets the runs of one dataset (metrics.csv with the settings of each
model) and the measure, and returns what to compare, with the region in which the claim holds.
Models are found by their settings, never by their names. A claim that rests on several measures has
a row for each; a sentence that the literature does not state has the source PROJECT.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sparsevae.comparison import contrasts
from sparsevae.comparison.measures import best_model
from sparsevae.comparison.verdicts import Region

SUBMISSION = "Tonolini et al. ICLR 2019 submission"
PAPER = "Tonolini et al. UAI 2019"
REPRODUCTION = "De la Fuente & Aduviri 2019"
COURSE = "course project VSC-For-Sparse-VAE"
PROJECT = "this project"

# From where on the reproduction's VSC (alpha 0.01) is the more accurate, but for two sizes.
OVERTAKES_FROM = 88
SOURCES_OF_SMILEY = 18
# "About as many": the paper's own example is 20 for 18.
ABOUT = 4
# A code of fewer latents has room to gain accuracy whatever the model does.
ENOUGH_LATENTS = 16
# "Keeps": at most one point in a hundred is lost per doubling.
KEPT_ACCURACY = -0.01
MOST = 0.5
# A larger alpha stands for 1, which settings do not allow: all spikes are on.
LARGEST_ALPHA = 0.99
# models/activity.py: a run with a smaller KL has collapsed.
ONE_BIT = math.log(2)
ABOVE_0: Region = (0.0, math.inf)
BELOW_0: Region = (-math.inf, 0.0)

# Settings that models are compared over, all else alike.
VARIED = ("alpha", "beta", "slab_warmup")
# What tells attributes apart: the paper's measure first. No single one decides.
ATTRIBUTE_MEASURES = {
    "correlation_contrast": "correlation_own less correlation_other",
    "presence_auc": "presence_auc",
    "mig_presence": "mig_presence",
    "mig": "mig",
    "dci_disentanglement": "dci_disentanglement",
    "r2_given_presence_best": "r2_given_presence_best",
}
_BOUNDS = {"elbo": "elbo (nats per sample)", "iwae": "iwae (nats per sample)"}


@dataclass(frozen=True)
class Evidence:
    """Which models are compared, as a contrast of runs, and where that supports the claim."""

    compared: str
    contrast: pd.DataFrame
    region: Region


Test = Callable[[pd.DataFrame, str], Iterator[Evidence]]


@dataclass(frozen=True)
class Claim:
    """A sentence, where it is from, the measure that it rests on, what it needs, and its test.

    column: of metrics.csv, or a derived measure; measure: the same in words. resolution: the step
    of a measure that is counted. counts_seeds: the claim is about most runs, and its effect is the
    fraction of seeds with more than MOST of their runs at 1.
    """

    text: str
    source: str
    column: str
    measure: str
    needs: str
    test: Test
    resolution: float = 0.0
    counts_seeds: bool = False


CLAIMS: list[Claim] = []


def claim(
    text: str,
    source: str,
    measures: Mapping[str, str],
    needs: str,
    resolution: float = 0.0,
    counts_seeds: bool = False,
) -> Callable[[Test], Test]:
    """Register a test under the sentence that it tests, once for each column of `measures`."""

    def register(test: Test) -> Test:
        for column, measure in measures.items():
            given = (text, source, column, measure, needs, test, resolution, counts_seeds)
            CLAIMS.append(Claim(*given))
        return test

    return register


def _vsc(data: pd.DataFrame) -> pd.DataFrame:
    return data[data["family"] == "vsc"]


def _fixed_vsc(data: pd.DataFrame) -> pd.DataFrame:
    """VSC of the submission: a fixed prior, no warm-up."""
    return data[(data["prior_kind"] == "fixed") & (data["slab_warmup"] == "no")]


def _plain_vae(data: pd.DataFrame) -> pd.DataFrame:
    return data[(data["family"] == "vae") & (data["beta"] == 1)]


def _each(runs: pd.DataFrame, region: Region) -> Iterator[Evidence]:
    """Each model by itself."""
    for name, own in runs.groupby("model", sort=False):
        yield Evidence(name, contrasts.single(own), region)


def _against(first: pd.DataFrame, second: pd.DataFrame, region: Region) -> Iterator[Evidence]:
    """Each model of the first less each of the second."""
    for name, ours in first.groupby("model", sort=False):
        for other, theirs in second.groupby("model", sort=False):
            yield Evidence(f"{name} less {other}", contrasts.difference(ours, theirs), region)


def _slopes(data: pd.DataFrame, weight: str, region: Region) -> Iterator[Evidence]:
    """Per tenfold of a weight, over the models that are alike but for it."""
    for _, group in data.groupby(f"apart_from_{weight}", sort=False):
        if group[weight].nunique() > 1:
            x = np.log10(group[weight].astype(float))
            contrast = contrasts.slope_over_models(group, x)
            yield Evidence(", ".join(dict.fromkeys(group["model"])), contrast, region)


@claim(
    "VSC keeps its accuracy as latents grow",
    SUBMISSION,
    {"probe_accuracy": f"probe_accuracy per doubling of the latents, from {ENOUGH_LATENTS} on"},
    f"a VSC with a fixed prior at two latent sizes of at least {ENOUGH_LATENTS}",
)
def keeps_accuracy(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    large = _fixed_vsc(data)
    large = large[large["latent_dim"] >= ENOUGH_LATENTS]
    for name, runs in large.groupby("model", sort=False):
        contrast = contrasts.slope_over_sizes(runs, np.log2(runs["latent_dim"]))
        yield Evidence(name, contrast, (KEPT_ACCURACY, math.inf))


@claim(
    f"VSC with alpha 0.01 is more accurate than a VAE from {OVERTAKES_FROM} latents on",
    REPRODUCTION,
    {"probe_accuracy_ungated": "probe_accuracy_ungated"},
    f"a VAE and a VSC with a fixed prior, alpha 0.01, at {OVERTAKES_FROM} latents or more",
)
def overtakes(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    large = data[data["latent_dim"] >= OVERTAKES_FROM]
    yield from _against(_fixed_vsc(large[large["alpha"] == 0.01]), _plain_vae(large), ABOVE_0)


@claim(
    f"VSC with alpha 0.01 is less accurate than a VAE below {OVERTAKES_FROM} latents",
    REPRODUCTION,
    {"probe_accuracy_ungated": "probe_accuracy_ungated"},
    f"a VAE and a VSC with a fixed prior, alpha 0.01, at less than {OVERTAKES_FROM} latents",
)
def is_overtaken(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    small = data[data["latent_dim"] < OVERTAKES_FROM]
    yield from _against(_fixed_vsc(small[small["alpha"] == 0.01]), _plain_vae(small), BELOW_0)


@claim("VSC's bound is below a VAE's", REPRODUCTION, _BOUNDS, "a VAE and a VSC with a fixed prior")
def bound_is_below(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    yield from _against(_fixed_vsc(data), _plain_vae(data), BELOW_0)


@claim(
    "ELBO falls with smaller alpha",
    PAPER + ", figure 1",
    {"elbo": "elbo per tenfold alpha (nats per sample)"},
    "a VSC at two alphas, all else alike",
)
def falls_with_alpha(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    yield from _slopes(_vsc(data), "alpha", ABOVE_0)


@claim(
    "ELBO falls with larger beta",
    PAPER + ", figure 1",
    {"elbo": "elbo per tenfold beta (nats per sample)"},
    "a VAE at two betas, all else alike",
)
def falls_with_beta(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    yield from _slopes(data[(data["family"] == "vae") & (data["beta"] > 0)], "beta", BELOW_0)


@claim(
    "VSC uses about as many latents as there are sources",
    PAPER + ", figure 3d",
    {"correlation_used": "correlation_used"},
    f"a VSC on smiley with more than {SOURCES_OF_SMILEY} latents",
    resolution=1.0,
)
def uses_as_many_as_sources(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    wide = _vsc(data[data["latent_dim"] > SOURCES_OF_SMILEY])
    yield from _each(wide, (float(SOURCES_OF_SMILEY - ABOUT), float(SOURCES_OF_SMILEY + ABOUT)))


@claim(
    "VSC's latents tell attributes apart better than those of the baselines",
    PAPER + ", figures 3 and 9",
    ATTRIBUTE_MEASURES,
    "a VSC and a VAE or beta-TCVAE on smiley, of which the best by this measure is compared",
)
def tells_attributes_apart(data: pd.DataFrame, column: str) -> Iterator[Evidence]:
    for family in ("vae", "tcvae"):
        baselines = data[data["family"] == family]
        if len(baselines):
            # The paper chose beta for the best contrast; so does this, or the claim is too easy.
            best = baselines[baselines["model"] == best_model(baselines, column)]
            yield from _against(_vsc(data), best, ABOVE_0)


@claim(
    "Most runs of VSC with alpha below 1 collapse",
    COURSE,
    {"collapsed": "fraction of seeds of which most runs collapsed"},
    "a VSC with a fixed prior and alpha below 1",
    counts_seeds=True,
)
def collapses(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    yield from _each(_fixed_vsc(data[data["alpha"] < LARGEST_ALPHA]), (MOST, math.inf))


@claim(
    "VSC with alpha below 1 collapses, to a mean KL below a bit",
    COURSE,
    {"kl": "kl (nats per sample)"},
    "a VSC with a fixed prior and alpha below 1",
)
def encodes_nothing(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    yield from _each(_fixed_vsc(data[data["alpha"] < LARGEST_ALPHA]), (-math.inf, ONE_BIT))


@claim(
    "Most runs of VSC with slab warm-up do not collapse",
    PROJECT,
    {"collapsed": "fraction of seeds of which most runs collapsed"},
    "a VSC with slab_warmup",
    counts_seeds=True,
)
def warmup_does_not_collapse(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    yield from _each(data[data["slab_warmup"] == "yes"], (-math.inf, MOST))


@claim(
    "VSC with slab warm-up keeps a mean KL above a bit",
    PROJECT,
    {"kl": "kl (nats per sample)"},
    "a VSC with slab_warmup",
)
def warmup_encodes(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    yield from _each(data[data["slab_warmup"] == "yes"], (ONE_BIT, math.inf))


def _warmup_pairs(data: pd.DataFrame) -> Iterator[Evidence]:
    """VSC with slab warm-up less the VSC that is the same without it."""
    for _, group in _vsc(data).groupby("apart_from_slab_warmup", sort=False):
        warm, cold = (group[group["slab_warmup"] == value] for value in ("yes", "no"))
        yield from _against(warm, cold, ABOVE_0)


@claim(
    "Slab warm-up raises VSC's bound",
    PROJECT,
    {"elbo": "elbo (nats per sample)"},
    "a VSC with slab_warmup and one without, all else alike",
)
def warmup_raises_the_bound(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    yield from _warmup_pairs(data)


@claim(
    "Slab warm-up keeps more of VSC's latents in use",
    PROJECT,
    {"used_latents": "used_latents"},
    "a VSC with slab_warmup and one without, all else alike",
    resolution=1.0,
)
def warmup_keeps_latents(data: pd.DataFrame, _: str) -> Iterator[Evidence]:
    yield from _warmup_pairs(data)
