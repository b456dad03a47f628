"""Fetches UCI HAR's archive, checksum first: train.npz and test.npz."""

from pathlib import Path

from sparsevae.data.split import save_split
from sparsevae.data.uci_har import fetch, with_mirrors
from sparsevae.jobs.job import job

with job(snakemake):
    dataset = with_mirrors(snakemake.params.mirrors)
    train, test = fetch(Path(snakemake.output.train).parent, dataset)
    save_split(snakemake.output.train, train)
    save_split(snakemake.output.test, test)
