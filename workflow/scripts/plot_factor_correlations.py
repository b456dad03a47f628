"""Figure: correlations of latents with known factors, from the runs' factor_correlations.csv."""

import numpy as np
from sparsevae.figures.factor_correlations import matrix_of, plot_factor_correlations
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table

with job(snakemake):
    params = snakemake.params
    keys = zip(params.models, params.latent_dims, strict=True)
    files = zip(keys, snakemake.input.runs, strict=True)
    runs = {key: matrix_of(read_table(path)) for key, path in files}
    files = zip(params.published, snakemake.input.published, strict=True)
    published = {tuple(key): np.loadtxt(path, delimiter=",") for key, path in files}
    figure = plot_factor_correlations(
        runs, dict(zip(params.models, params.families, strict=True)), published
    )
    save(figure, snakemake.output.png, snakemake.output.pdf)
