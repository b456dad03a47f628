"""Every published number beside the study's own."""

import pandas as pd
from sparsevae.comparison.published import read_rows
from sparsevae.comparison.scorecard import scorecard
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_metrics, write_table

with job(snakemake):
    keys = [tuple(key) for key in snakemake.params.shown]
    files = zip(keys, snakemake.input.activations, strict=True)
    table = scorecard(
        read_rows(snakemake.input.published),
        snakemake.params.models,
        read_metrics(snakemake.input.metrics),
        {key: pd.read_csv(path) for key, path in files},
    )
    write_table(snakemake.output.scorecard, table)
