"""Figure: correlations of latents with known factors, from the runs' factor_correlations.csv."""

import numpy as np
import pandas as pd
from sparsevae.figures.factor_correlations import matrix_of, plot_factor_correlations
from sparsevae.figures.style import save
from sparsevae.jobs.job import job

with job(snakemake):
    params = snakemake.params
    keys = zip(params.models, params.latent_dims, strict=True)
    files = zip(keys, snakemake.input.runs, strict=True)
    runs = {key: matrix_of(pd.read_csv(path)) for key, path in files}
    files = zip(params.published, snakemake.input.published, strict=True)
    published = {tuple(key): np.loadtxt(path, delimiter=",") for key, path in files}
    figure = plot_factor_correlations(
        runs, dict(zip(params.models, params.families, strict=True)), published
    )
    save(figure, snakemake.output.png, snakemake.output.pdf)
