"""Fetches CelebA through torchvision and makes its faces small: train.npz and test.npz."""

from pathlib import Path

from sparsevae.data.celeba import fetch
from sparsevae.data.split import save_split
from sparsevae.jobs.job import job

with job(snakemake):
    train, test = fetch(Path(snakemake.output.train).parent)
    save_split(snakemake.output.train, train)
    save_split(snakemake.output.test, test)
