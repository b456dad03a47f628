import torch
from sparsevae.pictures.grid import GRID_VALUES, latent_grid


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
