"""The container image, as far as it can be checked without an engine.

Stand-ins: the image's folder is made by hand from the Dockerfile's COPY lines, and `apptainer` is a
script that writes down what it is asked for and runs the command outside of any container.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import REPOSITORY, SMOKE, Checkout, job_counts
from other_user import ONLY_ROOT, as_user, open_folder

DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
UNKNOWN = 54321  # a user without an entry in /etc/passwd
STAND_IN = """\
#!/bin/sh
if [ "$1" = --version ]; then echo "apptainer version 1.3.0"; exit; fi
echo "$@" >> {log}
while [ "$1" != {image} ]; do shift; done
shift
exec "$@"
"""


@pytest.fixture
def image(tmp_path) -> Path:
    """What is at /opt/sparsevae in the image."""
    root = tmp_path / "image"
    for source, target in re.findall(r"^COPY (\S+) /opt/sparsevae(\S*)$", DOCKERFILE, re.MULTILINE):
        here, there = REPOSITORY / source, root / target.strip("/")
        if here.is_dir():
            shutil.copytree(here, there)
        else:
            there.mkdir(parents=True, exist_ok=True)
            shutil.copy2(here, there)
    return root


def test_the_image_holds_what_a_study_needs(image, tmp_path):
    [entry] = re.findall(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.MULTILINE)
    command = [word.replace("/opt/sparsevae", str(image)) for word in json.loads(entry)]
    command[0] = sys.executable
    work = tmp_path / "study"
    work.mkdir()
    arguments = ["--cores", "1", "--dry-run", "--configfile", *SMOKE[1:]]
    arguments = [str(image / word) if word.startswith("config/") else word for word in arguments]
    done = subprocess.run(
        [*command, *arguments], cwd=work, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert job_counts(done.stdout + done.stderr)["train_and_evaluate"] == 8


@ONLY_ROOT
def test_a_user_without_a_passwd_entry_starts_the_image():
    """`docker run --user "$(id -u)"`: getpwuid knows no such user."""
    names = re.findall(r"(\w+)=(\S+)", re.findall(r"^ENV (.*)$", DOCKERFILE, re.MULTILINE)[0])
    with open_folder() as folder:
        work, cache = folder / "study", folder / "cache"
        for own in (work, cache):
            own.mkdir()
            os.chown(own, UNKNOWN, UNKNOWN)
        # The image's /tmp is anybody's; here the cache has a folder of its own.
        variables = dict(names) | {"HOME": str(cache), "XDG_CACHE_HOME": str(cache)}
        arguments = ["--snakefile", str(REPOSITORY / "Snakefile"), "--cores", "1"]
        arguments += ["resources/datasets/digits/train.npz", "--configfile"]
        arguments += [str(REPOSITORY / file) for file in SMOKE[1:]]
        done = subprocess.run(
            as_user(UNKNOWN, sys.executable, "-m", "snakemake", *arguments),
            cwd=work,
            env={"PATH": os.environ["PATH"]} | variables,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made = work / "resources/datasets/digits/train.npz"
        assert made.stat().st_uid == UNKNOWN


def test_what_is_copied_is_not_ignored():
    kept = re.findall(r"^!(.*)$", (REPOSITORY / ".dockerignore").read_text(), re.MULTILINE)
    assert set(kept) == set(re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE))


def test_every_job_runs_in_the_image_of_the_config(new_checkout, tmp_path):
    checkout: Checkout = new_checkout()
    asked, image = tmp_path / "asked", checkout.root / "sparsevae.sif"
    image.touch()
    program = tmp_path / "apptainer"
    program.write_text(STAND_IN.format(log=asked, image=image))
    program.chmod(0o755)
    metrics = "results/smoke/runs/digits/ae/latent-2/seed-1/metrics.json"
    arguments = ["--sdm", "apptainer", *SMOKE, "--config", f"container={image}", "--", metrics]
    # In the image, `python` is the one that has the packages.
    path = f"{tmp_path}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "1", *arguments],
        cwd=checkout.root,
        env=os.environ | {"PATH": path},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    calls = [shlex.split(line, posix=False) for line in asked.read_text().splitlines() if line]
    scripts = [word for call in calls for word in call if ".snakemake/scripts/" in word]
    assert [script.rpartition(".snakemake/scripts/")[2].split(".")[1] for script in scripts] == [
        "prepare_dataset",
        "train_and_evaluate",
    ]
