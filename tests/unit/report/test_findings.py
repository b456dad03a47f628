"""What the report says that a study found."""

import pytest
from small_site import filled, small_site
from sparsevae.comparison.claims import CLAIMS
from sparsevae.report.findings import BOUND_IS_BELOW, Findings
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


def test_the_claim_that_the_first_page_names_is_a_claim():
    """The report's environment has no SciPy, which the claims need: the sentence stands twice."""
    assert BOUND_IS_BELOW in {claim.text for claim in CLAIMS}


def test_a_spread_that_would_be_shown_as_zero_is_not_shown(tmp_path):
    inputs = small_site(tmp_path)
    results = Results(inputs.study, Tables(inputs.tables))
    summary = results.tables["summary"]
    at = (results.study.grids[0].dataset, "vae", 2)
    row = (summary["model"] == "vae") & (summary["latent_dim"] == 2)
    for deviation, shown in ((0.004, "−1.06"), (0.006, "−1.06 ± 0.01")):
        summary.loc[row, "elbo_std"] = deviation
        assert filled(results.spread("elbo", "nats", *at)) == shown
