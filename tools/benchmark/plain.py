"""The procedures of others, written plainly: a DataLoader over single images, autograd, Adam.

The course project's trainer (convolutional body, batches of 256, AE, VAE, VSC and a warm-up that
runs the whole model once for each of its five samples) and the reproduction's (one hidden layer of
400 units, 200 latents, batches of 32). Written for the benchmark from what they do, not copied.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

FILES = {
    "train-images-idx3-ubyte": lambda n: (0x803, n, 28, 28),
    "train-labels-idx1-ubyte": lambda n: (0x801, n),
    "t10k-images-idx3-ubyte": lambda n: (0x803, n, 28, 28),
    "t10k-labels-idx1-ubyte": lambda n: (0x801, n),
}


class ConvModel(nn.Module):
    """The course project's body: 16, 32 and 64 channels, kernels of 7 on maps of 7; 2 latents."""

    def __init__(self, heads: int, latents: int = 2):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 16, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 7),
            nn.ReLU(),
            nn.Flatten(),
        )
        self.heads = nn.ModuleList(nn.Linear(64, latents) for _ in range(heads))
        self.expand = nn.Linear(latents, 64)
        self.decoder = nn.Sequential(
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 7),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(16, 1, 3, stride=2, padding=1, output_padding=1),
            nn.Sigmoid(),
        )

    def encode(self, images: Tensor) -> list[Tensor]:
        features = self.encoder(images)
        return [head(features) for head in self.heads]

    def decode(self, latents: Tensor) -> Tensor:
        return self.decoder(self.expand(latents)[:, :, None, None])


class MlpModel(nn.Module):
    """The reproduction's body: 784-400-200-400-784."""

    def __init__(self, heads: int, latents: int = 200):
        super().__init__()
        self.hidden = nn.Linear(784, 400)
        self.heads = nn.ModuleList(nn.Linear(400, latents) for _ in range(heads))
        self.decoder = nn.Sequential(
            nn.Linear(latents, 400), nn.ReLU(), nn.Linear(400, 784), nn.Sigmoid()
        )

    def encode(self, images: Tensor) -> list[Tensor]:
        features = self.hidden(images.view(-1, 784)).relu()
        return [head(features) for head in self.heads]

    def decode(self, latents: Tensor) -> Tensor:
        return self.decoder(latents)


def ae_loss(model: nn.Module, images: Tensor) -> Tensor:
    (latents,) = model.encode(images)
    return _cross_entropy(model.decode(latents), images)


def vae_loss(model: nn.Module, images: Tensor) -> Tensor:
    mean, log_var = model.encode(images)
    latents = mean + torch.randn_like(mean) * torch.exp(0.5 * log_var)
    kl = -0.5 * torch.sum(1 + log_var - mean.pow(2) - log_var.exp())
    return _cross_entropy(model.decode(latents), images) + kl


def vsc_loss(model: nn.Module, images: Tensor, alpha: float = 0.2, c: float = 50.0) -> Tensor:
    mean, log_var, log_spike = model.encode(images)
    spike = torch.exp(-F.relu(-log_spike)).clamp(1e-6, 1 - 1e-6)
    noise, uniform = torch.randn_like(mean), torch.rand_like(mean)
    slab = mean + noise * torch.exp(0.5 * log_var)
    latents = torch.sigmoid(c * (uniform - 1 + spike)) * slab
    of_slab = -0.5 * torch.sum(spike * (1 + log_var - mean.pow(2) - log_var.exp()))
    of_spike = torch.sum(
        spike * torch.log(spike / alpha) + (1 - spike) * torch.log((1 - spike) / (1 - alpha))
    )
    return _cross_entropy(model.decode(latents), images) + of_slab + of_spike


def vsc_warmup_loss(model: nn.Module, images: Tensor, samples: int = 5) -> Tensor:
    return torch.stack([vsc_loss(model, images) for _ in range(samples)]).mean()


def _cross_entropy(decoded: Tensor, images: Tensor) -> Tensor:
    return F.binary_cross_entropy(decoded, images.view_as(decoded), reduction="sum")


def epoch(
    model: nn.Module, loss: Callable[[nn.Module, Tensor], Tensor], loader: DataLoader
) -> float:
    """One epoch with Adam; returns its mean loss."""
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    total = 0.0
    for images, _ in loader:
        optimiser.zero_grad()
        value = loss(model, images)
        value.backward()
        optimiser.step()
        total += value.item()
    return total / len(loader.dataset)


def mnist_like(folder: Path, images: np.ndarray, batch: int) -> DataLoader:
    """torchvision's MNIST with ToTensor, over files of these images, in a shuffling DataLoader."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for name, header in FILES.items():
        n = len(images) if name.startswith("train") else 1
        content = images[:n] if "images" in name else np.zeros(n, np.uint8)
        (raw / name).write_bytes(np.array(header(n), dtype=">i4").tobytes() + content.tobytes())
    dataset = datasets.MNIST(str(folder), train=True, transform=transforms.ToTensor())
    return DataLoader(dataset, batch_size=batch, shuffle=True)
