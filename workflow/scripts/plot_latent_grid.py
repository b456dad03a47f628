"""Figure: what each model decodes over the plane of two latents, from the models' pictures.npz."""

from sparsevae.figures.latent_grid import plot_latent_grid
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.storage import read_arrays

with job(snakemake):
    files = zip(snakemake.params.models, snakemake.input.runs, strict=True)
    figure = plot_latent_grid({model: read_arrays(path) for model, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
