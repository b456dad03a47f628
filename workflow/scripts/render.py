"""Decodes the pictures of one run that figures show."""

from sparsevae import devices, run_config, runs, storage
from sparsevae.data.dataset import load_split
from sparsevae.job import job
from sparsevae.latents.render import render

with job(snakemake):
    config = run_config.from_mapping(snakemake.params.run)
    device = devices.prepare(snakemake.params.device, snakemake.threads)
    test = load_split(snakemake.input.test)
    model = runs.load_model(config, snakemake.input.weights, test.inputs.shape[1:], device)
    storage.write_arrays(snakemake.output.pictures, render(model, test))
