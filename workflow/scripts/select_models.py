"""Chooses a variant of each model by a measure of validation samples."""

from sparsevae.comparison.selection import select
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table, write_table

with job(snakemake):
    metrics = read_table(snakemake.input.metrics)
    write_table(snakemake.output.selection, select(metrics, snakemake.params.measure))
