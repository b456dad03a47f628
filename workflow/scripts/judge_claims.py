"""The claims of the paper and of its reproduction, tested on the study."""

from sparsevae.claims import claims_table
from sparsevae.job import job
from sparsevae.tables import read_metrics, write_table

with job(snakemake):
    metrics = read_metrics(snakemake.input.metrics)
    write_table(snakemake.output.claims, claims_table(metrics, snakemake.params.models))
