"""Figure: the code of one picture at several latent sizes, from pictures.npz."""

from sparsevae.figures.sparse_codes import plot_sparse_codes
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.storage import read_arrays

with job(snakemake):
    runs = zip(snakemake.params.models, snakemake.params.latent_dims, strict=True)
    files = zip(runs, snakemake.input.runs, strict=True)
    figure = plot_sparse_codes({run: read_arrays(path) for run, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
