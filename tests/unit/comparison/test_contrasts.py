"""Weights of contrasts, and the sampling error over test images."""

import math

import numpy as np
import pandas as pd
import pytest
from sparsevae.comparison.contrasts import (
    difference,
    effects,
    error_over_images,
    single,
    slope_over_sizes,
)

RUNS = pd.DataFrame(
    [
        {"model": model, "latent_dim": size, "seed": seed}
        for model in ("a", "b")
        for size in (8, 16)
        for seed in (1, 2)
    ]
)
A, B = (RUNS[RUNS["model"] == model] for model in ("a", "b"))


def test_effects_are_by_seed_and_size():
    values = pd.Series(np.arange(8.0) ** 2, RUNS.index)
    found = effects(difference(A, B), values)
    expected = [[0 - 16, 4 - 36], [1 - 25, 9 - 49]]
    assert found.to_numpy().tolist() == expected
    assert (found.index.tolist(), found.columns.tolist()) == ([1, 2], [8, 16])


def test_runs_without_a_partner_are_not_compared():
    found = effects(difference(A, B.iloc[1:]), pd.Series(1.0, RUNS.index))
    assert found.isna().to_numpy().tolist() == [[True, False], [False, False]]


def test_a_slope_over_sizes_is_one_number_a_seed():
    values = pd.Series(3.0 * np.log2(RUNS["latent_dim"]) + RUNS["seed"])
    found = effects(slope_over_sizes(A, np.log2(A["latent_dim"])), values)
    np.testing.assert_allclose(found.to_numpy(), [[3.0], [3.0]])


def test_blocks_give_the_error_of_the_mean_difference():
    random = np.random.default_rng(1)
    blocks = pd.DataFrame(random.normal(size=(8, 20)), RUNS.index)
    error, freedom = error_over_images(difference(A, B), None, blocks)
    expected = blocks.loc[A.index].mean() - blocks.loc[B.index].mean()
    assert error == pytest.approx(expected.std(ddof=1) / math.sqrt(20))
    assert freedom == 19


def test_without_blocks_a_side_is_as_uncertain_as_one_run_and_sides_are_independent():
    errors = pd.Series(np.where(RUNS["model"] == "a", 3.0, 4.0), RUNS.index)
    assert error_over_images(difference(A, B), errors, None) == (pytest.approx(5.0), math.inf)
    assert error_over_images(single(A), errors, None) == (pytest.approx(3.0), math.inf)


def test_an_error_that_is_not_known_for_every_run_is_not_known():
    errors = pd.Series([np.nan] + [1.0] * 7, RUNS.index)
    some = pd.DataFrame(np.ones((4, 20)), A.index)
    assert error_over_images(difference(A, B), errors, some) is None
