"""The reproduction's classifier against the same written with PyTorch's own modules."""

import numpy as np
import pytest
import torch
from sparsevae.distributions.noise import torch_generator
from sparsevae.evaluation import published_probe
from sparsevae.evaluation.published_probe import correct_predictions


@pytest.fixture
def codes() -> tuple[np.ndarray, np.ndarray]:
    """Four well separated classes in three latents, 400 images."""
    random = np.random.default_rng(3)
    labels = random.integers(0, 4, 400)
    centres = np.array([[3, 0, 0], [0, 3, 0], [0, 0, 3], [-3, -3, -3]])
    return (centres[labels] + random.normal(size=(400, 3))).astype(np.float32), labels


def reference(train, test, seed) -> np.ndarray:
    """torch.nn.Linear, CrossEntropyLoss and SGD as in the reproduction's notebook."""
    noise = torch_generator(seed, "published probe")
    inputs, targets = map(torch.as_tensor, train)
    layer = torch.nn.Linear(3, 4)
    with torch.no_grad():
        for parameter in (layer.weight, layer.bias):
            parameter.uniform_(-(3**-0.5), 3**-0.5, generator=noise)
    optimiser = torch.optim.SGD(layer.parameters(), lr=0.001, momentum=0.9)
    loss = torch.nn.CrossEntropyLoss()
    for _ in range(20):
        order = torch.randperm(len(inputs), generator=noise)
        for start in range(0, len(inputs), 32):
            part = order[start : start + 32]
            optimiser.zero_grad()
            loss(torch.relu(layer(inputs[part])), targets[part]).backward()
            optimiser.step()
    predicted = torch.relu(layer(torch.as_tensor(test[0]))).max(1).indices.numpy()
    return predicted == test[1]


def test_it_is_the_reproductions_classifier(codes):
    train, test = [[part[:300] for part in codes], [part[300:] for part in codes]]
    for seed in (1, 2, 3):
        correct = correct_predictions(tuple(train), tuple(test), seed)
        assert correct.tolist() == reference(train, test, seed).tolist()
        assert 0.25 < correct.mean() <= 1


def test_a_class_whose_output_is_never_positive_is_lost(codes):
    """ReLU's gradient is 0 there: no step changes that class, and no image is given to it."""
    inputs, labels = torch.as_tensor(codes[0]), torch.as_tensor(codes[1])
    weight, _ = published_probe._fit(inputs.abs() + 1, labels, torch_generator(1, "a"))
    start = torch_generator(1, "a")
    first = torch.empty(4, 3).uniform_(-(3**-0.5), 3**-0.5, generator=start)
    offset = torch.empty(4).uniform_(-(3**-0.5), 3**-0.5, generator=start)
    dead = ((inputs.abs() + 1) @ first.T + offset <= 0).all(0)
    assert dead.any()
    torch.testing.assert_close(weight[dead], first[dead])


def test_one_class_has_no_accuracy(codes):
    alone = (codes[0], np.zeros(400, dtype=np.int64))
    assert np.isnan(correct_predictions(alone, alone, 1)).all()
