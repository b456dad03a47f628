import pandas as pd
import pytest
import results_page
from checkout import REPOSITORY
from sparsevae.jobs.errors import UserError

PAGE = """# Results

Words.

<!-- table: bounds -->

| old |
|---|

More words.
"""


@pytest.fixture
def bounds_metrics() -> pd.DataFrame:
    rows = [("vae", 16, -103.12), ("vae", 24, -102.5), ("vsc-0.5", 16, -108.0)]
    return pd.DataFrame(rows, columns=["model", "latent_dim", "elbo"])


def test_bounds_stand_beside_those_of_the_reproduction(bounds_metrics):
    """104.84 and 112.47: PAPER's table of the reproduction's test losses after epoch 11."""
    table = results_page.bounds(bounds_metrics, REPOSITORY)
    assert "| vae | 103.12 (104.84) | 102.50 (104.85) |" in table
    assert "| vsc-0.5 | 108.00 (112.47) |" in table


def test_a_table_is_replaced_and_the_words_stay(bounds_metrics):
    text = results_page.replaced(PAGE, "bounds", "| new |\n")
    assert text == PAGE.replace("| old |\n|---|\n", "| new |\n")
    assert results_page.replaced(text, "bounds", "| new |\n") == text


def test_a_page_without_the_place_is_said():
    with pytest.raises(UserError, match="warmup"):
        results_page.replaced(PAGE, "warmup", "| new |\n")


def test_only_tables_of_studies_that_ran_are_written(tmp_path, bounds_metrics, capsys):
    page = tmp_path / "results.md"
    page.write_text(PAGE)
    results_page.main(page, tmp_path)
    assert page.read_text() == PAGE
    assert "left as it is" in capsys.readouterr().out


def test_the_page_has_a_place_for_every_table():
    text = (REPOSITORY / "docs/results.md").read_text()
    for name in results_page.TABLES:
        results_page.replaced(text, name, "")


def test_seeds_are_told_by_their_mean_and_range():
    assert results_page.span(pd.Series([0.4, 0.5, None])) == "0.450 (0.400 to 0.500)"
    assert results_page.span(pd.Series([17.0]), 0) == "17"
    assert results_page.spread(pd.Series([1.0, 3.0])) == "2.00 ± 1.41"
