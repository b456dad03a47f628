"""Figure: pictures of the test set."""

from sparsevae.data.dataset import load_split
from sparsevae.job import job
from sparsevae.plotting.examples import plot_examples
from sparsevae.plotting.style import save

with job(snakemake):
    figure = plot_examples(load_split(snakemake.input.test).inputs)
    save(figure, snakemake.output.png, snakemake.output.pdf)
