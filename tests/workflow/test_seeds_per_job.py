"""Seeds that are trained at once give the runs that they give alone."""

import numpy as np
import pandas as pd
import pytest
from checkout import SMOKE
from safetensors.numpy import load_file

OVERLAY = """
study: {study}
seeds: [1, 2, 3]
seeds_per_job: {together}
datasets: {{smiley: null, digits: {{latent_dims: [2]}}}}
figures: []
"""


@pytest.fixture(scope="module")
def studies(new_checkout):
    """The results of the same study, one and two seeds at once."""
    checkout = new_checkout()
    for together in (1, 2):
        overlay = f"together_{together}.yaml"
        content = OVERLAY.format(study=f"of_{together}", together=together)
        (checkout.root / overlay).write_text(content)
        done = checkout.snakemake(*SMOKE, overlay)
        assert done.returncode == 0, done.stderr
    return [checkout.root / f"results/of_{together}" for together in (1, 2)]


def test_weights_are_those_of_one_seed_a_job_but_for_rounding(studies):
    alone, together = studies
    files = sorted(alone.glob("runs/*/*/*/seed-*/weights.safetensors"))
    assert len(files) == 4 * 3
    for file in files:
        ours = load_file(together / file.relative_to(alone))
        for name, values in load_file(file).items():
            np.testing.assert_allclose(ours[name], values, rtol=1e-3, atol=1e-4)


def test_tables_have_the_same_runs(studies):
    runs = [pd.read_csv(study / "tables/metrics.csv").iloc[:, :4] for study in studies]
    pd.testing.assert_frame_equal(*runs)


def test_a_batch_of_seeds_is_trained_in_one_process_and_not_again(studies):
    logs = studies[1] / "logs/runs/digits/vsc/latent-2"
    first, second = ((logs / f"seeds-{batch}.log").read_text() for batch in (1, 2))
    assert [f"seed-{seed}: epoch 1 of" in first for seed in (1, 2, 3)] == [True, True, False]
    assert "seed-3: epoch 1 of" in second
    assert not any("epoch 1 of" in (logs / f"seed-{seed}.log").read_text() for seed in (1, 2, 3))
