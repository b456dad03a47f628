"""Formulas become MathML."""

import pytest
from sparsevae.jobs.errors import SiteError
from sparsevae.report.sphinx_run import mathml


def test_a_fraction_is_a_fraction():
    assert "<mfrac>" in mathml(r"\frac{1}{2}", block=True)


def test_a_logarithm_has_a_space_but_before_brackets():
    assert "mspace" in mathml(r"\log p", block=False)
    assert "mspace" not in mathml(r"\log (p)", block=False)


def test_latex_that_is_not_known_is_one_line():
    with pytest.raises(SiteError, match=r"unknowncommand.*\(formula\)$") as error:
        mathml(r"\unknowncommand x", block=True)
    assert "\n" not in str(error.value)
