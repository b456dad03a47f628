from pathlib import Path

import pytest
from sparsevae.comparison.published_panels import FIGURE_5, class_spikes_file, correlations_file
from sparsevae.data.catalogue import CATALOGUE

PUBLISHED = Path(__file__).parents[3] / "resources" / "published"


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("3d_vsc_60", "9_vsc_60", "9_beta_vae_18", "9_beta_tcvae_40", "5_fashion_mnist"):
        (tmp_path / f"uai_figure{name}.csv").write_text("0.5\n")
    return tmp_path


@pytest.mark.parametrize(
    ("family", "latent_dim", "name"),
    [
        ("vsc", 60, "uai_figure3d_vsc_60.csv"),  # figure 3 before its second reading in figure 9
        ("vae", 18, "uai_figure9_beta_vae_18.csv"),
        ("tcvae", 40, "uai_figure9_beta_tcvae_40.csv"),
        ("vae", 40, None),
        ("vsc", 6, None),
        ("ae", 18, None),
    ],
)
def test_matrices_are_found_by_family_and_size(folder, family, latent_dim, name):
    found = correlations_file(folder, "smiley", family, latent_dim)
    assert found == (folder / name if name else None)
    assert correlations_file(folder, "digits", family, latent_dim) is None


def test_classes_are_found_by_dataset(folder):
    assert class_spikes_file(folder, "fashion_mnist") == folder / "uai_figure5_fashion_mnist.csv"
    assert class_spikes_file(folder, "uci_har") is None
    assert class_spikes_file(folder, "mnist") is None


def test_the_tracked_panel_is_found():
    assert correlations_file(PUBLISHED, "smiley", "vsc", 60) is not None


def test_the_papers_order_of_classes_is_that_of_its_rows():
    names = [CATALOGUE["fashion_mnist"].class_names[k] for k in FIGURE_5["fashion_mnist"]]
    assert names == [
        *("T-shirt/top", "Pullover", "Shirt", "Coat", "Dress"),
        *("Sandal", "Sneaker", "Ankle boot", "Trouser", "Bag"),
    ]
