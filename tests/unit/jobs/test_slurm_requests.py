"""What is asked of SLURM before a study starts; tests/slow/test_slurm.py has a real one."""

from types import SimpleNamespace

import pytest
from sparsevae.jobs import slurm
from sparsevae.jobs.errors import ConfigError


class Resources(dict):
    """Snakemake's resources: entries that are attributes too."""

    __getattr__ = dict.__getitem__


def job(threads: int = 1, **resources: object) -> SimpleNamespace:
    return SimpleNamespace(resources=Resources(resources), threads=threads)


SETTINGS = SimpleNamespace(requeue=False, no_requeue=False, qos=None, reservation=None)


@pytest.fixture
def sbatch(tmp_path, monkeypatch):
    """Put a stand-in for sbatch on the search path, which says what it is told to."""

    def says(text: str, code: int) -> None:
        script = tmp_path / "sbatch"
        script.write_text(
            f'#!/bin/sh\necho "$@" > {tmp_path}/call\nprintf "{text}" >&2\nexit {code}'
        )
        script.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return says


def test_the_call_is_that_of_the_plugin():
    asked = job(slurm_partition="gpu", runtime=90, mem_mb=1502, gpu=1)
    command = slurm.submit_command(asked, SETTINGS)
    assert slurm.asked_for(command) == "-p gpu -t 90 --mem 1502 --cpus-per-task=1 --gpus=1"


def test_nothing_that_was_not_asked_for_is_in_the_call():
    command = slurm.submit_command(job(slurm_partition="main", gpu=0), SETTINGS)
    assert slurm.asked_for(command) == "-p main --cpus-per-task=1"


def test_a_refusal_is_one_line_of_what_slurm_says(sbatch, tmp_path):
    sbatch("sbatch: error: invalid partition: x\\nallocation failure: Invalid partition\\n", 1)
    assert slurm.refusal("sbatch -p x") == "invalid partition: x; Invalid partition"
    assert (tmp_path / "call").read_text() == "-p x --test-only --wrap true\n"


def test_a_refusal_without_a_word_is_one_too(sbatch):
    sbatch("", 3)
    assert slurm.refusal("sbatch -p x") == "sbatch ended with 3"


def test_what_slurm_would_take_is_no_refusal(sbatch):
    sbatch("sbatch: Job 7 to start at 2026-11-26T05:16:55\\n", 0)
    assert slurm.refusal("sbatch -p x") is None


ENOUGH = {"minutes": 10, "at_once": 40, "in_a_timespan": 40, "wait": 600}


@pytest.mark.parametrize(
    ("short", "names"),
    [
        ({"at_once": 39}, "jobs: 39"),
        ({"in_a_timespan": 39}, "max-jobs-per-timespan: 39"),
        ({"wait": 599}, "latency-wait: 599"),
    ],
)
def test_an_array_that_a_limit_would_split_or_fail_is_refused(short, names):
    slurm.check_arrays(40, **ENOUGH)
    slurm.check_arrays(40, **ENOUGH | {"at_once": None, "in_a_timespan": None})
    with pytest.raises(ConfigError, match=names) as raised:
        slurm.check_arrays(40, **ENOUGH | short)
    assert "\n" not in str(raised.value)
