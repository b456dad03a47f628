"""What SLURM would say to a submission, before there is one.

Snakemake's plugin shows what sbatch says when it refuses a single job, among many lines, and not
at all when it refuses a group (its issue 456); an array that limits split is never submitted (473).
So both are looked at before the first job, and end the study in one line.
"""

import logging
import re
import subprocess
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from sparsevae.jobs.errors import ConfigError


@runtime_checkable
class Submitted(Protocol):
    """A job or a group of jobs of Snakemake."""

    resources: Mapping[str, Any]
    threads: int


def submit_command(job: Submitted, settings: Any) -> str:
    """Return the call of sbatch with which the plugin submits a job, without what it runs.

    Raises ConfigError if the plugin would not submit it: an account that the user does not have.
    """
    from snakemake_executor_plugin_slurm.accounts import validate_account
    from snakemake_executor_plugin_slurm.submit_string import get_submit_command
    from snakemake_executor_plugin_slurm.utils import set_gres_string
    from snakemake_interface_common.exceptions import WorkflowError

    account, partition = (job.resources.get(f"slurm_{name}") for name in ("account", "partition"))
    names = {
        "run_uuid": "test",
        "slurm_logfile": "/dev/null",
        "comment_str": "test",
        "workdir": None,
        "account": f"-A {account}" if account else "",
        "partition": f"-p {partition}" if partition else "",
    }
    try:
        if account:
            validate_account(str(account), logging.getLogger(__name__))
        return get_submit_command(job, names, settings=settings) + set_gres_string(job)
    except WorkflowError as error:
        raise ConfigError(f"slurm_account: {account}: {_one_line(str(error))}") from None


def refusal(command: str) -> str | None:
    """Return what SLURM says if it would refuse a call of sbatch, or None; submits nothing."""
    done = subprocess.run(
        f"{command} --test-only --wrap true",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return None
    return _one_line(done.stderr) or f"sbatch ended with {done.returncode}"


def asked_for(command: str) -> str:
    """Return the part of a call that a profile or `--set-resources` decides, to be shown."""
    kept = r"-p \S+|-A \S+|-t \S+|--mem(?:-per-cpu)? \S+|--cpus-per-\w+=\S+|--gpus=\S+|--gres=\S+"
    return " ".join(re.findall(rf"(?<= )(?:{kept}|-C \S+|--qos=\S+)", command))


def check_arrays(
    jobs: int, minutes: int, at_once: int | None, in_a_timespan: int | None, wait: int
) -> None:
    """Raise ConfigError if an array of `jobs` trainings of at most `minutes` would go wrong.

    The plugin waits for all jobs that are ready, Snakemake offers as many as its limits allow, and
    what was offered once is not offered again: nothing would ever be submitted. And each task waits
    `wait` seconds for the results of the array's first task, and fails without them.
    """
    never = f"{jobs} trainings, of which some would never be submitted"
    least = {
        "jobs": (at_once, jobs, never),
        "max-jobs-per-timespan": (in_a_timespan, jobs, never),
        "latency-wait": (wait, 60 * minutes, f"the first of an array may take {minutes} minutes"),
    }
    for name, (value, enough, why) in least.items():
        if value is not None and value < enough:
            raise ConfigError(
                f"{name}: {value} is not allowed with slurm-array-jobs ({why}); "
                f"allowed: at least {enough}"
            )


def _one_line(text: str) -> str:
    """What SLURM says, without the names of its programs."""
    said = [
        re.sub(r"^(sbatch: error|allocation failure|sbatch): ", "", x) for x in text.split("\n")
    ]
    return "; ".join(dict.fromkeys(line.strip() for line in said if line.strip()))
