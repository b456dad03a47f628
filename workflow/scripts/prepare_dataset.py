"""Writes one dataset as train.npz and test.npz: generated, read from a folder, or fetched."""

from dataclasses import replace
from pathlib import Path

from sparsevae.data.dataset import Split, save_split
from sparsevae.job import job


def splits(name: str, datasets_dir: str | None, mirrors: list[str] | None, beside: Path):
    """The train and the test set; only what this dataset needs is imported."""
    if name == "digits":
        from sparsevae.data.digits import digits

        return digits()
    if name == "smiley":
        from sparsevae.data.smiley import smiley

        return smiley()
    from sparsevae.data.idx_datasets import IDX_DATASETS, from_folder

    dataset = IDX_DATASETS[name]
    if datasets_dir:
        return from_folder(dataset, datasets_dir)
    from sparsevae.data.download import fetch

    return fetch(replace(dataset, mirrors=tuple(mirrors or dataset.mirrors)), beside)


with job(snakemake):
    parts: tuple[Split, Split] = splits(
        snakemake.wildcards.dataset,
        snakemake.params.datasets_dir,
        snakemake.params.mirrors,
        beside=Path(snakemake.output.train).parent,
    )
    for part, path in zip(parts, (snakemake.output.train, snakemake.output.test), strict=True):
        save_split(path, part)
