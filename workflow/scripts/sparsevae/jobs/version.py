"""The version of the workflow and its package, stated here only (`pyproject.toml` reads it).

It is no part of `sparsevae/__init__.py`, which every job's digest of code includes: a release would
then train all runs again.
"""

VERSION = "1.0.0"
