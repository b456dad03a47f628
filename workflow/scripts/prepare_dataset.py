"""Prepares one dataset, whichever way it is had: an .npz for each of its parts."""

from importlib import import_module
from pathlib import Path

from sparsevae.data.split import save_split
from sparsevae.jobs.job import job

with job(snakemake) as report:
    params = snakemake.params
    # By its name, so that the code that this job depends on is that of one dataset only.
    module = import_module(params.module)
    dataset = module.from_plain(*params.own) if params.own else module.DATASET
    given = [Path(file) for file in snakemake.input]
    splits = dataset.prepare(given, Path(params.kept), params.mirrors, report)
    for part, split in zip(dataset.parts, splits, strict=True):
        save_split(snakemake.output.get(part), split)
