"""Figure: inputs and each model's reconstructions, from the models' pictures.npz."""

from sparsevae.figures.reconstructions import plot_reconstructions
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.storage import read_arrays

with job(snakemake):
    files = zip(snakemake.params.models, snakemake.input.runs, strict=True)
    figure = plot_reconstructions({model: read_arrays(path) for model, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
