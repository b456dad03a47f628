"""Figure: used latents against latent size, from tables/metrics.csv."""

import numpy as np
from sparsevae.evaluation.disentanglement import used_latents
from sparsevae.figures.style import save
from sparsevae.figures.used_latents_vs_latent_dim import plot_used_latents_vs_latent_dim
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table

with job(snakemake):
    metrics = read_table(snakemake.input.metrics)
    metrics = metrics[metrics["dataset"] == snakemake.wildcards.dataset]
    params = snakemake.params
    families = dict(zip(params.models, params.families, strict=True))
    files = zip(params.published, snakemake.input.published, strict=True)
    counts = {
        tuple(key): int(used_latents(np.loadtxt(path, delimiter=",")).sum()) for key, path in files
    }
    figure = plot_used_latents_vs_latent_dim(metrics, families, counts)
    save(figure, snakemake.output.png, snakemake.output.pdf)
