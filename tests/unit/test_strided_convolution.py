import pytest
import torch
from sparsevae.strided_convolution import Convolution, TransposedConvolution
from torch import nn

SIZES = [(28, 28), (7, 9), (4, 5), (1, 2)]


def same_as(ours: nn.Module, theirs: nn.Module, maps: torch.Tensor) -> None:
    """Outputs and gradients of both, from the same weights; theirs has the channels first."""
    theirs.load_state_dict(ours.state_dict())
    outcomes = []
    for layer, order, back in ((ours, (0, 1, 2, 3), (0, 1, 2, 3)), (theirs, (0, 3, 1, 2), None)):
        inputs = maps.clone().requires_grad_()
        outputs = layer(inputs.permute(order)).permute(back or (0, 2, 3, 1))
        outputs.square().sum().backward()
        outcomes.append([outputs, inputs.grad, layer.weight.grad, layer.bias.grad])
    for our, their in zip(*outcomes, strict=True):
        torch.testing.assert_close(our, their)


@pytest.fixture
def filled(generator):
    def fill(layer: nn.Module) -> nn.Module:
        layer = layer.double()
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.normal_(generator=generator)
        return layer

    return fill


@pytest.mark.parametrize("size", SIZES)
def test_a_convolution_is_torchs(size, filled, generator):
    ours = filled(Convolution(3, 5))
    theirs = nn.Conv2d(3, 5, 3, stride=2, padding=1).double()
    maps = torch.randn(4, *size, 3, generator=generator, dtype=torch.float64)
    same_as(ours, theirs, maps)


@pytest.mark.parametrize("size", SIZES)
def test_a_transposed_convolution_is_torchs(size, filled, generator):
    ours = filled(TransposedConvolution(3, 5, size))
    odd = tuple(1 - n % 2 for n in size)
    theirs = nn.ConvTranspose2d(3, 5, 3, stride=2, padding=1, output_padding=odd).double()
    half = [(n + 1) // 2 for n in size]
    maps = torch.randn(4, *half, 3, generator=generator, dtype=torch.float64)
    same_as(ours, theirs, maps)
