"""Figure: test ELBO against latent size, from tables/metrics.csv."""

import pandas as pd
from sparsevae.job import job
from sparsevae.plotting.bound_vs_latent_dim import plot_bound_vs_latent_dim
from sparsevae.plotting.style import save

with job(snakemake):
    # Names stay text, also where a study calls a model "1" or "null".
    metrics = pd.read_csv(
        snakemake.input.metrics,
        dtype={"dataset": str, "model": str},
        keep_default_na=False,
        na_values=[""],
    )
    metrics = metrics[metrics["dataset"] == snakemake.wildcards.dataset]
    figure = plot_bound_vs_latent_dim(metrics, snakemake.params.models)
    save(figure, snakemake.output.png, snakemake.output.pdf)
