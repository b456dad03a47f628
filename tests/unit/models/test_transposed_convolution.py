import pytest
import torch
from sparsevae.models.transposed_convolution import TransposedConvolution
from torch import nn


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(28, 28), (7, 9), (4, 5), (1, 2)])
def test_outputs_and_gradients_are_torchs(size, channels, generator):
    odd = tuple(1 - n % 2 for n in size)
    theirs = nn.ConvTranspose2d(5, channels, 3, stride=2, padding=1, output_padding=odd).double()
    ours = TransposedConvolution(5, channels, size).double()
    ours.load_state_dict(theirs.state_dict())
    half = [(n + 1) // 2 for n in size]
    maps = torch.randn(4, 5, *half, generator=generator, dtype=torch.float64)
    outcomes = []
    for layer in (ours, theirs):
        inputs = maps.clone().requires_grad_()
        outputs = layer(inputs)
        outputs.square().sum().backward()
        outcomes.append([outputs, inputs.grad, layer.weight.grad, layer.bias.grad])
    for our, their in zip(*outcomes, strict=True):
        torch.testing.assert_close(our, their)
