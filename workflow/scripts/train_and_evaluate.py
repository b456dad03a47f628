"""One run from nothing to its files: trained, measured on the test set, decoded to pictures."""

from pathlib import Path

from sparsevae.data.inputs import held_out
from sparsevae.data.split import load_split
from sparsevae.evaluation import evaluate, factors, image_blocks, probes
from sparsevae.evaluation.encoded import encode_split
from sparsevae.evaluation.mean_reference import elbo_of_mean
from sparsevae.jobs import devices, storage
from sparsevae.jobs.job import job
from sparsevae.pictures.render import N_SEEN, render
from sparsevae.study.settings import from_mapping, to_mapping
from sparsevae.training import run as runs
from sparsevae.training.saved import model_record
from sparsevae.training.trainer import HISTORY_COLUMNS

with job(snakemake) as report:
    params, output = snakemake.params, snakemake.output
    config = from_mapping(params.run)
    device = devices.prepare(params.device, snakemake.threads)
    train, test = load_split(snakemake.input.train), load_split(snakemake.input.test)
    folder, code = Path(output.weights).parent, params.training_code
    start = snakemake.input.get("start") or None
    checkpoint = runs.checkpoint_file(folder, config, code, train, start)
    history = runs.train_model(config.for_training(), train, device, checkpoint, report, start)
    storage.link(checkpoint.path, output.weights)
    storage.write_json(output.config, to_mapping(config))
    record = model_record(test.inputs.shape[1:], params.classes, params.scaling)
    storage.write_json(output.model, record)
    storage.write_csv(output.history, history, HISTORY_COLUMNS)

    scale, settings, seed = config.likelihood.inputs, config.evaluation, config.seed
    model = runs.load_model(config, output.weights, test.inputs.shape[1:], device)
    limit = None if settings.max_images is None else max(settings.max_images, N_SEEN)
    encoded = encode_split(model, test, scale, settings.batch_size, limit)
    measured = encoded.first(settings.max_images)
    mean = elbo_of_mean(train, measured, config.likelihood, config.training.max_images)
    measures, per_image = evaluate.evaluate(model, measured, settings, seed, mean)
    if warning := evaluate.warning_of(measures, runs.run_name(config)):
        report(warning)
    of_probes, probe_rows, correct = probes.probe(model, train, measured, scale, settings, seed)
    per_image |= correct
    of_factors, correlations = factors.relate(measured, seed)
    kept = config.training
    validation = (
        load_split(snakemake.input.validation)
        if snakemake.input.validation
        else held_out(train, kept.validation_fraction, seed, kept.max_images)
    )
    of_validation = evaluate.evaluate_validation(
        model,
        validation and encode_split(model, validation, scale, settings.batch_size, limit),
        settings,
        seed,
    )
    activations = evaluate.class_activations(measured)
    storage.write_csv(output.class_activations, activations, evaluate.ACTIVATION_COLUMNS)
    storage.write_csv(output.probes, probe_rows, probes.PROBE_COLUMNS)
    blocks = image_blocks.tabulate(per_image)
    storage.write_csv(output.image_blocks, blocks, image_blocks.COLUMNS)
    storage.write_csv(output.factor_correlations, correlations, factors.CORRELATION_COLUMNS)
    storage.write_arrays(output.pictures, render(model, encoded, seed) if params.pictures else {})
    names = runs.names_of(config)
    errors = image_blocks.standard_errors(per_image)
    storage.write_json(
        output.metrics, names | measures | of_probes | of_factors | errors | of_validation
    )
