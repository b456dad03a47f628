import math

import pytest
import torch
from sparsevae.models.networks import ConvDecoder, ConvEncoder, MlpDecoder, MlpEncoder, initialise
from sparsevae.models.registry import build
from sparsevae.study.families import FAMILIES
from sparsevae.study.settings import Network
from torch import nn

SHAPES = [(1, 8, 8), (1, 28, 28), (3, 32, 32), (1, 7, 9), (2, 1, 5)]


@pytest.mark.parametrize("shape", SHAPES)
def test_conv_decoder_gives_the_size_that_the_encoder_takes(shape, generator):
    network = Network(channels=(2, 3, 4))
    encoder, decoder = ConvEncoder(shape, network), ConvDecoder(shape, network, 5, heads=2)
    for module in (encoder, decoder):
        initialise(module, generator)
    inputs = torch.ones(6, math.prod(shape))
    assert encoder(inputs).shape == (6, encoder.features) == (6, 4)
    for output in decoder(torch.ones(6, 5)):
        assert output.shape == inputs.shape


@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 7, 9)])
def test_conv_bodies_see_and_draw_every_pixel(shape, generator):
    """Odd sizes included: no border is cut off on the way down or left blank on the way up."""
    network = Network(channels=(4, 6, 8))
    encoder, decoder = ConvEncoder(shape, network), ConvDecoder(shape, network, 5, heads=1)
    for module in (encoder, decoder):
        initialise(module, generator)
    inputs = torch.rand(20, math.prod(shape), generator=generator).requires_grad_()
    encoder(inputs).sum().backward()
    assert inputs.grad.abs().sum(0).all()
    pictures = decoder(torch.randn(50, 5, generator=generator))[0]
    assert (pictures.std(0) > 0).all()


def test_mlp_bodies_mirror_each_other():
    network = Network(hidden=(7, 4))
    encoder = MlpEncoder((1, 2, 3), network)
    decoder = MlpDecoder((1, 2, 3), network, 2, heads=2)
    widths = [layer.out_features for layer in encoder.layers if isinstance(layer, nn.Linear)]
    mirrored = [layer.out_features for layer in decoder.layers if isinstance(layer, nn.Linear)]
    assert (widths, encoder.features, mirrored) == ([7, 4], 4, [4, 7])
    assert [head.out_features for head in decoder.heads] == [6, 6]


@pytest.mark.parametrize("body", ["mlp", "conv"])
def test_decoder_takes_draws_of_any_leading_shape(body, tiny_model):
    model = tiny_model("vae", shape=(1, 4, 4), network={"body": body, "channels": [2, 2, 3]})
    latents = torch.linspace(-1, 1, 24).reshape(3, 4, 2).double()
    flat = model.decode(latents.reshape(12, 2)).logits
    torch.testing.assert_close(model.decode(latents).logits.reshape(12, 16), flat)


def test_bodies_treat_each_sample_by_itself(tiny_model):
    model = tiny_model("vae", shape=(1, 5, 4), network={"body": "conv", "channels": [2, 2, 3]})
    inputs = torch.linspace(0, 1, 60).reshape(3, 20).double()
    alone = torch.cat([model.encoder(row[None]) for row in inputs])
    torch.testing.assert_close(model.encoder(inputs), alone)


@pytest.mark.parametrize("shape", [(60, 40), (8, 6, 3, 3)])
def test_weights_are_xavier_uniform_and_biases_zero(shape, generator, assert_mean):
    module = nn.Module()
    module.weight = nn.Parameter(torch.full(shape, torch.nan))
    module.bias = nn.Parameter(torch.full(shape[:1], torch.nan))
    initialise(module, generator)
    field = math.prod(shape[2:])
    bound = math.sqrt(6 / (shape[0] * field + shape[1] * field))
    assert module.weight.abs().max().item() <= bound
    assert module.weight.abs().max().item() > 0.95 * bound
    assert_mean(module.weight.flatten(), 0.0)
    assert_mean(module.weight.flatten().square(), bound**2 / 3)
    assert not module.bias.any()


@pytest.mark.parametrize("family", FAMILIES)
def test_weights_depend_on_the_seed_and_on_nothing_else(family, tiny_config):
    def weights(seed: int) -> dict[str, torch.Tensor]:
        model = build(tiny_config(family, prior={"kind": "pseudo_inputs"}), (1, 2, 3))
        model.initialise(torch.Generator().manual_seed(seed))
        return model.state_dict()

    first, again, other = weights(1), weights(1), weights(2)
    assert all(torch.equal(first[name], again[name]) for name in first)
    matrices = [name for name in first if first[name].dim() > 1]
    assert not any(torch.equal(first[name], other[name]) for name in matrices)


@pytest.mark.parametrize("body", ["mlp", "conv"])
def test_global_generator_is_left_alone(body, tiny_config, generator):
    before = torch.get_rng_state()
    model = build(tiny_config("vsc", network={"body": body}), (1, 4, 4))
    model.initialise(generator)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("network", [{}, {"hidden": []}, {"body": "conv"}])
@pytest.mark.parametrize(("full", "gain"), [(1, 1 / 4), (3, 3 / 4), (4, 1.0), (9, 1.0)])
def test_many_latents_are_read_with_smaller_weights(network, full, gain, tiny_config):
    def decoded(full: int | None, latents: torch.Tensor) -> torch.Tensor:
        network_with = network | {"full_gain_latents": full}
        model = build(tiny_config("vae", latent_dim=4, network=network_with), (1, 4, 4))
        model.initialise(torch.Generator().manual_seed(3))
        return model.decoder(latents)[0]

    latents = torch.randn(5, 4, generator=torch.Generator().manual_seed(4))
    torch.testing.assert_close(decoded(full, latents), decoded(None, gain * latents))
    assert decoded(full, latents).abs().max() > 0


@pytest.mark.parametrize("body", ["mlp", "conv"])
def test_no_latent_vectors_decode_to_no_pictures(body, tiny_model):
    """As when the first code of a run has no element that is not zero, and none can be moved."""
    model = tiny_model("vsc", (1, 8, 8), network={"body": body})
    assert model.decode(torch.zeros(0, 9, 2).double()).mean.shape == (0, 9, 64)
