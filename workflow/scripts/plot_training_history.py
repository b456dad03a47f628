"""Figure: learning curves, from history.csv of each model and seed."""

from sparsevae.figures.style import save
from sparsevae.figures.training_history import plot_training_history
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table

with job(snakemake):
    runs = zip(snakemake.params.models, snakemake.params.seeds, strict=True)
    files = zip(runs, snakemake.input.runs, strict=True)
    figure = plot_training_history({run: read_table(path) for run, path in files})
    save(figure, snakemake.output.png, snakemake.output.pdf)
