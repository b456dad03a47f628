"""A disk that is full, and one that is read-only: one line, and nothing is lost.

Each is a small disk in memory, mounted at the results folder, which only root can do.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import SMOKE, Checkout, results_of

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


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
    checkout = new_checkout()
    try:
        disk = Disk(checkout.root / "results", "700k")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no disk in memory can be mounted here: {error.stderr.decode().strip()}")
    yield checkout, disk
    disk.unmount()


@pytest.fixture
def whole(small, request) -> dict[str, bytes]:
    """Results of the smoke study, which runs only once there is a disk to compare them with."""
    return results_of(request.getfixturevalue("smoke").root / "results/smoke")


def test_a_full_disk_is_one_line_per_job_and_a_plain_call_goes_on(small, whole):
    """Trainings and tables: figures and pages are stored by the same functions."""
    checkout, disk = small
    arguments = (*SMOKE, "--", "results/smoke/tables/summary.csv")
    result = checkout.snakemake(*arguments)
    assert result.returncode != 0
    said = result.stdout + result.stderr
    assert "No space left on device; nothing is lost" in said
    for name, content in results_of(checkout.root / "results/smoke").items():
        assert "checkpoint" in name or content == whole[name], name

    disk.remount("size=100m")
    assert checkout.snakemake(*arguments).returncode == 0
    found = results_of(checkout.root / "results/smoke")
    assert "tables/summary.csv" in found
    assert found == {name: whole[name] for name in found}


def test_a_read_only_results_folder_is_one_line(small, whole):
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
    found = results_of(checkout.root / "results/smoke")
    assert len(found) > 5
    assert found == {name: whole[name] for name in found}
