"""Snakemake's command line in the process of the test, for what starts no job.

A start takes a second of Python's imports, and a third of a second if they are there already. The
arguments, the profile, the Snakefile and the messages are those of the real command;
tests/workflow/test_plan.py compares the two.
"""

import contextlib
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "sparsevae"


def call_snakemake(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `snakemake ARGUMENTS` in a checkout's folder; the Snakefile imports that checkout's
    package, and the test keeps its own."""
    from snakemake import cli  # a second, which unit tests do without

    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        without_the_package(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main(list(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def without_the_package() -> Iterator[None]:
    """Take the package out of Python's modules and put it back, with the search path and hooks.

    What the package remembers of files (sparsevae.imports) is forgotten with it. Type checks of the
    tests are left out: they would instrument every module on each call.
    """
    path, finders = list(sys.path), list(sys.meta_path)
    modules = _taken_out()
    sys.meta_path[:] = [f for f in finders if not type(f).__module__.startswith("jaxtyping")]
    try:
        yield
    finally:
        _taken_out()
        sys.modules.update(modules)
        sys.path[:], sys.meta_path[:] = path, finders


def _taken_out() -> dict[str, object]:
    names = [name for name in sys.modules if name.split(".")[0] == PACKAGE]
    return {name: sys.modules.pop(name) for name in names}
