"""Gathers the probes of all runs into one table."""

from sparsevae.jobs.job import job
from sparsevae.jobs.made_from import check_runs
from sparsevae.jobs.tables import collect_rows, write_table

with job(snakemake):
    check_runs(snakemake.input.runs, snakemake.params.digests)
    table = collect_rows(snakemake.input.runs, snakemake.params.runs)
    write_table(snakemake.output.probes, table)
