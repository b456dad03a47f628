"""Figure: variations of test objects along their active latents, from pictures.npz."""

from sparsevae.job import job
from sparsevae.plotting.conditional_samples import plot_conditional_samples
from sparsevae.plotting.style import save
from sparsevae.storage import read_arrays

with job(snakemake):
    files = zip(snakemake.params.models, snakemake.input.runs, strict=True)
    figure = plot_conditional_samples({model: read_arrays(path) for model, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
