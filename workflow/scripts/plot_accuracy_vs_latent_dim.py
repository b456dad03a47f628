"""Figure: accuracy of linear probes against latent size, with published accuracies."""

from sparsevae.comparison.published import curves, read_rows
from sparsevae.figures.accuracy_vs_latent_dim import plot_accuracy_vs_latent_dim
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table

with job(snakemake):
    dataset, settings = snakemake.wildcards.dataset, snakemake.params.settings
    metrics = read_table(snakemake.input.metrics)
    metrics = metrics[metrics["dataset"] == dataset]
    published = curves(read_rows(snakemake.input.published), settings, dataset, "accuracy")
    figure = plot_accuracy_vs_latent_dim(metrics, snakemake.params.models, published)
    save(figure, snakemake.output.png, snakemake.output.pdf)
