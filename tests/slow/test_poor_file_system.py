"""Runs, tables and a figure on a file system that refuses locks, chmod, links and fsync."""

from checkout import REPOSITORY, SMOKE, results_of


def test_the_results_are_the_same_bytes(new_checkout, smoke):
    checkout = new_checkout()
    result = checkout.snakemake(
        *SMOKE,
        "--",
        "results/smoke/figures/digits/traversals.png",
        "results/smoke/tables/summary.csv",
        SPARSEVAE_POOR=str(checkout.root / "results"),
        PYTHONPATH=str(REPOSITORY / "tests/support/poor_file_system"),
    )
    assert result.returncode == 0, result.stdout + result.stderr
    whole = results_of(smoke.root / "results/smoke")
    made = results_of(checkout.root / "results/smoke")
    assert made == {name: whole[name] for name in made}
    assert {"tables/summary.csv", "figures/digits/traversals.png"} <= made.keys()
