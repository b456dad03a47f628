"""Small made-up results in the formats of docs/design.md, like enough to real ones to look at."""

import numpy as np
import pandas as pd

MODELS = ["ae", "vae", "vsc", "vsc-wu"]
_FINAL_LOSS = {"ae": 78.0, "vae": 105.0, "vsc": 120.0, "vsc-wu": 112.0}


def history(model: str = "vae", seed: int = 1, epochs: int = 25) -> pd.DataFrame:
    """A falling loss; vsc-wu ramps its slab from epoch 5 to 10, which makes the loss jump."""
    random = np.random.default_rng([seed, *model.encode()])
    epoch = np.arange(1, epochs + 1)
    warmup = np.clip((epoch - 5) / 5, 0, 1) if model == "vsc-wu" else np.ones(epochs)
    level = _FINAL_LOSS.get(model, 110.0)
    kl_slab = 0 * epoch if model == "ae" else 22 - 6 / epoch + random.normal(0, 0.15, epochs)
    kl_spike = 5 / epoch + 2 if model.startswith("vsc") else 0 * epoch
    loss = level + 300 / epoch**2 + 20 / epoch + 15 * warmup - 15 + random.normal(0, 0.5, epochs)
    columns = {"epoch": epoch, "step": 100 * epoch, "learning_rate": 0.001, "slab_warmup": warmup}
    columns["temperature"] = 1.0
    for part, excess in [("train_", 0.0), ("validation_", 2.0)]:
        columns[part + "loss"] = loss + excess
        columns[part + "reconstruction"] = loss + excess - kl_slab - kl_spike
        columns[part + "kl_slab"] = kl_slab + excess / 10
        columns[part + "kl_spike"] = kl_spike
        columns[part + "sparsity"] = 0.0
    if model == "ae":
        columns["train_kl_slab"] = columns["validation_kl_slab"] = 0.0
    return pd.DataFrame(columns)


def metrics(models=MODELS, sizes=(2, 8, 16, 32, 64), seeds=(1, 2, 3)) -> pd.DataFrame:
    """Runs of one dataset, the autoencoder without an ELBO."""
    random = np.random.default_rng(0)
    rows = [
        {
            "dataset": "digits",
            "model": model,
            "latent_dim": size,
            "seed": seed,
            "elbo": np.nan
            if model == "ae"
            else -_FINAL_LOSS.get(model, 115.0) - 60 / size + random.normal(0, 1.0),
        }
        for model in models
        for size in sizes
        for seed in seeds
    ]
    return pd.DataFrame(rows)


def nothing_published() -> pd.DataFrame:
    """Published values for a study that nothing was published of."""
    return pd.DataFrame(columns=["model", "latent_dim", "published"])


def accuracies(models=MODELS, sizes=(2, 8, 16, 32, 64), seeds=(1, 2, 3)) -> pd.DataFrame:
    """Runs with probe accuracies; those of models with spikes are better ungated."""
    table = metrics(models, sizes, seeds)
    random = np.random.default_rng(1)
    gain = 0.02 * table["model"].str.startswith("vsc")
    level = 0.93 - 0.8 / (table["latent_dim"] + 2) + random.normal(0, 0.004, len(table))
    return table.assign(probe_accuracy=level, probe_accuracy_ungated=level + gain)


def probes(
    models=MODELS,
    labels=(100, 300, 1000, 3000, 5000, 10_000, 60_000),
    classifiers=("linear", "two_layer"),
    seeds=(1, 2, 3),
) -> pd.DataFrame:
    """Rows of tables/probes.csv at one latent size."""
    random = np.random.default_rng(2)
    rows = [
        {
            "model": model,
            "seed": seed,
            "codes": codes,
            "classifier": classifier,
            "n_labels": n,
            "accuracy": 0.95
            - 2.5 / np.sqrt(n)
            + 0.02 * (codes == "ungated") * model.startswith("vsc")
            + 0.02 * (classifier == "two_layer") * (n > 1000)
            + random.normal(0, 0.2 / np.sqrt(n)),
        }
        for model in models
        for seed in seeds
        for codes in ("gated", "ungated")
        for classifier in classifiers
        for n in labels
    ]
    return pd.DataFrame(rows)


