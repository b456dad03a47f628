"""Fetches MNIST or Fashion-MNIST through torchvision, checksums first: train.npz and test.npz."""

from dataclasses import replace
from pathlib import Path

from sparsevae.data.download import fetch
from sparsevae.data.idx_datasets import IDX_DATASETS
from sparsevae.data.split import save_split
from sparsevae.jobs.job import job

with job(snakemake):
    dataset = IDX_DATASETS[snakemake.wildcards.dataset]
    mirrors = tuple(snakemake.params.mirrors or dataset.mirrors)
    train, test = fetch(replace(dataset, mirrors=mirrors), Path(snakemake.output.train).parent)
    save_split(snakemake.output.train, train)
    save_split(snakemake.output.test, test)
