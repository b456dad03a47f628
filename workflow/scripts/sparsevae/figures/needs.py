"""Whether a study can make a figure of a dataset: its needs, decided before anything is trained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from sparsevae.data.dataset import Dataset
from sparsevae.figures.declaration import Declaration, Need
from sparsevae.figures.weights import WEIGHTS, varying
from sparsevae.study.families import FAMILIES, families_using
from sparsevae.study.settings import to_mapping
from sparsevae.study.study import Study

Run = Mapping[str, Any]


@dataclass(frozen=True)
class _Facts:
    """A dataset and its models, each with its settings at the latent size that pictures show."""

    info: Dataset
    latent_dims: Sequence[int]
    runs: Sequence[Run]


def lacking(study: Study, dataset: str, figure: Declaration) -> list[str]:
    """Return in words what a dataset lacks of the figure's needs; empty if it can be made."""
    facts = _facts(study, dataset)
    return [need.value for need in figure.needs if not _CHECKS[need](facts)]


@cache
def _facts(study: Study, dataset: str) -> _Facts:
    runs = [to_mapping(run) for run in study.shown_runs(dataset)]
    return _Facts(study.datasets[dataset], study.grids[dataset].latent_dims, runs)


def _label_counts(facts: _Facts) -> bool:
    """Probes see no more labels than there are training images."""
    most = facts.info.train_size
    return any(
        len({min(n, most) for n in (settings["probe_labels"], *settings["probe_curve"])}) > 1
        for settings in (run["evaluation"] for run in facts.runs)
    )


def _any_uses(setting: str, facts: _Facts) -> bool:
    """Whether a model is of a family that uses a setting."""
    return any(run["family"] in families_using(setting) for run in facts.runs)


def _pseudo_inputs(facts: _Facts) -> bool:
    users = families_using("prior.kind")
    runs = [run for run in facts.runs if run["family"] in users]
    return any(run["prior"]["kind"] == "pseudo_inputs" for run in runs)


_CHECKS: dict[Need, Callable[[_Facts], bool]] = {
    Need.IMAGES: lambda facts: facts.info.image,
    Need.CLASSES: lambda facts: len(facts.info.class_names) > 1,
    Need.FACTORS: lambda facts: facts.info.factors,
    Need.TWO_LATENTS: lambda facts: 2 in facts.latent_dims,
    Need.LATENT_SIZES: lambda facts: len(facts.latent_dims) > 1,
    Need.LABEL_COUNTS: _label_counts,
    Need.WEIGHTS: lambda facts: any(varying(weight, facts.runs) for weight in WEIGHTS),
    Need.PRIOR: partial(_any_uses, "evaluation.iwae_samples"),
    Need.MIXTURE: lambda facts: any(FAMILIES[run["family"]].mixture for run in facts.runs),
    Need.SPIKES: lambda facts: any(FAMILIES[run["family"]].spikes for run in facts.runs),
    Need.PSEUDO_INPUTS: _pseudo_inputs,
}
