"""The importance-weighted bound against the matrix products of its decoder."""

import torch
from sparsevae.distributions.noise import torch_generator
from sparsevae.evaluation.bounds import iwae

from benchmark.timing import Result, interleaved, rate
from benchmark.training import trainer


@torch.no_grad()
def iwae_against_products(n: int = 500, draws: int = 100) -> Result:
    """Decoded draws a second: 100 draws of 500 images, of a VSC with 64 latents."""
    made = trainer(n, family="vsc", latent_dim=64, training={"epochs": 1})
    model = made.model.eval()
    noise = torch_generator(1, "iwae")
    first, last = model.decoder.layers[0].weight, model.decoder.heads[0].weight
    latents, hidden = torch.randn(n, 64), torch.randn(n, 400)

    def products() -> None:
        for _ in range(draws):
            latents @ first.T
            hidden @ last.T

    seconds = interleaved(
        {
            "ours": lambda: iwae(model, made.train, model.encode(made.train), draws, noise),
            "products": products,
        }
    )
    name = "IWAE, draws decoded, of their products"
    return rate(name, n * draws, seconds["ours"], seconds["products"], None)
