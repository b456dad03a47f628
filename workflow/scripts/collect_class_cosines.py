"""Gathers how alike classes are in the latents that they activate, of all runs with spikes."""

import pandas as pd
from sparsevae.evaluation.class_cosines import tabulate
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import write_table

with job(snakemake):
    files = zip(map(tuple, snakemake.params.runs), snakemake.input.runs, strict=True)
    tables = {run: pd.read_csv(path) for run, path in files}
    write_table(snakemake.output.class_cosines, tabulate(tables))
