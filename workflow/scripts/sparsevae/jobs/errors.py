"""Errors that the user can fix: one line that names the key, file or run, and says how."""

import errno

# What is wrong with a disk and not with the program: no space, no quota, no permission, read-only,
# an input/output error, a lost mount, a folder that spans two file systems.
DISK_ERRORS = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.EIO,
        errno.ESTALE,
        errno.EXDEV,
    }
)


class UserError(Exception):
    """Something that the user can fix; shown as one line, without a traceback."""


class ConfigError(UserError):
    """A config key, the value found there, and what is allowed."""


class DamagedFile(UserError):
    """A file that cannot be what its name says."""


class DataUnavailable(UserError):
    """A dataset that cannot be had; the message says what was tried and what to do."""


class StaleRun(UserError):
    """A run with other settings than the study has now, which no mean may hold."""


class Locked(UserError):
    """Another job writes what this one would."""


class TrainingDiverged(UserError):
    """A loss that is not a finite number."""


class SiteError(UserError):
    """A page of the report that names something which is not there."""


class FigureError(UserError):
    """A module of a figure whose declaration is missing or cannot be used."""
