"""What the jobs took, from the files of `benchmark:`."""

from sparsevae.report.provenance import run_times

HEADER = "s\th:m:s\tmax_rss\tcpu_time\n"


def test_times_are_summed_by_kind(tmp_path):
    for file, seconds, memory in (
        ("runs/digits/vae/latent-2/seed-1.tsv", 3, 200),
        ("runs/digits/vae/latent-4/seed-1.tsv", 5, 300),
        ("figures/digits/examples.tsv", 1, 50),
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(f"{HEADER}{seconds}\t0:00:01\t{memory}\t-\n", encoding="utf-8")
    table = run_times(tmp_path).set_index("job")
    training = table.loc["training and evaluation of vae on digits"]
    assert (training.jobs, training.seconds, training.longest_s, training.memory_mb) == (
        2,
        8,
        5,
        300,
    )
    assert table.loc["figures"].seconds == 1


def test_no_benchmark_is_an_empty_table(tmp_path):
    assert run_times(tmp_path / "none").empty
