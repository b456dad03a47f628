"""Models of a study that differ in the weight of the KL or of sparsity alone."""

from collections.abc import Sequence

from sparsevae.comparison.matching import Run, apart_from, identity

# Each weight's sign, and the families that have it.
WEIGHTS = {"beta": ("β", ("vae", "tcvae")), "alpha": ("α", ("vsc",))}


def weight_of(run: Run, weight: str) -> float:
    """Return a run's beta, or alpha: the prior's spike probability."""
    return identity(run)[weight]


def varying(weight: str, runs: Sequence[Run]) -> list[list[Run]]:
    """Return the groups of models that differ in one weight only, if one has two values of it.

    runs: the settings of each model (to_mapping), in the study's order. A weight of 0 has no place
    on a log axis. Empty if no group has two values: a panel of single points shows nothing.
    """
    groups: dict[str, list[Run]] = {}
    for run in runs:
        if run["family"] in WEIGHTS[weight][1] and weight_of(run, weight) > 0:
            groups.setdefault(apart_from(run, weight), []).append(run)
    if any(len({weight_of(run, weight) for run in group}) > 1 for group in groups.values()):
        return list(groups.values())
    return []
