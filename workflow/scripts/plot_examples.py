"""Figure: pictures of the test set."""

from sparsevae.data.split import load_split
from sparsevae.figures.examples import plot_examples
from sparsevae.figures.style import save
from sparsevae.jobs.job import job

with job(snakemake):
    figure = plot_examples(load_split(snakemake.input.test).inputs)
    save(figure, snakemake.output.png, snakemake.output.pdf)
