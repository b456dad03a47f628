"""The claims of the paper and of its reproduction, tested on the study."""

from sparsevae.comparison.claims_table import claims_table
from sparsevae.jobs.job import job
from sparsevae.jobs.made_from import check_runs
from sparsevae.jobs.tables import collect_rows, read_table, write_table

with job(snakemake):
    check_runs(snakemake.input.image_blocks, snakemake.params.digests)
    metrics = read_table(snakemake.input.metrics)
    blocks = collect_rows(snakemake.input.image_blocks, snakemake.params.runs)
    table = claims_table(metrics, snakemake.params.models, blocks)
    write_table(snakemake.output.claims, table)