def activations(latents: int, classes: int, spikes: bool, seed: int = 0) -> pd.DataFrame:
    """A third of the latents used, each by one to three classes."""
    random = np.random.default_rng(seed)
    probability = np.clip(random.normal(0.01, 0.01, (classes, latents)), 0, 1)
    for latent in random.permutation(latents)[: max(1, latents // 2)]:
        users = random.permutation(classes)[: random.integers(1, 4)]
        probability[users, latent] = random.uniform(0.3, 1, len(users))
    mean = random.normal(0, 1, (classes, latents)) * (probability if spikes else 1)
    label, latent = np.indices((classes, latents)).reshape(2, -1)
    return pd.DataFrame(
        {
            "label": label,
            "latent": latent,
            "mean_latent": mean.ravel(),
            "mean_spike_prob": probability.ravel() if spikes else np.nan,
        }
    )


def blobs(number: int, channels: int = 1, side: int = 28, seed: int = 0) -> np.ndarray:
    """Pictures of a bent stroke, uint8 (number, channels, side, side)."""
    random = np.random.default_rng(seed)
    turns = random.uniform(-1.5, 1.5, number)
    tilts = random.uniform(-1.0, 1.0, number)
    return np.stack([stroke(*values, channels, side) for values in zip(turns, tilts, strict=True)])


def stroke(turn: float, tilt: float, channels: int = 1, side: int = 28) -> np.ndarray:
    """One picture, changing smoothly with both numbers."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    x, y = x * np.cos(tilt) + y * np.sin(tilt), y * np.cos(tilt) - x * np.sin(tilt)
    ink = np.exp(-(((x - turn * (y**2 - 0.3)) / 0.16) ** 2)) / (1 + np.exp(20 * (abs(y) - 0.75)))
    shades = np.array([[1.0], [0.6], [0.3]])[:channels, :, None]
    return np.round(255 * ink * shades).astype(np.uint8)


def pictures(
    model: str = "vae", channels: int = 1, side: int = 28, latents: int = 2, steps: int = 9
) -> dict[str, np.ndarray]:
    """What pictures.npz holds."""
    values = np.linspace(-2, 2, steps).astype(np.float32)
    plane = np.linspace(-2, 2, 10).astype(np.float32)
    originals = blobs(16, channels, side)
    noise = np.random.default_rng(0).normal(0, 60, originals.shape)
    noisy = np.clip(originals + noise, 0, 255).astype(np.uint8)
    active = min(latents, 8)
    arrays = {
        "originals": originals,
        "reconstructions": originals // 2 + 40,
        "noisy": noisy,
        "noisy_reconstructions": originals // 2 + 60,
        "traversals": np.stack(
            [
                [stroke(v * (k % 2), v * (1 - k % 2) + k / 9, channels, side) for v in values]
                for k in range(active)
            ]
        ),
        "traversal_latents": np.arange(latents)[::-1][:active],
        "traversal_values": values,
    }
    if model != "ae":
        arrays["prior_samples"] = blobs(40, channels, side, seed=1)
        arrays |= _codes(arrays, latents, channels, side) | _objects(channels, side)
    if latents == 2:
        arrays["latent_grid"] = np.stack(
            [[stroke(z1, z2, channels, side) for z1 in plane] for z2 in plane[::-1]]
        )
        arrays["latent_grid_values"] = plane
    return arrays


def _codes(
    arrays: dict[str, np.ndarray], latents: int, channels: int, side: int
) -> dict[str, np.ndarray]:
    """Codes in which every other latent is on, and their largest elements, of a model with some."""
    on = np.arange(latents) % 2 == 0
    codes = np.where(on, np.random.default_rng(2).normal(0, 1, (16, latents)), 0)
    largest = np.argsort(-abs(codes[0]))[: min(3, on.sum())]
    return {
        "codes": codes.astype(np.float32),
        "code_reconstructions": arrays["reconstructions"],
        "largest_codes": arrays["traversals"][[0] * len(largest)] // 2 + 20,
        "largest_code_latents": largest,
    }


def _objects(channels: int, side: int) -> dict[str, np.ndarray]:
    """Three objects with their variations, and a pair with six steps between them."""
    many = blobs(64, channels, side, seed=3)
    return {
        "conditional_objects": many[:3],
        "conditional_reconstructions": many[:3] // 2,
        "conditional_samples": many[3:30].reshape(3, 9, *many.shape[1:]),
        "conditional_active": np.array([1, 4, 2]),
        "interpolation_objects": many[30:32],
        "interpolation": many[32:44].reshape(2, 6, *many.shape[1:]),
        "interpolation_switched": many[44:48].reshape(2, 2, *many.shape[1:]),
        "interpolation_latents": np.array([3, 1, 2]),
    }


def roles(latents: int, classes: int, channels: int = 1, side: int = 28) -> dict[str, np.ndarray]:
    """What pictures.npz of a model with spikes holds besides; the last latent has one sign."""
    random = np.random.default_rng(6)
    shares = np.sort(random.uniform(0.05, 0.5, (latents, 2)), axis=0)[::-1].copy()
    shares[-1, 1] = 0
    drawn = np.stack([blobs(latents, channels, side, seed=7), blobs(latents, channels, side)], 1)
    drawn = drawn * np.array([1, -1])[:, None, None, None]
    return {
        "role_latents": random.permutation(latents),
        "role_shares": shares.astype(np.float32),
        "role_class_shares": random.uniform(0, 1, (latents, classes)).astype(np.float32),
        "role_values": np.where(shares > 0, [1.0, -1.0], np.nan).astype(np.float32),
        "role_pictures": (drawn / 300).astype(np.float16),
    }


def pseudo_inputs(number: int, channels: int = 1, side: int = 28) -> dict[str, np.ndarray]:
    """What pictures.npz of a model with pseudo-inputs holds besides."""
    weights = np.random.default_rng(4).permutation(np.arange(1, number + 1)).astype(np.float32)
    many = blobs(number, channels, side, seed=5)
    return {
        "pseudo_inputs": many,
        "pseudo_input_reconstructions": many // 2,
        "pseudo_input_selection": weights / weights.sum(),
    }
