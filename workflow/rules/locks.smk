# Snakemake's error on a lock ends with the advice to remove it, which is wrong while another runs.
import atexit

REACHED_JOBS = []


def advise_on_a_lock():
    """Says what to do if Snakemake ended at a lock: before `onstart`, and it is still there."""
    locked = any((Path(".snakemake") / "locks").glob("*"))
    if locked and not REACHED_JOBS and not workflow.dryrun:
        print(
            "This folder is locked. If another snakemake runs in it: wait until that has ended (of two "
            "new studies, fetch the data first: docs/clusters.md). Only if none runs, on any machine: "
            "snakemake --unlock",
            file=sys.stderr,
        )


if workflow.is_main_process:
    atexit.register(advise_on_a_lock)
