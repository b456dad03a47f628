import torch
from sparsevae.pictures.traversals import (
    GRID_VALUES,
    largest_elements,
    latent_grid,
    most_active,
    traversal_positions,
    traverse,
)


@torch.no_grad()
def test_traversal_sets_one_latent_and_leaves_the_others(tiny_model, decoded):
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
    latents = torch.tensor([1])
    values = torch.linspace(-3, 3, 9)
    moved = traversal_positions(tiny_model("ae"), codes, latents)
    torch.testing.assert_close(moved, (20 + 10 * 2**0.5 * values)[None])
    moved = traversal_positions(tiny_model("vae"), codes, latents)
    torch.testing.assert_close(moved, values[None])


def test_the_most_active_latents_vary_most():
    codes = torch.tensor([[0.0, 5.0, -9.0, 1.0], [1.0, 5.0, 9.0, -3.0]])
    assert most_active(codes).tolist() == [2, 3, 0, 1]
    assert len(most_active(codes.repeat(1, 3))) == 6


def test_the_largest_elements_come_by_their_size_without_their_sign():
    code = torch.tensor([0.5, -2.0, 0.0, 1.0, -0.1])
    assert largest_elements(code).tolist() == [1, 3, 0]


def test_what_is_exactly_zero_is_no_element():
    assert largest_elements(torch.tensor([0.0, 0.0, -0.3, 0.0])).tolist() == [2]
    assert largest_elements(torch.zeros(4)).tolist() == []


@torch.no_grad()
def test_grid_has_the_first_latent_to_the_right_and_the_second_upwards(tiny_model, decoded):
    model = tiny_model("vae")
    grid = latent_grid(model.float())
    model.double()
    n = len(GRID_VALUES)
    for row, column in [(0, 0), (0, n - 1), (n - 1, 0), (3, 5)]:
        z = [float(GRID_VALUES[column]), float(GRID_VALUES[n - 1 - row])]
        torch.testing.assert_close(
            grid[row, column].double(), decoded(model, z), rtol=1e-5, atol=1e-6
        )
