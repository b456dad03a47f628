"""Figure: the learned pseudo-inputs of each prior that has any, from pictures.npz."""

from sparsevae.figures.pseudo_inputs import plot_pseudo_inputs
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.storage import read_arrays

with job(snakemake):
    files = zip(snakemake.params.models, snakemake.input.runs, strict=True)
    figure = plot_pseudo_inputs({model: read_arrays(path) for model, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
