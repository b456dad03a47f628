import torch
from sparsevae.training.adam import Adam
from torch import nn


def network() -> nn.Sequential:
    """Two layers in float64 with fixed weights."""
    layers = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)).double()
    weights = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in layers.parameters():
            parameter.normal_(generator=weights)
    return layers


def loss(layers: nn.Module, step: int) -> torch.Tensor:
    inputs = torch.linspace(-1, 1, 20, dtype=torch.float64).reshape(5, 4).roll(step, 0)
    return layers(inputs).square().sum()


def train(layers: nn.Module, optimiser: Adam, steps: range) -> None:
    for step in steps:
        optimiser.zero_grad()
        loss(layers, step).backward()
        optimiser.step(0.01 / (1 + step))


def weights(layers: nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in layers.parameters()])


def test_steps_are_those_of_torch_with_a_changing_rate():
    ours, theirs = network(), network()
    train(ours, Adam(dict(ours.named_parameters())), range(30))
    reference = torch.optim.Adam(theirs.parameters(), lr=0.01, betas=(0.9, 0.999), eps=1e-8)
    for step in range(30):
        reference.zero_grad()
        loss(theirs, step).backward()
        reference.param_groups[0]["lr"] = 0.01 / (1 + step)
        reference.step()
    torch.testing.assert_close(weights(ours), weights(theirs), rtol=1e-12, atol=1e-12)


def test_first_step_is_the_rate_against_the_sign_of_the_gradient():
    """Both moments are corrected for their start at zero."""
    layers = network()
    before = weights(layers)
    train(layers, Adam(dict(layers.named_parameters())), range(1))
    gradient = torch.cat([parameter.grad.flatten() for parameter in layers.parameters()])
    torch.testing.assert_close(weights(layers), before - 0.01 * gradient.sign(), rtol=0, atol=1e-9)


def test_parameters_without_a_gradient_stay():
    layers = network()
    optimiser = Adam(dict(layers.named_parameters()))
    layers[2](torch.ones(1, 3).double()).sum().backward()
    before = layers[0].weight.clone()
    optimiser.step(0.1)
    assert torch.equal(layers[0].weight, before)
    assert optimiser.state()["steps.0.weight"] == 0
    assert optimiser.state()["steps.2.weight"] == 1


def test_state_taken_up_goes_on_as_if_never_stopped():
    whole, first = network(), network()
    train(whole, Adam(dict(whole.named_parameters())), range(10))
    optimiser = Adam(dict(first.named_parameters()))
    train(first, optimiser, range(4))
    second = network()
    second.load_state_dict(first.state_dict())
    resumed = Adam(dict(second.named_parameters()))
    resumed.load_state(optimiser.state())
    train(second, resumed, range(4, 10))
    assert torch.equal(weights(second), weights(whole))


def test_gradients_do_not_add_up_over_steps():
    layers = network()
    optimiser = Adam(dict(layers.named_parameters()))
    loss(layers, 0).backward()
    once = layers[0].weight.grad.clone()
    optimiser.zero_grad()
    loss(layers, 0).backward()
    assert torch.equal(layers[0].weight.grad, once)
