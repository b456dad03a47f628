"""Reads MNIST or Fashion-MNIST from a user's folder, checksums first: train.npz and test.npz."""

from pathlib import Path

from sparsevae.data.idx_datasets import IDX_DATASETS
from sparsevae.data.idx_loading import load_verified
from sparsevae.data.split import save_split
from sparsevae.jobs.job import job

with job(snakemake):
    dataset = IDX_DATASETS[snakemake.wildcards.dataset]
    train, test = load_verified(dataset, [Path(file) for file in snakemake.input.raw])
    save_split(snakemake.output.train, train)
    save_split(snakemake.output.test, test)
