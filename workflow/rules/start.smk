# What is looked at before the first job: where the checkout is, and what the machine lacks.
from sparsevae.jobs.devices import check_gpu
from sparsevae.jobs.errors import ConfigError, UserError
from sparsevae.jobs.file_system import lacks
from sparsevae.jobs.preconditions import complaint

if line := complaint(str(ROOT), sys.executable):
    stop(ConfigError(line))


onstart:
    REACHED_JOBS.append(True)
    for line in lacks(PLACE):
        print(line, file=sys.stderr)
    if workflow.local_exec:
        # Snakemake's limit of 100 jobs a second makes it plan anew, once a second, for every job that
        # has ended so far (minutes in a study of 40 trainings). Only clusters need the limit.
        workflow.scheduler.job_rate_limiter = None
        if any(job.resources.get("gpu") for job in workflow.dag.needrun_jobs()):
            try:
                check_gpu(STUDY.device)
            except UserError as error:
                stop(error)
    else:
        stop_at_refusals()
