"""Mean and standard deviation of each measure over seeds."""

from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table, summarise_metrics, write_table

with job(snakemake):
    write_table(snakemake.output.summary, summarise_metrics(read_table(snakemake.input.metrics)))
