"""How often a suite tries what chance decides: in `make test-slow`, and in `make test-all`."""

import os

FULL = os.environ.get("SPARSEVAE_FULL_COUNTS") == "1"


def tries(full: int, some: int) -> int:
    """Return `full` under `make test-all`, else `some`."""
    return full if FULL else some
