"""One run from nothing to its files: trained, measured on the test set, decoded to pictures."""

from pathlib import Path

from sparsevae.data.split import load_split
from sparsevae.evaluation import evaluate, factors, probes
from sparsevae.evaluation.encoded import encode_split
from sparsevae.jobs import devices, storage
from sparsevae.jobs.job import job
from sparsevae.pictures.render import render
from sparsevae.study.settings import from_mapping, to_mapping
from sparsevae.training import run as runs
from sparsevae.training.trainer import HISTORY_COLUMNS

with job(snakemake) as report:
    params, output = snakemake.params, snakemake.output
    config = from_mapping(params.run)
    device = devices.prepare(params.device, snakemake.threads)
    train, test = load_split(snakemake.input.train), load_split(snakemake.input.test)
    folder, code = Path(output.weights).parent, params.training_code
    checkpoint = runs.checkpoint_file(folder, config, code, train)
    history = runs.train_model(config.for_training(), train, device, checkpoint, report)
    storage.link(checkpoint.path, output.weights)
    storage.write_json(output.config, to_mapping(config))
    storage.write_csv(output.history, history, HISTORY_COLUMNS)

    scale, settings, seed = config.likelihood.inputs, config.evaluation, config.seed
    model = runs.load_model(config, output.weights, test.inputs.shape[1:], device)
    encoded = encode_split(model, test, scale, settings.batch_size)
    measured = encoded.first(settings.max_images)
    metrics = runs.names_of(config) | evaluate.evaluate(model, measured, settings, seed)
    of_probes, probe_rows = probes.probe(model, train, measured, scale, settings, seed)
    of_factors, correlations = factors.relate(measured, seed)
    activations = evaluate.class_activations(measured)
    storage.write_csv(output.class_activations, activations, evaluate.ACTIVATION_COLUMNS)
    storage.write_csv(output.probes, probe_rows, probes.PROBE_COLUMNS)
    storage.write_csv(output.factor_correlations, correlations, factors.CORRELATION_COLUMNS)
    storage.write_arrays(output.pictures, render(model, encoded, seed) if params.pictures else {})
    storage.write_json(output.metrics, metrics | of_probes | of_factors)
