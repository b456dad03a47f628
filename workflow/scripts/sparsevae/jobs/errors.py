"""The errors that a user can meet: one line that names the key, file or run, and the way out."""


class UserError(Exception):
    """Something that the user can mend; shown as one line, without a traceback."""


class ConfigError(UserError):
    """A config key, the value found there, and what is allowed."""


class DamagedFile(UserError):
    """A file that cannot be what its name says."""


class DataUnavailable(UserError):
    """A dataset that cannot be had; the message says what was tried and what to do."""


class Locked(UserError):
    """Another job writes what this one would."""


class TrainingDiverged(UserError):
    """A loss that is not a finite number."""


class SiteError(UserError):
    """A page of the report that names something which is not there."""


class FigureError(UserError):
    """A module of a figure whose declaration is missing or cannot be used."""
