"""A whole study on a file system that refuses locks, chmod, links and fsync."""

from checkout import REPOSITORY, SMOKE, results_of


def test_the_results_are_the_same_bytes(new_checkout, smoke):
    checkout = new_checkout()
    result = checkout.snakemake(
        *SMOKE,
        SPARSEVAE_POOR=str(checkout.root / "results"),
        PYTHONPATH=str(REPOSITORY / "tests/support/poor_file_system"),
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert results_of(checkout.root / "results/smoke") == results_of(smoke.root / "results/smoke")
