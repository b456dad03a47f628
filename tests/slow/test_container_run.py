"""The Dockerfile's image, built and run: what a study makes in it is what it makes outside.

`make test-container`. A test of each property that needs no image is in
tests/workflow/test_container.py.
"""

import io
import json
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import PARTS, REPOSITORY, SMOKE, results_of
from image import Failed, Images, add_index, add_wheels, why_not

USER = 12345  # has no entry in the image's /etc/passwd
MISSING = why_not(Path(tempfile.gettempdir()))
pytestmark = pytest.mark.skipif(MISSING is not None, reason=f"no image is built: {MISSING}")


# What Snakemake asks apptainer for, asked of buildah. The job sees the working folder, as with
# apptainer, and no package of outside, though Snakemake would have its own bound.
APPTAINER = """\
#!{python}
import os, sys
words = sys.argv[1:]
if words == ["--version"]:
    sys.exit(print("apptainer version 1.3.0"))
here, command = words[words.index("--home") + 1], words[words.index({image!r}) + 1 :]
options = ["--isolation", "chroot", "--volume", f"{{here}}:{{here}}", "--workingdir", here]
words = [*{buildah!r}, "run", *options, {container!r}, "--", *command]
os.execvp(words[0], words)
"""


@pytest.fixture(scope="module")
def images() -> Iterator[Images]:
    """Where images are built upon Debian; nothing of it is left."""
    with tempfile.TemporaryDirectory(prefix="sparsevae-image-") as name:
        folder = Path(name)
        store = Images(folder)
        store.add_base()
        add_wheels(store.packages / "wheels")
        yield store


@pytest.fixture(scope="module")
def container(images) -> str:
    images.build("sparsevae")
    return images.container("sparsevae")


@pytest.fixture(scope="module")
def study(images, container) -> Path:
    """The folder of a user without a name, in which the smoke study ran in the image."""
    folder = images.folder / "study"
    folder.mkdir()
    os.chown(folder, USER, USER)
    config = "/opt/sparsevae/config/smoke.yaml"
    command = [*images.entry("sparsevae"), "--cores", "2", "--configfile", config]
    images.run_in(container, folder, USER, *command)
    return folder


def test_results_are_those_of_outside(study, smoke):
    """All bytes are, but the heads of archives, which Python 3.11.4 began to write otherwise."""
    inside, outside = (unpacked(root / "results/smoke") for root in (study, smoke.root))
    assert inside.keys() == outside.keys()
    assert [name for name in inside if inside[name] != outside[name]] == []


def unpacked(folder: Path) -> dict[str, bytes]:
    """Every result by its path, archives of arrays by what is in them."""
    found = {}
    for name, content in results_of(folder).items():
        if name.endswith(".npz"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                found |= {f"{name}/{member}": archive.read(member) for member in archive.namelist()}
        else:
            found[name] = content
    return found


def test_all_that_is_made_belongs_to_the_user(study):
    assert {path.lstat().st_uid for path in study.rglob("*")} == {USER}


def test_the_repository_in_the_image_is_read_only_and_as_it_was(images, container, study):
    with pytest.raises(Failed, match="Permission denied"):
        images.run_in(container, study, USER, "touch", "/opt/sparsevae/Snakefile")
    copy = study / "copy"
    images.run_in(container, study, 0, "cp", "-r", "/opt/sparsevae", "/study/copy")
    inside, outside = (contents(root) for root in (copy, REPOSITORY))
    shutil.rmtree(copy)
    assert inside == outside


def test_each_job_runs_in_the_image(images, container, new_checkout, smoke, tmp_path):
    """`--sdm apptainer`, with a script in the place of apptainer and the image for real."""
    checkout = new_checkout()
    image = checkout.root / "sparsevae.sif"
    image.touch()
    buildah = [str(word) for word in images.buildah]
    program = tmp_path / "apptainer"
    program.write_text(
        APPTAINER.format(
            python=sys.executable, image=str(image), buildah=buildah, container=container
        )
    )
    program.chmod(0o755)
    run = "results/smoke/runs/digits/vsc/latent-2/seed-1"
    arguments = ["--sdm", "apptainer", *SMOKE, "--config", f"container={image}"]
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = checkout.snakemake(*arguments, "--", f"{run}/metrics.json", cores=1, PATH=path)
    assert done.returncode == 0, done.stdout + done.stderr
    inside, outside = (unpacked(root.root / "results/smoke") for root in (checkout, smoke))
    assert inside == {name: outside[name] for name in inside}
    assert f"{Path(run).relative_to('results/smoke')}/metrics.json" in inside


def test_pytorch_of_another_index_brings_no_cuda_libraries(images, pins):
    """Stand-ins have the names and versions of the wheels in PyTorch's index without CUDA."""
    pinned = {"torch": pins["pytorch"], "torchvision": pins["torchvision"]}
    versions = {name: f"{pin.partition('==')[2]}+cpu" for name, pin in pinned.items()}
    index = add_index(images.packages / "index", versions)
    images.build("small", TORCH_INDEX=index)
    folder = images.folder / "nothing"
    folder.mkdir()
    command = ("python3", "-m", "pip", "list", "--format", "json")
    listed = json.loads(images.run_in(images.container("small"), folder, USER, *command))
    installed = {package["name"]: package["version"] for package in listed}
    assert versions.items() <= installed.items()
    assert {"snakemake", "numpy"} <= installed.keys()
    cuda = ("nvidia", "cuda", "triton")
    assert [name for name in installed if name.startswith(cuda)] == []


def contents(root: Path) -> dict[str, bytes]:
    """Path -> bytes of the parts of the repository that the image has."""
    files = [file for part in PARTS for file in (root / part, *(root / part).rglob("*"))]
    files = [file for file in files if file.is_file() and "__pycache__" not in file.parts]
    return {str(file.relative_to(root)): file.read_bytes() for file in files}
