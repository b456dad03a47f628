"""A folder on a file system that refuses what Lustre, NFS, CIFS and FUSE do.

Python itself imports this, if PYTHONPATH has its folder: for snakemake and for all of its jobs.
SPARSEVAE_POOR names the folder. Refused are locks, chmod, links, fsync and times of files.
"""

import errno
import fcntl
import os
from pathlib import Path

POOR = os.environ.get("SPARSEVAE_POOR")


def within(place):
    path = Path(f"/proc/self/fd/{place}").readlink() if isinstance(place, int) else Path(place)
    return path.absolute().is_relative_to(POOR)


def refusing(call, number, argument=0):
    """`call`, but for what is in the folder."""

    def refused(*arguments, **named):
        if within(arguments[argument]):
            raise OSError(number, os.strerror(number))
        return call(*arguments, **named)

    return refused


if POOR:
    fcntl.flock = refusing(fcntl.flock, errno.ENOSYS)
    os.chmod = refusing(os.chmod, errno.EPERM)
    os.fchmod = refusing(os.fchmod, errno.EPERM)
    os.link = refusing(os.link, errno.EPERM, 1)
    os.symlink = refusing(os.symlink, errno.EPERM, 1)
    os.fsync = refusing(os.fsync, errno.EINVAL)
