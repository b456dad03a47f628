"""Figure: how pictures change along the most active latents, from the models' pictures.npz."""

from sparsevae.figures.style import save
from sparsevae.figures.traversals import plot_traversals
from sparsevae.jobs.job import job
from sparsevae.jobs.storage import read_arrays

with job(snakemake):
    files = zip(snakemake.params.models, snakemake.input.runs, strict=True)
    figure = plot_traversals({model: read_arrays(path) for model, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
