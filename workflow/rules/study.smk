# The study: its config files, what they hold, and the files that were asked for, checked.
from sparsevae.jobs.errors import UserError
from sparsevae.study.config_files import check_files

ROOT = Path(workflow.basedir)
# Of a study of the user's (--configfile) nothing is left to the quick one; --config alone changes that.
CONFIG_FILES = workflow.overwrite_configfiles or [ROOT / "config/config.yaml"]


def stop(error):
    """Ends the workflow before any job, with one line."""
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    sys.exit(1)


try:
    check_files(CONFIG_FILES)
except UserError as error:
    stop(error)

if not workflow.overwrite_configfiles:

    configfile: CONFIG_FILES[0]


try:
    from sparsevae.study.study import Study

    STUDY = Study(config)
    # Snakemake's own list of targets is empty until all rules are read.
    STUDY.check_targets(sys.argv[1:])
    STUDY.check_starts()
except UserError as error:
    stop(error)
