"""Every published number beside the study's own."""

from sparsevae.comparison.published import read_rows
from sparsevae.comparison.scorecard import scorecard
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table, write_table

with job(snakemake):
    keys = [tuple(key) for key in snakemake.params.shown]
    files = zip(keys, snakemake.input.activations, strict=True)
    table = scorecard(
        read_rows(snakemake.input.published),
        snakemake.params.models,
        read_table(snakemake.input.metrics),
        {key: read_table(path) for key, path in files},
    )
    write_table(snakemake.output.scorecard, table)
