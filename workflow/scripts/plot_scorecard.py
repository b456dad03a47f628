"""Figure: every published number beside ours, from tables/scorecard.csv."""

from sparsevae.figures.scorecard import plot_scorecard
from sparsevae.figures.style import save
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table

with job(snakemake):
    figure = plot_scorecard(read_table(snakemake.input.scorecard))
    save(figure, snakemake.output.png, snakemake.output.pdf)
