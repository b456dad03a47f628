"""Several seeds of one configuration, trained at once; each is left in its run's checkpoint."""

from pathlib import Path

from sparsevae import devices, run_config, runs, storage
from sparsevae.data.dataset import load_split
from sparsevae.job import job

with job(snakemake) as report:
    params, output = snakemake.params, Path(snakemake.output[0])
    configs = [run_config.from_mapping(run).for_training() for run in params.runs]
    device = devices.prepare(params.device, snakemake.threads)
    train = load_split(snakemake.input.train)
    folders = [output.parent / f"seed-{config.seed}" for config in configs]
    files = [
        runs.checkpoint_file(folder, config, params.training_code, train)
        for folder, config in zip(folders, configs, strict=True)
    ]
    runs.train_seeds(configs, train, device, files, report)
    storage.write_json(output, {"seeds": [config.seed for config in configs]})
