"""How finely the weights of a decoder are rounded: as coarsely as its pictures allow.

A pixel may be off by 0.005 at most, of a white of 1. Two characters for each weight are enough for
most decoders: over the codes of 1,000 test images and 1,000 draws from the prior, the worst pixel
of MNIST's (200 latents, 400 hidden units; VAE and VSC of `config/reproduction_small.yaml`) was off
by 0.0014, of the quick study's by 0.0014. Decoders of VSC-WU with pseudo-inputs on Smiley
(`config/smiley.yaml`) were off by up to 0.0053, as their weights differ most in size; with three
characters in all layers but the largest, by 0.0031. Three everywhere: below 0.0001.

The file of such a decoder of MNIST, with the codes of 24 images, has 0.85 MB with two characters,
0.93 with three but for its largest layer, and 1.24 with three: 40 of them are 34, 37 or 50 MB. As
float16 in base64 they would be 44 MB.
"""

from collections.abc import Iterator, Sequence

from jaxtyping import Float
from torch import Tensor

from sparsevae.explorer.layer_records import FINEST, Record, from_records, to_record
from sparsevae.explorer.layers import Layers, Linear, Upsample, decode

LARGEST_ERROR = 0.0035  # measured on some codes; what is promised for all is 0.005
COARSEST = 2


def round_layers(
    layers: Layers, latents: Float[Tensor, "batch latent"], peak: float
) -> tuple[list[Record], float]:
    """The coarsest rounding that is good enough, and its largest error over pictures of `latents`.

    In units of `peak`, the value that is shown white.
    """
    exact = decode(layers, latents)
    for characters in _roundings(layers):
        pairs = zip(layers, characters, strict=True)
        records = [to_record(layer, number) for layer, number in pairs]
        error = (decode(from_records(records), latents) - exact).abs().max().item() / peak
        if error <= LARGEST_ERROR:
            break
    return records, error


def _roundings(layers: Layers) -> Iterator[Sequence[int]]:
    """Characters of each layer's weights, the fewest first."""
    sizes = [
        layer.weight.numel() if isinstance(layer, Linear | Upsample) else 0 for layer in layers
    ]
    largest = max(sizes)
    yield [COARSEST for _ in sizes]
    yield [COARSEST if size == largest else FINEST for size in sizes]
    yield [FINEST for _ in sizes]
