"""One figure, drawn by the module of sparsevae/figures that declares it."""

from importlib import import_module

from sparsevae.figures.loading import arguments
from sparsevae.figures.style import save
from sparsevae.jobs.job import job

with job(snakemake):
    module = import_module(f"sparsevae.figures.{snakemake.params.figure}")
    files = dict(snakemake.input.items())
    given = arguments(module.FIGURE.reads, files, snakemake.params.facts)
    save(module.draw(**given), snakemake.output.png, snakemake.output.pdf)
