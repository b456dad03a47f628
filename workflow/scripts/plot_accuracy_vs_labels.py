"""Figure: accuracy of probes against the number of labels, from tables/probes.csv."""

from sparsevae.figures.accuracy_vs_labels import plot_accuracy_vs_labels
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table

with job(snakemake):
    size = snakemake.params.latent_dim
    probes = read_table(snakemake.input.probes)
    chosen = (probes["dataset"] == snakemake.wildcards.dataset) & (probes["latent_dim"] == size)
    figure = plot_accuracy_vs_labels(probes[chosen], snakemake.params.models, size)
    save(figure, snakemake.output.png, snakemake.output.pdf)
