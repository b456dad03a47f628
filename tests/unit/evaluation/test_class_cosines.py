import math

import numpy as np
import pandas as pd
import pytest
from sparsevae.evaluation.class_cosines import COLUMNS, cosines, tabulate

ROWS = np.array([[1.0, 0.0, 0.5], [0.0, 0.2, 0.0], [0.5, 0.5, 0.5]])


def activations(rows: np.ndarray, labels: list[int]) -> pd.DataFrame:
    """class_activations.csv of these mean spike probabilities, in any order of its rows."""
    cells = [
        {"label": label, "latent": latent, "mean_latent": 9.0, "mean_spike_prob": value}
        for label, row in zip(labels, rows, strict=True)
        for latent, value in enumerate(row)
    ]
    return pd.DataFrame(cells).sample(frac=1, random_state=1)


def test_cosines_are_those_of_the_definition():
    similar = cosines(ROWS)
    for a, first in enumerate(ROWS):
        for b, second in enumerate(ROWS):
            expected = sum(first * second) / math.sqrt(sum(first**2) * sum(second**2))
            assert similar[a, b] == pytest.approx(expected)


def test_a_class_without_any_spike_has_no_direction():
    similar = cosines(np.array([[0.0, 0.0], [0.3, 0.1]]))
    assert np.isnan(similar).tolist() == [[True, True], [True, False]]


def test_each_pair_of_classes_once_and_each_class_with_itself():
    vae = activations(ROWS * np.nan, [0, 1, 2])
    runs = {
        ("digits", "vae", 3, 1): vae,
        ("digits", "vsc", 3, 2): activations(ROWS, [4, 0, 7]),
    }
    table = tabulate(runs)
    assert list(table.columns) == COLUMNS
    assert set(table[COLUMNS[:4]].itertuples(index=False, name=None)) == {("digits", "vsc", 3, 2)}
    pairs = list(zip(table.label_a, table.label_b, strict=True))
    assert pairs == [(0, 0), (0, 4), (0, 7), (4, 4), (4, 7), (7, 7)]
    row = table.iloc[4]
    assert row.cosine == pytest.approx(0.75 / math.sqrt(1.25 * 0.75))
    assert (row.mean_spike_prob_a, row.mean_spike_prob_b) == pytest.approx((0.5, 0.5))
    means = table.iloc[1][["mean_spike_prob_a", "mean_spike_prob_b"]].tolist()
    assert means == pytest.approx([0.2 / 3, 0.5])
    assert table.iloc[0].cosine == pytest.approx(1)
    assert table.iloc[0].mean_spike_prob_a == pytest.approx(0.2 / 3)


def test_no_run_with_spikes_leaves_the_header():
    table = tabulate({("digits", "vae", 3, 1): activations(ROWS * np.nan, [0, 1, 2])})
    assert (list(table.columns), len(table)) == (COLUMNS, 0)
