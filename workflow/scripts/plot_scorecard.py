"""Figure: every published number beside ours, from tables/scorecard.csv."""

import pandas as pd
from sparsevae.figures.scorecard import plot_scorecard
from sparsevae.figures.style import save
from sparsevae.jobs.job import job

with job(snakemake):
    figure = plot_scorecard(pd.read_csv(snakemake.input.scorecard))
    save(figure, snakemake.output.png, snakemake.output.pdf)
