"""What each latent draws: shares by sign and by class, and the decoded difference."""

import numpy as np
import torch
from sparsevae.pictures.roles import N_ROLES, contribution, roles

# Four samples: z1 is never on, z2 is on with both signs, z3 is on in one sample.
CODES = torch.tensor([[0.0, 2.0, 0.0], [0.0, 1.0, 0.0], [0.0, -0.5, 4.0], [0.0, 0.0, 0.0]])
LABELS = torch.tensor([0, 0, 2, 2])


@torch.no_grad()
def test_latents_come_by_how_often_they_are_on_with_shares_of_each_sign(tiny_model):
    found = roles(tiny_model("vsc", latent_dim=3).float(), CODES, LABELS)
    assert found.latents.tolist() == [1, 2]
    assert found.shares.tolist() == [[0.5, 0.25], [0.25, 0.0]]
    np.testing.assert_array_equal(
        found.class_shares.numpy(), [[1.0, np.nan, 0.5], [0.0, np.nan, 0.5]]
    )
    np.testing.assert_array_equal(found.values.numpy(), [[1.5, -0.5], [4.0, np.nan]])
    assert (found.drawn[1, 1] == 0).all()


@torch.no_grad()
def test_a_contribution_is_at_the_mean_less_off_with_the_others_as_they_are(tiny_model, decoded):
    model = tiny_model("vsc", latent_dim=3)
    codes = torch.tensor([[0.3, 1.0, 0.0], [0.0, 3.0, -1.0], [5.0, 0.0, 5.0]]).double()
    value, drawn = contribution(model, codes, 1, torch.tensor([True, True, False]))
    assert value == 2.0
    first = decoded(model, [0.3, 2.0, 0.0]) - decoded(model, [0.3, 0.0, 0.0])
    second = decoded(model, [0.0, 2.0, -1.0]) - decoded(model, [0.0, 0.0, -1.0])
    torch.testing.assert_close(drawn, (first + second) / 2)


@torch.no_grad()
def test_a_collapsed_code_has_no_roles_and_a_long_one_the_most_frequent(tiny_model):
    model = tiny_model("vsc", latent_dim=20).float()
    assert roles(model, torch.zeros(4, 20), LABELS).drawn.shape == (0, 2, 3)
    codes = torch.arange(1, 21).repeat(20, 1) * (torch.arange(20)[:, None] <= torch.arange(20))
    found = roles(model, codes.float(), torch.zeros(20, dtype=torch.int64))
    assert found.latents.tolist() == list(range(19, 19 - N_ROLES, -1))
