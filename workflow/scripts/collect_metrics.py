"""Gathers the metrics of all runs into one table."""

from sparsevae.jobs.job import job
from sparsevae.jobs.made_from import check_runs
from sparsevae.jobs.tables import collect_metrics, write_table

with job(snakemake):
    check_runs(snakemake.input.runs, snakemake.params.digests)
    metrics = collect_metrics(snakemake.input.runs, snakemake.params.varied)
    write_table(snakemake.output.metrics, metrics)
