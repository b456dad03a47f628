"""Figure: test ELBO against latent size, from tables/metrics.csv, with published losses."""

from sparsevae.comparison.published import curves, read_rows
from sparsevae.figures.bound_vs_latent_dim import plot_bound_vs_latent_dim
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table

with job(snakemake):
    dataset, settings = snakemake.wildcards.dataset, snakemake.params.settings
    metrics = read_table(snakemake.input.metrics)
    metrics = metrics[metrics["dataset"] == dataset]
    published = curves(read_rows(snakemake.input.published), settings, dataset, "loss")
    figure = plot_bound_vs_latent_dim(metrics, snakemake.params.models, published)
    save(figure, snakemake.output.png, snakemake.output.pdf)
