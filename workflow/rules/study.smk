# The study: its config files, what they hold, and the files that were asked for, checked.
from sparsevae.jobs.errors import UserError
from sparsevae.study.config_files import check_files

# Of a study of the user's (--configfile) nothing is left to the quick one; --config alone changes that.
CONFIG_FILES = workflow.overwrite_configfiles or [ROOT / "config/config.yaml"]
# A module may be given its config, all of the other workflow's or a part; with a part, the files hold
# more than a study.
GIVEN = workflow.modifier.skip_configfile
if GIVEN:
    whole = config is workflow.modifier_stack[0].globals["config"]
    CONFIG_FILES = [*workflow.configfiles, *workflow.overwrite_configfiles] if whole else []


def stop(error):
    """Ends the workflow before any job, with one line."""
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    sys.exit(1)


try:
    check_files(CONFIG_FILES)
except UserError as error:
    stop(error)

if not GIVEN and not workflow.overwrite_configfiles:

    configfile: CONFIG_FILES[0]


# The config of a module that is given none starts empty.
if not GIVEN and not config:
    config.update(workflow.config_settings.overwrite_config)


try:
    from sparsevae.study.study import Study

    STUDY = Study(config)
    # Snakemake's own list of targets is empty until all rules are read.
    STUDY.check_targets(sys.argv[1:])
    STUDY.check_starts()
except UserError as error:
    stop(error)
