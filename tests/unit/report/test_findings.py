"""What the report says that a study found."""

import pytest
from small_site import filled, small_site
from sparsevae.report.findings import Findings
from sparsevae.report.statements import Results
from sparsevae.report.tables import Tables


@pytest.fixture
def findings(tmp_path) -> Findings:
    inputs = small_site(tmp_path)
    return Findings(Results(inputs.study, Tables(inputs.tables)))


def test_runs_that_are_worse_than_the_mean_of_the_training_set_are_named(findings):
    assert filled(findings.worse_than_mean()) == (
        "Runs that are worse than the best constant image, the mean of the training set: 1, "
        "namely VSC on digits with 4 latents (1 of 2)."
    )


def test_collapsed_runs_are_counted_and_named(findings):
    said = filled(findings.collapse())
    assert said.startswith("Collapsed runs: 2, namely VAE on digits with 2 latents (1 of 2)")
