"""Figure: inputs and each model's reconstructions, from the models' pictures.npz."""

from sparsevae.job import job
from sparsevae.plotting.reconstructions import plot_reconstructions
from sparsevae.plotting.style import save
from sparsevae.storage import read_arrays

with job(snakemake):
    files = zip(snakemake.params.models, snakemake.input.runs, strict=True)
    figure = plot_reconstructions({model: read_arrays(path) for model, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
