"""Reads UCI HAR from a user's archive or folder, checked first: train.npz and test.npz."""

from sparsevae.data.split import save_split
from sparsevae.data.uci_har import load
from sparsevae.jobs.job import job

with job(snakemake):
    train, test = load(snakemake.input.raw)
    save_split(snakemake.output.train, train)
    save_split(snakemake.output.test, test)
