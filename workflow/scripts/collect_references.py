"""Gathers what tracked reference studies say where the study did not run something."""

from pathlib import Path

from sparsevae.comparison.references import collect
from sparsevae.jobs.job import job
from sparsevae.jobs.tables import read_table, write_table

with job(snakemake):
    ours = {name: read_table(snakemake.input[name]) for name in ("claims", "scorecard")}
    references: dict = {}
    for file in map(Path, snakemake.input.references):
        of_study = references.setdefault(file.parents[1].name, {})
        of_study[file.stem] = read_table(file)
    write_table(snakemake.output.references, collect(ours, references))
