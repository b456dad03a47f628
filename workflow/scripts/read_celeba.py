"""Reads CelebA from a user's folder and makes its faces small: train.npz and test.npz."""

from pathlib import Path

from sparsevae.data.celeba import load
from sparsevae.data.split import save_split
from sparsevae.jobs.job import job

with job(snakemake):
    train, test = load(Path(snakemake.input.raw[0]).parent)
    save_split(snakemake.output.train, train)
    save_split(snakemake.output.test, test)
