"""A disk that is full, and one that is read-only: one line, and nothing is lost.

Each is a small disk in memory, mounted at the results folder, which only root can do.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import SMOKE, Checkout, results_of


class Disk:
    """A file system in memory; `space` as mount writes it, such as 200k."""

    def __init__(self, folder: Path, space: str):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._mount("-t", "tmpfs", "-o", f"size={space}", "tmpfs")

    def remount(self, options: str) -> None:
        self._mount("-o", f"remount,{options}")

    def unmount(self) -> None:
        subprocess.run(["umount", "--lazy", self.folder], check=True)

    def _mount(self, *arguments: str) -> None:
        subprocess.run(["mount", *arguments, self.folder], check=True, capture_output=True)


@pytest.fixture
def small(new_checkout) -> Iterator[tuple[Checkout, Disk]]:
    """A checkout whose results are on a disk that does not hold all of them."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    checkout = new_checkout()
    try:
        disk = Disk(checkout.root / "results", "700k")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no disk in memory can be mounted here: {error.stderr.decode().strip()}")
    yield checkout, disk
    disk.unmount()


def test_a_full_disk_is_one_line_per_job_and_a_plain_call_goes_on(small, smoke):
    checkout, disk = small
    result = checkout.snakemake(*SMOKE)
    assert result.returncode != 0
    said = result.stdout + result.stderr
    assert "No space left on device; nothing is lost" in said
    whole = results_of(smoke.root / "results/smoke")
    for name, content in results_of(checkout.root / "results/smoke").items():
        assert "checkpoint" in name or content == whole[name], name

    disk.remount("size=100m")
    assert checkout.snakemake(*SMOKE).returncode == 0
    assert results_of(checkout.root / "results/smoke") == whole


def test_a_read_only_results_folder_is_one_line(small, smoke):
    checkout, disk = small
    run = "runs/digits/vsc/latent-2/seed-1"
    arguments = (*SMOKE, "--", f"results/smoke/{run}/metrics.json")
    disk.remount("size=100m,ro")
    result = checkout.snakemake(*arguments)
    assert result.returncode != 0
    said = result.stdout + result.stderr
    assert "Read-only file system" in said
    assert "Traceback" not in said

    disk.remount("rw")
    assert checkout.snakemake(*arguments).returncode == 0
    expected = results_of(smoke.root / "results/smoke")
    found = results_of(checkout.root / "results/smoke")
    assert len(found) > 5
    assert found == {name: expected[name] for name in found}
