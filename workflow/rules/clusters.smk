# What a training asks for, on this machine and on a cluster; docs/clusters.md has the reasons.
import math

from sparsevae.jobs import slurm
from sparsevae.jobs.errors import ConfigError
from sparsevae.jobs.gpus import gpus_here
from sparsevae.study import durations

# With `auto` a GPU is taken if there is one: of this machine it is counted, of a cluster its profile
# says so. (A cluster's job is another process on another machine, whose GPUs may be others'.)
OWN_GPU = workflow.local_exec and workflow.is_main_process and gpus_here() > 0
HAS_GPU = STUDY.device == "cuda" or (STUDY.device == "auto" and OWN_GPU)
GPUS_PER_RUN = 1 if HAS_GPU else 0

# One training at a time on this machine's GPU, however many cores; `--resources gpu=4` allows four.
if workflow.local_exec and workflow.is_main_process and "gpu" not in workflow.global_resources:
    workflow.register_resource("gpu", 1)


def memory(wildcards, attempt):
    """Megabytes for a job with torch: the inputs as float32 are copied twice (scale, validation).

    Twice as much when a cluster tries again, as it may have been too little.
    """
    info = STUDY.datasets[wildcards.dataset]
    data = 4e-6 * math.prod(info.shape) * (info.train_size + info.test_size)
    libraries = 1500 + (2000 if HAS_GPU else 0)
    return (libraries + math.ceil(3 * data)) * 2 ** (attempt - 1)


def minutes(wildcards, attempt):
    """What a cluster may give a training; twice as much when it tries again."""
    dataset = STUDY.datasets[wildcards.dataset]
    return durations.minutes(STUDY.run(wildcards), dataset, HAS_GPU, attempt)


def submissions():
    """What will be submitted: trainings, or the groups that they are in."""
    jobs = [job for job in workflow.dag.needrun_jobs() if not job.is_local]
    return {workflow.dag.get_job_group(job) or job for job in jobs}


def submit_commands(jobs, attempt):
    """The different calls of sbatch for an attempt at jobs."""
    commands = set()
    for job in jobs:
        first, job.attempt = job.attempt, attempt
        commands.add(slurm.submit_command(job, workflow.executor_settings))
        job.attempt = first
    return sorted(commands)


def stop_at_refusals():
    """Ends the workflow before any job, in one line, if SLURM would refuse what it would submit.

    A refusal of the last attempt, which asks for the most, is a warning: it may not be needed.
    """
    settings = workflow.executor_settings
    if not hasattr(settings, "array_jobs"):  # another scheduler
        return
    try:
        jobs = submissions()
        if settings.array_jobs:
            timespan = workflow.scheduling_settings.max_jobs_per_timespan
            slurm.check_arrays(
                len(jobs),
                max((job.resources.get("runtime", 0) for job in jobs), default=0),
                workflow.nodes,
                timespan and timespan.max_jobs,
                workflow.execution_settings.latency_wait,
            )
        last = workflow.execution_settings.retries + 1
        for attempt in dict.fromkeys((1, last)):
            for command in submit_commands(jobs, attempt):
                if reason := slurm.refusal(command):
                    asked = slurm.asked_for(command)
                    if attempt == 1:
                        stop(ConfigError(f"SLURM refuses {asked}: {reason}"))
                    print(
                        f"A training that fails is tried {last} times, and SLURM would refuse the "
                        f"last, {asked}: {reason}",
                        file=sys.stderr,
                    )
                    break
    except UserError as error:
        stop(error)
