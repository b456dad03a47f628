"""Mean and standard deviation of each measure over seeds."""

import pandas as pd
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import summarise_metrics, write_table

with job(snakemake):
    write_table(snakemake.output.summary, summarise_metrics(pd.read_csv(snakemake.input.metrics)))
