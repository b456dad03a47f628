"""Figure: every published number beside ours, from tables/scorecard.csv."""

import pandas as pd
from sparsevae.job import job
from sparsevae.plotting.scorecard import plot_scorecard
from sparsevae.plotting.style import save

with job(snakemake):
    figure = plot_scorecard(pd.read_csv(snakemake.input.scorecard))
    save(figure, snakemake.output.png, snakemake.output.pdf)
