"""Numbers on pages come from tables."""

import json

import pytest
from small_site import write_tables
from sparsevae.jobs.errors import SiteError
from sparsevae.report.tables import Tables


@pytest.fixture
def tables(tmp_path) -> Tables:
    return Tables(write_tables(tmp_path, ("vae", "null"), "digits"))


def test_one_cell(tables):
    where = {"dataset": "digits", "model": "null", "latent_dim": 4}
    number = tables.cite("summary", "elbo_mean", "nats", **where)
    assert number.value == -4.0625
    assert str(number) == "\N{MINUS SIGN}4.06"
    assert (number.table, number.column, number.of) == ("summary", "elbo_mean", "value")
    assert json.loads(number.place) == where


def test_a_mean_and_a_number_of_rows(tables):
    assert tables.cite("probes", "accuracy", "percent", of="mean", model="vae").value == 0.6875
    assert tables.count("scorecard", "verdict", verdict="worse").value == 1
    assert tables.count("scorecard", "verdict", verdict="within").value == 0


def test_the_largest_mean_and_where_it_is(tables):
    best = tables.largest("elbo", "nats", model="null")
    assert (best.value, best.where) == (
        -3.0625,
        {"dataset": "digits", "model": "null", "latent_dim": 2},
    )


def test_a_missing_cell_is_of_no_name(tables):
    """Also of none that is written as pandas shows it."""
    assert tables.rows("claims", dataset="nan").empty


def test_what_is_not_measured_is_none(tables):
    assert tables.cite("scorecard", "ours", "nats", dataset="celeba") is None
    assert tables.cite("summary", "hoyer_mean", "ratio", model="vae") is None


def test_one_number_of_several_rows_is_refused(tables):
    with pytest.raises(SiteError, match=r"^summary\.csv: 2 rows"):
        tables.cite("summary", "elbo_mean", "nats", model="vae")


def test_a_table_that_is_not_there_is_named(tables):
    with pytest.raises(SiteError, match=r"^results\.csv: "):
        tables.cite("results", "elbo", "nats")
