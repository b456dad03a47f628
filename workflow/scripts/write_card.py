"""A folder with a run's model and its card, ready to upload."""

from pathlib import Path

from sparsevae.jobs import storage
from sparsevae.jobs.job import job
from sparsevae.report.card import card

with job(snakemake):
    folder = Path(snakemake.output.folder)
    metrics = storage.read_json(Path(snakemake.input.run[0]).with_name("metrics.json"))
    of_seeds = [storage.read_json(file) for file in snakemake.input.seeds]
    for file in map(Path, snakemake.input.run):
        storage.link(file, folder / file.name)
    text = card(**snakemake.params.card, metrics=metrics, of_seeds=of_seeds)
    storage.write_text(folder / "README.md", text)
