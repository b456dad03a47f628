"""Figure: which latents each class uses, from the models' class_activations.csv."""

from sparsevae.figures.class_activations import plot_class_activations
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table

with job(snakemake):
    files = zip(snakemake.params.models, snakemake.input.runs, strict=True)
    tables = {model: read_table(path) for model, path in files}
    figure = plot_class_activations(tables, snakemake.params.class_names)
    save(figure, snakemake.output.png, snakemake.output.pdf)
