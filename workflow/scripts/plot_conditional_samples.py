"""Figure: variations of test objects along their active latents, from pictures.npz."""

from sparsevae.figures.conditional_samples import plot_conditional_samples
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.storage import read_arrays

with job(snakemake):
    files = zip(snakemake.params.models, snakemake.input.runs, strict=True)
    figure = plot_conditional_samples({model: read_arrays(path) for model, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
