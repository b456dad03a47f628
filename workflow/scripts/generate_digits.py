"""Writes scikit-learn's handwritten digits as train.npz and test.npz."""

from sparsevae.data.digits import digits
from sparsevae.data.split import save_split
from sparsevae.jobs.job import job

with job(snakemake):
    train, test = digits()
    save_split(snakemake.output.train, train)
    save_split(snakemake.output.test, test)
