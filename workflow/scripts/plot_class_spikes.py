"""Figure: spike probabilities of each class and their cosines, from class_activations.csv."""

import numpy as np
from sparsevae.figures.class_spikes import plot_class_spikes
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table

with job(snakemake):
    params = snakemake.params
    files = zip(params.models, snakemake.input.runs, strict=True)
    tables = {model: read_table(path) for model, path in files}
    published = [np.loadtxt(path, delimiter=",") for path in snakemake.input.published]
    figure = plot_class_spikes(
        tables, params.class_names, params.labels, published[0] if published else None
    )
    save(figure, snakemake.output.png, snakemake.output.pdf)
