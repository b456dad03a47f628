"""Trains one run: weights, history and the settings that it had."""

from pathlib import Path

from sparsevae import devices, run_config, runs, storage
from sparsevae.checkpoints import CheckpointFile
from sparsevae.data.dataset import load_split
from sparsevae.job import job
from sparsevae.training import HISTORY_COLUMNS

with job(snakemake) as report:
    config = run_config.from_mapping(snakemake.params.run)
    device = devices.prepare(snakemake.params.device, snakemake.threads)
    weights = Path(snakemake.output.weights)
    checkpoint = CheckpointFile(
        weights.with_name("checkpoint.safetensors"),
        runs.fingerprint(config, snakemake.input.data, *snakemake.input.code),
    )
    split = load_split(snakemake.input.data)
    model, history = runs.train_model(config, split, device, checkpoint, report)
    settings = run_config.to_mapping(config)
    storage.write_json(snakemake.output.config, settings)
    storage.write_csv(snakemake.output.history, history, HISTORY_COLUMNS)
    runs.save_weights(weights, model)
    checkpoint.remove()
