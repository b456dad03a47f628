"""Draws the Smiley images: train.npz and test.npz."""

from sparsevae.data.smiley import smiley
from sparsevae.data.split import save_split
from sparsevae.jobs.job import job

with job(snakemake):
    train, test = smiley()
    save_split(snakemake.output.train, train)
    save_split(snakemake.output.test, test)
