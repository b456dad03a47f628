"""Figure: how a picture changes along the largest elements of its code, from pictures.npz."""

from sparsevae.figures.largest_codes import plot_largest_codes
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.storage import read_arrays

with job(snakemake):
    files = zip(snakemake.params.models, snakemake.input.runs, strict=True)
    figure = plot_largest_codes({model: read_arrays(path) for model, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
