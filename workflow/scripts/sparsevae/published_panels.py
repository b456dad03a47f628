"""Which panels of the paper's figures, as files in resources/published, stand beside a run's.

Imports nothing but the standard library: the Snakefile asks when it is parsed.
"""

from pathlib import Path

# The baselines of figures 3 and 9, by the family that a run of ours has.
_MODELS = {"vae": "beta_vae", "tcvae": "beta_tcvae", "vsc": "vsc"}

# Labels of our datasets in the order of figure 5's rows, from top to bottom.
FIGURE_5_LABELS = {
    "fashion_mnist": (0, 2, 6, 4, 3, 5, 7, 9, 1, 8),
    "uci_har": (0, 1, 2, 3, 4, 5),
}


def correlations_file(folder: Path, dataset: str, family: str, latent_dim: int) -> Path | None:
    """The matrix of UAI figure 3 or, else, 9: of Smiley, for a model and a number of latents."""
    if dataset != "smiley" or family not in _MODELS:
        return None
    found = sorted(folder.glob(f"uai_figure[39]*_{_MODELS[family]}_{latent_dim}.csv"))
    return found[0] if found else None


def class_spikes_file(folder: Path, dataset: str) -> Path | None:
    """The matrix of UAI figure 5: classes, in the order of FIGURE_5_LABELS, by 60 latents."""
    path = folder / f"uai_figure5_{dataset}.csv"
    return path if dataset in FIGURE_5_LABELS and path.exists() else None
