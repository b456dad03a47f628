"""Measures one run on the test set: bounds, sparsity, classes, probes and factors."""

from sparsevae import devices, run_config, runs, storage
from sparsevae.data.dataset import load_split
from sparsevae.evaluation import ACTIVATION_COLUMNS, evaluate
from sparsevae.factors import CORRELATION_COLUMNS, relate
from sparsevae.job import job
from sparsevae.probing import PROBE_COLUMNS, probe

with job(snakemake):
    config = run_config.from_mapping(snakemake.params.run)
    device = devices.prepare(snakemake.params.device, snakemake.threads)
    train, test = load_split(snakemake.input.train), load_split(snakemake.input.test)
    model = runs.load_model(config, snakemake.input.weights, test.inputs.shape[1:], device)
    metrics, activations = evaluate(model, test)
    of_probes, probes = probe(model, train, test)
    of_factors, correlations = relate(model, test)
    storage.write_json(snakemake.output.metrics, metrics | of_probes | of_factors)
    storage.write_csv(snakemake.output.class_activations, activations, ACTIVATION_COLUMNS)
    storage.write_csv(snakemake.output.probes, probes, PROBE_COLUMNS)
    storage.write_csv(snakemake.output.factor_correlations, correlations, CORRELATION_COLUMNS)
