"""The explorer of a study: a page that decodes by itself, and the models that it decodes with."""

from pathlib import Path

from sparsevae.explorer.export import export_data, study_record
from sparsevae.explorer.page import DATA, write_page
from sparsevae.jobs import devices
from sparsevae.jobs.job import job
from sparsevae.study.settings import from_mapping

with job(snakemake) as report:
    params, folder = snakemake.params, Path(snakemake.output.folder)
    runs = [from_mapping(run) for run in params.runs]
    devices.prepare("cpu", snakemake.threads)
    study = study_record(params.study, params.models, runs, params.datasets, params.left_out)
    weights = dict(zip(runs, snakemake.input.weights, strict=True))
    tests = dict(zip(params.datasets, snakemake.input.tests, strict=True))
    export_data(folder / DATA, study, weights, tests, report, params.max_mb)
    write_page(Path(snakemake.input.page[0]).parent, folder, params.study)
