"""Figure: test ELBO against beta and alpha, from tables/metrics.csv, with published values."""

from sparsevae.comparison.published import read_rows
from sparsevae.figures.bound_vs_weight import plot_bound_vs_weight
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table

with job(snakemake):
    metrics = read_table(snakemake.input.metrics)
    metrics = metrics[metrics["dataset"] == snakemake.wildcards.dataset]
    metrics = metrics[metrics["latent_dim"] == snakemake.params.latent_dim]
    rows = read_rows(snakemake.input.published)
    figure = plot_bound_vs_weight(metrics, snakemake.params.settings, rows)
    save(figure, snakemake.output.png, snakemake.output.pdf)
