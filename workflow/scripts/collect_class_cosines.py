"""Gathers how alike classes are in the latents that they activate, of all runs with spikes."""

from sparsevae.evaluation.class_cosines import tabulate
from sparsevae.jobs.job import job
from sparsevae.jobs.made_from import check_runs
from sparsevae.jobs.tables import read_table, write_table

with job(snakemake):
    check_runs(snakemake.input.runs, snakemake.params.digests)
    files = zip(map(tuple, snakemake.params.runs), snakemake.input.runs, strict=True)
    tables = {run: read_table(path) for run, path in files}
    write_table(snakemake.output.class_cosines, tabulate(tables))
