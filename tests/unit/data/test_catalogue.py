import subprocess
import sys
from pathlib import Path

import pytest
from sparsevae.data import catalogue
from sparsevae.data.catalogue import CATALOGUE
from sparsevae.jobs.imports import imported_files

SCRIPTS = Path(catalogue.__file__).parents[2]


def test_a_smiley_class_is_named_after_the_bits_of_its_label():
    names = CATALOGUE["smiley"].class_names
    assert names[:4] == ("none", "bowtie", "hat", "bowtie+hat")
    assert names[0b0100] == "eyes"
    assert names[0b1010] == "hat+mouth"
    assert names[0b1111] == "bowtie+hat+eyes+mouth"
    assert len(set(names)) == len(names) == 16


def test_published_class_names_are_those_of_torchvision():
    from torchvision.datasets import MNIST, FashionMNIST

    assert list(CATALOGUE["fashion_mnist"].class_names) == FashionMNIST.classes
    assert [name[0] for name in MNIST.classes] == list(CATALOGUE["mnist"].class_names)


def test_only_features_of_smartphones_are_no_images():
    assert [name for name, info in CATALOGUE.items() if not info.image] == ["uci_har"]


def test_a_dataset_is_declared_by_the_module_of_its_name():
    for name, dataset in CATALOGUE.items():
        assert (dataset.name, dataset.module) == (name, f"sparsevae.data.{name}")
        assert sys.modules[dataset.module].DATASET is dataset


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.py")), ids=lambda path: path.name)
def test_no_job_depends_on_the_code_of_all_datasets(script):
    """Else an edit of one dataset would remake the others, and train on them again."""
    assert SCRIPTS / "sparsevae/data/catalogue.py" not in imported_files(script)


def test_reading_the_catalogue_imports_nothing_large():
    code = (
        "import sys, sparsevae.data.catalogue; large = ('sklearn', 'torch', 'torchvision', 'PIL');"
        "print([name for name in (*large, 'mlxtend', 'pandas') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=SCRIPTS, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
