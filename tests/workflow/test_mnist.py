"""The bounds that the models must reach on the real MNIST, within 15 epochs, with hard spikes."""

import csv

import pytest

pytestmark = [pytest.mark.mnist, pytest.mark.slow]

# -ELBO on the test set, nats per image, that 15 epochs with 16 latents must come below. Published
# after 11 epochs, spikes relaxed: 104.84 and 112.47 (De la Fuente & Aduviri).
LARGEST_LOSS = {"vae": 105.5, "vsc": 112.5}


@pytest.fixture(scope="module")
def metrics(new_checkout, mnist_folder) -> dict[str, dict[str, str]]:
    checkout = new_checkout()
    result = checkout.snakemake(
        "--configfile", "config/mnist.yaml", "--config", f"datasets_dir={mnist_folder}"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    with (checkout.root / "results/mnist/tables/metrics.csv").open() as file:
        return {row["model"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("model", LARGEST_LOSS)
def test_the_bound_on_mnist(metrics, model):
    assert -float(metrics[model]["elbo"]) <= LARGEST_LOSS[model]


def test_spikes_switch_latents_off(metrics):
    assert 0.1 < float(metrics["vsc"]["active_fraction"]) < 0.95
