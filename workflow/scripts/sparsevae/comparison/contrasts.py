"""Effects as weighted sums of runs: differences of two models, slopes, and single models.

A contrast is a table with a row for each run that it uses: `seed`, `latent_dim` (the size at which
the effect is, 0 for an effect over all sizes) and `weight`; its index is that of the runs in the
study's table. The effect of a seed at a size is the sum of weight times value. Because effects are
linear in the runs, their sampling error over test images follows from the runs' block means.
"""

import math

import numpy as np
import pandas as pd
from jaxtyping import Float

PAIR = ["latent_dim", "seed"]
OVER_ALL_SIZES = 0


def single(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the contrast that is a model's own value at each size."""
    return runs[PAIR].assign(weight=1.0)


def difference(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return first less second, of the runs that share latent size and seed."""
    keys = [runs[PAIR].reset_index(names="run") for runs in (first, second)]
    both = keys[0].merge(keys[1], on=PAIR, suffixes=("_first", "_second"))
    sides = [
        both[PAIR].assign(weight=weight).set_index(both[f"run_{side}"])
        for side, weight in (("first", 1.0), ("second", -1.0))
    ]
    return pd.concat(sides).rename_axis(None)


def slope_over_models(runs: pd.DataFrame, x: pd.Series) -> pd.DataFrame:
    """Return the least-squares slope over models, at each size and seed that has all of them."""
    models = runs["model"].nunique()
    complete = [group for _, group in runs.groupby(PAIR) if group["model"].nunique() == models]
    return _slopes(complete, x)


def slope_over_sizes(runs: pd.DataFrame, x: pd.Series) -> pd.DataFrame:
    """Return the least-squares slope over latent sizes, for each seed with at least two."""
    groups = [group for _, group in runs.groupby("seed") if group["latent_dim"].nunique() > 1]
    return _slopes(groups, x).assign(latent_dim=OVER_ALL_SIZES)


def _slopes(groups: list[pd.DataFrame], x: pd.Series) -> pd.DataFrame:
    parts = [pd.DataFrame(columns=[*PAIR, "weight"]).astype({"weight": float})]
    for group in groups:
        centred = x[group.index] - x[group.index].mean()
        parts.append(group[PAIR].assign(weight=centred / (centred**2).sum()))
    return pd.concat(parts[1:] or parts)


def effects(contrast: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Return effects with seeds as rows and latent sizes as columns; NaN if a run is absent."""
    weighted = contrast["weight"] * values[contrast.index]
    keys = [contrast["seed"], contrast["latent_dim"]]
    return weighted.groupby(keys).sum(min_count=1).unstack()


def error_over_images(
    contrast: pd.DataFrame,
    errors: pd.Series | None,
    blocks: pd.DataFrame | None,
) -> tuple[float, float] | None:
    """Return the standard error over test images of the mean effect, and its degrees of freedom.

    contrast: of all seeds and sizes that the mean is over. blocks: means over blocks of test images
    (columns) for each run (image_blocks.py). The effect is computed for each block; its spread
    over blocks is exact for differences of models on the same images. errors: standard errors over
    test images of each run. Without blocks, runs of one sign are taken as one (their errors add)
    and the two signs as independent: too large for models that find the same images difficult, and
    never too small for them. None if neither is there for every run.
    """
    cells = contrast.groupby(PAIR).ngroups
    weights = contrast["weight"] / cells
    if blocks is not None and blocks.index.isin(weights.index).sum() == weights.index.nunique():
        of_blocks = (blocks.loc[weights.index].mul(weights, axis=0)).sum(skipna=False).dropna()
        if len(of_blocks) > 1:
            return _standard_error(of_blocks.to_numpy(float)), float(len(of_blocks) - 1)
    if errors is None or errors[weights.index].isna().any():
        return None
    parts = weights.abs() * errors[weights.index]
    sides = (float(parts[weights > 0].sum()), float(parts[weights < 0].sum()))
    return math.hypot(*sides), math.inf


def _standard_error(values: Float[np.ndarray, " n"]) -> float:
    return float(np.std(values, ddof=1)) / math.sqrt(len(values))
