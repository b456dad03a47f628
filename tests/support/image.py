"""The repository's Dockerfile built without a registry, and commands in the image.

debootstrap makes the base, buildah builds and runs in a chroot: both need root, none a daemon. The
packages come from a folder of wheels that the pip of the tests fills, so that the build itself
needs no network and none of this machine's settings. All of it is in one folder.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import quote

from checkout import REPOSITORY
from counts import FULL

RELEASE, PYTHON = "bookworm", (3, 11)
BASE_PACKAGES = "python3,python3-pip,python3-venv"
PROGRAMS = ("buildah", "debootstrap", "unshare")
# Wheels, the base, the image and the container, each a copy of the one before, and what is packed
# when the image is made.
GIGABYTES = 30
# `--index-url` has no effect beside `no-index`, so the index is one that does not exist.
ONLY_WHEELS = "[global]\nindex-url = file:///nowhere\nfind-links = {wheels}\n"


def why_not(folder: Path) -> str | None:
    """What is missing to build and run an image in `folder`, or None."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if not FULL:
        return "20 minutes: make test-container, make test-all"
    if missing:
        return f"no {', '.join(missing)} (apt-get install buildah debootstrap)"
    if os.geteuid() != 0:
        return "only root can build an image without an engine"
    if subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode:
        return "this machine's root may mount nothing"
    if sys.version_info[:2] != PYTHON:
        return "the wheels are for Python 3.11, that of the base"
    if shutil.disk_usage(folder).free < GIGABYTES * 1e9:
        return f"less than {GIGABYTES} GB of disk are free"
    return None


class Failed(Exception):
    """A command that did not end well, with the end of what it wrote."""


def run(*command: str | Path, folder: Path | None = None, **variables: str) -> str:
    """Output of a command. Raises Failed."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=os.environ | variables,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=3600,
    )
    if done.returncode != 0:
        raise Failed(f"{shlex.join(map(str, command))}:\n{done.stdout[-5000:]}")
    return done.stdout


def debian(root: Path) -> None:
    """A small Debian with Python in `root`, from where apt has its packages."""
    targets = ("Created-By: Packages", f"Release: {RELEASE}", "Component: main")
    mirrors = run("apt-get", "indextargets", "--format", "$(REPO_URI)", *targets).split()
    proxy = run("apt-config", "shell", "proxy", "Acquire::http::Proxy").partition("=")[2].strip()
    variables = {"http_proxy": shlex.split(proxy)[0]} if proxy else {}
    options = ("--variant=minbase", f"--include={BASE_PACKAGES}")
    run("debootstrap", *options, RELEASE, root, *mirrors[:1], **variables)


def add_wheels(folder: Path) -> None:
    """Put a wheel of each package of requirements.txt, and of what these need, into a folder."""
    requirements = ("--requirement", REPOSITORY / "requirements.txt")
    run(sys.executable, "-m", "pip", "wheel", "--no-cache-dir", *requirements, "-w", folder)


def add_index(folder: Path, versions: dict[str, str]) -> str:
    """Address of an index of packages that hold nothing but a name and a version."""
    for name, version in versions.items():
        page = folder / name / "index.html"
        page.parent.mkdir(parents=True)
        wheel = f"{name}-{version}-py3-none-any.whl"
        page.write_text(f'<a href="{quote(wheel)}">{wheel}</a>\n', encoding="utf-8")
        information = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(page.with_name(wheel), "w") as archive:
            metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            archive.writestr(f"{information}/METADATA", metadata)
            tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            archive.writestr(f"{information}/WHEEL", tags)
            archive.writestr(f"{information}/RECORD", "")
    return folder.as_uri()


class Images:
    """Images and containers in a store of their own, without a registry."""

    def __init__(self, folder: Path):
        store = ("--root", folder / "store", "--runroot", folder / "runroot")
        self.folder, self.packages = folder, folder / "packages"
        self.buildah = ("buildah", "--storage-driver", "vfs", *store)

    def add_base(self) -> None:
        """The image localhost/base."""
        root = self.folder / "debian"
        debian(root)
        container = run(*self.buildah, "from", "scratch").strip()
        run(*self.buildah, "add", "--quiet", container, root, "/")
        run(*self.buildah, "commit", "--quiet", "--rm", container, "localhost/base")
        shutil.rmtree(root)

    def build(self, name: str, **arguments: str) -> None:
        """Build the repository's Dockerfile upon the base. Raises Failed.

        The build sees the folder of packages at its own path: pip takes their wheels, or what an
        argument names.
        """
        settings = self.folder / "pip.conf"
        wheels = self.packages / "wheels"
        settings.write_text(ONLY_WHEELS.format(wheels=wheels), encoding="utf-8")
        given = {"BASE": "localhost/base"} | arguments
        options = [word for pair in given.items() for word in ("--build-arg", "=".join(pair))]
        for outside, inside in ((self.packages, self.packages), (settings, "/etc/pip.conf")):
            options += ["--volume", f"{outside}:{inside}:ro"]
        chroot = ("--isolation", "chroot", "--pull-never")
        run(*self.buildah, "bud", *chroot, *options, "--tag", name, REPOSITORY)

    def container(self, name: str) -> str:
        return run(*self.buildah, "from", "--pull-never", f"localhost/{name}").strip()

    def entry(self, name: str) -> list[str]:
        """The command that the image starts with."""
        described = json.loads(run(*self.buildah, "inspect", f"localhost/{name}"))
        return described["OCIv1"]["config"]["Entrypoint"]

    def run_in(self, container: str, study: Path, user: int, *command: str) -> str:
        """Output of a command in a container, with `study` as its working folder. Raises Failed."""
        options = ("--isolation", "chroot", "--user", str(user), "--volume", f"{study}:/study")
        return run(*self.buildah, "run", *options, container, "--", *command)
