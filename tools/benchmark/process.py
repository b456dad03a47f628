"""Seconds and peak memory of a command: python process.py <command>, which prints both.

A process of its own, small: Linux counts what the parent had resident as its child's, so that a
benchmark with torch in memory cannot measure less than that.
"""

import os
import subprocess
import sys
import time


def measure(command: list[str]) -> tuple[float, float]:
    """Seconds, and GiB resident at most. Raises CalledProcessError where the command fails."""
    found = subprocess.run(
        [sys.executable, __file__, *command], stdout=subprocess.PIPE, text=True, check=True
    )
    seconds, gib = found.stdout.split()
    return float(seconds), float(gib)


def main(command: list[str]) -> int:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    print(time.perf_counter() - start, usage.ru_maxrss / 2**20)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
