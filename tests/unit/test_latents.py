import numpy as np
import pytest
import torch
from sparsevae.data.dataset import Split
from sparsevae.latents import (
    GRID_VALUES,
    TRAVERSAL_VALUES,
    as_pictures,
    latent_grid,
    reconstruct,
    render,
    traversal_positions,
    traverse,
)

SHAPE = (1, 2, 3)
PIXELS = np.random.default_rng(4).integers(0, 256, (25, *SHAPE), dtype=np.uint8)
SPLIT = Split(PIXELS, np.zeros(25, np.uint8))


@pytest.fixture
def rendered(tiny_model):
    def make(family: str, **settings) -> dict[str, np.ndarray]:
        return render(tiny_model(family, shape=SHAPE, **settings).float(), SPLIT)

    return make


def decoded(model, latents: list[float]) -> torch.Tensor:
    return torch.sigmoid(model.decoder(torch.tensor([latents]).double())[0][0])


def test_reconstruction_is_decoded_from_the_code(tiny_model, binary_inputs):
    model = tiny_model("vsc")
    q = model.encode(binary_inputs)
    expected = torch.sigmoid(model.decoder(q.spike_prob * q.slab.mean)[0])
    torch.testing.assert_close(reconstruct(model, binary_inputs), expected)


@torch.no_grad()
def test_traversal_sets_one_latent_and_leaves_the_others(tiny_model):
    model = tiny_model("vae", latent_dim=3)
    code = torch.tensor([0.5, -1.0, 2.0]).double()
    positions = torch.tensor([[-2.0, 0.0], [-2.0, 1.0]]).double()
    pictures = traverse(model, code, torch.tensor([2, 0]), positions)
    assert pictures.shape == (2, 2, 3)
    torch.testing.assert_close(pictures[0, 0], decoded(model, [0.5, -1.0, -2.0]))
    torch.testing.assert_close(pictures[0, 1], decoded(model, [0.5, -1.0, 0.0]))
    torch.testing.assert_close(pictures[1, 0], decoded(model, [-2.0, -1.0, 2.0]))


def test_an_autoencoders_latents_move_in_standard_deviations(tiny_model):
    codes = torch.tensor([[0.0, 10.0], [0.0, 30.0]])
    latents, values = torch.tensor([1]), torch.tensor([-1.0, 0.0, 1.0])
    moved = traversal_positions(tiny_model("ae"), codes, latents, values)
    spread = 10 * 2**0.5
    torch.testing.assert_close(moved, torch.tensor([[20 - spread, 20.0, 20 + spread]]))
    moved = traversal_positions(tiny_model("vae"), codes, latents, values)
    assert moved.tolist() == [[-1.0, 0.0, 1.0]]


@torch.no_grad()
def test_grid_has_the_first_latent_to_the_right_and_the_second_upwards(tiny_model):
    model = tiny_model("vae")
    grid = latent_grid(model.float())
    model.double()
    n = len(GRID_VALUES)
    for row, column in [(0, 0), (0, n - 1), (n - 1, 0), (3, 5)]:
        z = [float(GRID_VALUES[column]), float(GRID_VALUES[n - 1 - row])]
        torch.testing.assert_close(
            grid[row, column].double(), decoded(model, z), rtol=1e-5, atol=1e-6
        )


def test_pictures_are_bytes_with_the_peak_at_255():
    values = torch.tensor([[0.0, 0.1, 0.2, 0.4], [0.5, -0.1, 0.0, 0.0]])
    pictures = as_pictures(values, (1, 2, 2), peak=0.4)
    assert pictures.dtype == np.uint8
    assert pictures.tolist() == [[[[0, 64], [128, 255]]], [[[255, 0], [0, 0]]]]


def test_originals_are_the_test_images_themselves(rendered):
    """Through [0, 1] and back, to the byte."""
    pictures = rendered("vae")
    scale = 255 / PIXELS.max()
    expected = np.rint(PIXELS[:10] * scale)
    np.testing.assert_array_equal(pictures["originals"], expected)
    assert not np.array_equal(pictures["noisy"], pictures["originals"])


@pytest.mark.parametrize(("family", "latent_dim"), [("ae", 2), ("vae", 9), ("vsc", 2)])
def test_pictures_have_the_shapes_of_the_design(family, latent_dim, rendered):
    pictures = rendered(family, latent_dim=latent_dim)
    traversed = min(latent_dim, 6)
    shapes = {
        "originals": (10, *SHAPE),
        "reconstructions": (10, *SHAPE),
        "noisy": (10, *SHAPE),
        "noisy_reconstructions": (10, *SHAPE),
        "traversals": (traversed, len(TRAVERSAL_VALUES), *SHAPE),
        "traversal_latents": (traversed,),
        "traversal_values": (len(TRAVERSAL_VALUES),),
    }
    if family != "ae":
        shapes["prior_samples"] = (32, *SHAPE)
    if latent_dim == 2:
        shapes["latent_grid"] = (10, 10, *SHAPE)
        shapes["latent_grid_values"] = (10,)
    assert {name: array.shape for name, array in pictures.items()} == shapes
    numbers = {"traversal_latents", "traversal_values", "latent_grid_values"}
    assert all(pictures[name].dtype == np.uint8 for name in shapes.keys() - numbers)


def test_the_most_active_latents_are_traversed(tiny_model):
    model = tiny_model("vae", shape=SHAPE, latent_dim=8).float()
    pictures = render(model, SPLIT)
    codes = model.codes(torch.from_numpy(PIXELS.reshape(25, 6)) / 255).detach().numpy()
    expected = np.argsort(-codes.var(0))[:6]
    np.testing.assert_array_equal(pictures["traversal_latents"], expected)


@pytest.mark.parametrize("family", ["vae", "vsc"])
def test_rendering_repeats_itself(family, rendered):
    first, again = rendered(family), rendered(family)
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
