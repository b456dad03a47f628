"""Which panels of the paper's figures, as files in resources/published, stand beside a run's.

Imports nothing but the standard library: the Snakefile asks when it is parsed.
"""

from pathlib import Path

# The baselines of figures 3 and 9, by the family that a run of ours has.
_MODELS = {"vae": "beta_vae", "tcvae": "beta_tcvae", "vsc": "vsc"}

# Figure 5, rows from top to bottom, as labels of our datasets, with the paper's names.
FIGURE_5 = {
    "fashion_mnist": {
        0: "T-shirt",
        2: "jumper",
        6: "shirt",
        4: "top",
        3: "dress",
        5: "sandal",
        7: "shoe",
        9: "boot",
        1: "trousers",
        8: "bag",
    },
    "uci_har": dict(
        enumerate(["walking", "upstairs", "downstairs", "sitting", "standing", "laying"])
    ),
}


def correlations_file(folder: Path, dataset: str, family: str, latent_dim: int) -> Path | None:
    """The matrix of UAI figure 3 or, else, 9: of Smiley, for a model and a number of latents."""
    if dataset != "smiley" or family not in _MODELS:
        return None
    found = sorted(folder.glob(f"uai_figure[39]*_{_MODELS[family]}_{latent_dim}.csv"))
    return found[0] if found else None


def class_spikes_file(folder: Path, dataset: str) -> Path | None:
    """The matrix of UAI figure 5: classes, in the order of FIGURE_5, by 60 latents."""
    path = folder / f"uai_figure5_{dataset}.csv"
    return path if dataset in FIGURE_5 and path.exists() else None
