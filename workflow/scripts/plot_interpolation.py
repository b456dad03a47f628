"""Figure: shared latents of two objects interpolated, the others switched, from pictures.npz."""

from sparsevae.figures.interpolation import plot_interpolation
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.storage import read_arrays

with job(snakemake):
    files = zip(snakemake.params.models, snakemake.input.runs, strict=True)
    figure = plot_interpolation({model: read_arrays(path) for model, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
