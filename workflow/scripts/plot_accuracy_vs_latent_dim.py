"""Figure: accuracy of linear probes against latent size, from tables/metrics.csv."""

from sparsevae.job import job
from sparsevae.plotting.accuracy_vs_latent_dim import plot_accuracy_vs_latent_dim
from sparsevae.plotting.style import save
from sparsevae.tables import read_metrics

with job(snakemake):
    metrics = read_metrics(snakemake.input.metrics)
    metrics = metrics[metrics["dataset"] == snakemake.wildcards.dataset]
    figure = plot_accuracy_vs_latent_dim(metrics, snakemake.params.models)
    save(figure, snakemake.output.png, snakemake.output.pdf)
