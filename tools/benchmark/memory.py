"""Peak memory of jobs, each in a process of its own: python -m benchmark.memory <job>."""

import sys

import torch
from sparsevae.distributions.noise import torch_generator
from sparsevae.evaluation.bounds import iwae

from benchmark.process import measure
from benchmark.timing import Result, within
from benchmark.training import trainer

LIMITS = {"training": 1.2, "iwae": 1.5}  # GiB
TITLES = {
    "training": "peak memory, MNIST training",
    "iwae": "peak memory, IWAE with 1,000 samples of 10,000 images",
}


def peaks() -> list[Result]:
    return [within(TITLES[job], peak(job), limit, "GiB") for job, limit in LIMITS.items()]


def peak(job: str) -> float:
    """GiB that a job had resident at most."""
    return measure([sys.executable, "-m", "benchmark.memory", job])[1]


def training() -> None:
    """An epoch of as many images as MNIST has."""
    made = trainer(60_000, family="vsc", latent_dim=200, training={"epochs": 1})
    made.train_epoch(0)


@torch.no_grad()
def large_iwae() -> None:
    made = trainer(10_000, family="vsc", latent_dim=64, training={"epochs": 1})
    model = made.model.eval()
    noise = torch_generator(1, "iwae")
    for batch in made.train.split(500):
        iwae(model, batch, model.encode(batch), 1000, noise)


if __name__ == "__main__":
    torch.set_num_threads(1)
    {"training": training, "iwae": large_iwae}[sys.argv[1]]()
