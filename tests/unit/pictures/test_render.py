"""All arrays of pictures.npz."""

import numpy as np
import pytest
import torch
from sparsevae.data.split import Split
from sparsevae.evaluation.encoded import encode_split
from sparsevae.models.base import Model
from sparsevae.pictures.render import as_pictures, render
from sparsevae.pictures.traversals import TRAVERSAL_VALUES

SHAPE = (1, 2, 3)
PIXELS = np.random.default_rng(4).integers(0, 256, (25, *SHAPE), dtype=np.uint8)
SPLIT = Split(PIXELS, (np.arange(25) % 4).astype(np.uint8))
PSEUDO = {"prior": {"kind": "pseudo_inputs", "pseudo_inputs": 5}}


def rendered_by(model: Model, split: Split = SPLIT) -> dict[str, np.ndarray]:
    return render(model, encode_split(model, split, "unit_interval", 8), seed=1)


@pytest.fixture
def rendered(tiny_model):
    def make(family: str, **settings) -> dict[str, np.ndarray]:
        return rendered_by(tiny_model(family, shape=SHAPE, **settings).float())

    return make


def test_originals_are_the_test_images_themselves(rendered):
    """Through [0, 1] and back, to the byte."""
    pictures = rendered("vae")
    scale = 255 / PIXELS.max()
    expected = np.rint(PIXELS[:10] * scale)
    np.testing.assert_array_equal(pictures["originals"], expected)
    assert not np.array_equal(pictures["noisy"], pictures["originals"])


@pytest.mark.parametrize(
    ("family", "latent_dim", "settings"),
    [("ae", 2, {}), ("vae", 9, {}), ("vsc", 2, {}), ("vsc", 9, PSEUDO)],
)
def test_arrays_have_the_shapes_of_the_design(family, latent_dim, settings, rendered):
    arrays = rendered(family, latent_dim=latent_dim, **settings)
    steps = len(TRAVERSAL_VALUES)
    shapes = {
        "originals": (10, *SHAPE),
        "reconstructions": (10, *SHAPE),
        "noisy": (10, *SHAPE),
        "noisy_reconstructions": (10, *SHAPE),
        "traversals": (min(latent_dim, 6), steps, *SHAPE),
        "traversal_latents": (min(latent_dim, 6),),
        "traversal_values": (steps,),
    }
    if latent_dim == 2:
        shapes |= {"latent_grid": (10, 10, *SHAPE), "latent_grid_values": (10,)}
    if family != "ae":
        largest = min(3, np.count_nonzero(arrays["codes"][0]))
        shapes |= {
            "prior_samples": (32, *SHAPE),
            "codes": (10, latent_dim),
            "code_reconstructions": (10, *SHAPE),
            "largest_codes": (largest, steps, *SHAPE),
            "largest_code_latents": (largest,),
            "conditional_objects": (3, *SHAPE),
            "conditional_reconstructions": (3, *SHAPE),
            "conditional_samples": (3, 9, *SHAPE),
            "conditional_active": (3,),
            "interpolation_objects": (2, *SHAPE),
            "interpolation": (2, 6, *SHAPE),
            "interpolation_switched": (2, 2, *SHAPE),
            "interpolation_latents": (3,),
        }
    if family == "vsc":
        on = len(arrays["role_latents"])
        assert on > 0
        shapes |= {
            "role_latents": (on,),
            "role_shares": (on, 2),
            "role_class_shares": (on, 4),
            "role_values": (on, 2),
            "role_pictures": (on, 2, *SHAPE),
        }
    if settings:
        shapes |= {
            "pseudo_inputs": (5, *SHAPE),
            "pseudo_input_reconstructions": (5, *SHAPE),
            "pseudo_input_selection": (5,),
        }
    assert {name: array.shape for name, array in arrays.items()} == shapes
    differences = arrays.pop("role_pictures", None)
    assert differences is None or differences.dtype == np.float16
    pictures = [array for array in arrays.values() if array.shape[-3:] == SHAPE]
    assert len(pictures) == sum(shapes[name][-3:] == SHAPE for name in arrays)
    assert all(array.dtype == np.uint8 for array in pictures)


def test_one_class_has_no_interpolation(tiny_model):
    arrays = rendered_by(
        tiny_model("vae", shape=SHAPE).float(), Split(PIXELS, np.zeros(25, np.uint8))
    )
    assert "interpolation" not in arrays
    assert arrays["conditional_samples"].shape == (1, 9, *SHAPE)


def test_objects_are_the_same_for_all_models(rendered):
    one, other = rendered("vae"), rendered("vsc", latent_dim=3)
    for name in ("originals", "conditional_objects", "interpolation_objects"):
        np.testing.assert_array_equal(one[name], other[name])


def test_numbers_of_latents_add_up(tiny_model):
    """Shared and own, counted anew from the spike probabilities of the pair shown."""
    model = tiny_model("vsc", shape=SHAPE, latent_dim=9).float()
    arrays = rendered_by(model)
    pair = torch.from_numpy(arrays["interpolation_objects"].reshape(2, 6)) / 255
    scale = PIXELS.max() / 255
    active = (model.encode(pair * scale).spike_prob > 0.5).numpy()
    shared = (active[0] & active[1]).sum()
    expected = [shared, active[0].sum() - shared, active[1].sum() - shared]
    assert arrays["interpolation_latents"].tolist() == expected


def test_the_most_active_latents_are_traversed(tiny_model):
    model = tiny_model("vae", shape=SHAPE, latent_dim=8).float()
    pictures = rendered_by(model)
    codes = model.posterior_mean(torch.from_numpy(PIXELS.reshape(25, 6)) / 255).detach().numpy()
    expected = np.argsort(-codes.var(0))[:6]
    np.testing.assert_array_equal(pictures["traversal_latents"], expected)


@pytest.mark.parametrize(("family", "settings"), [("vae", {}), ("vsc", PSEUDO)])
def test_rendering_repeats_itself(family, settings, rendered):
    first, again = rendered(family, **settings), rendered(family, **settings)
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])


def test_pictures_are_bytes_with_the_peak_at_255():
    values = torch.tensor([[0.0, 0.1, 0.2, 0.4], [0.5, -0.1, 0.0, 0.0]])
    pictures = as_pictures(values, (1, 2, 2), peak=0.4)
    assert pictures.dtype == np.uint8
    assert pictures.tolist() == [[[[0, 64], [128, 255]]], [[[255, 0], [0, 0]]]]


@torch.no_grad()
def test_pseudo_inputs_are_shown_with_their_mean_selection(tiny_model):
    prior = {"kind": "pseudo_inputs", "pseudo_inputs": 5, "selection": "softmax"}
    model = tiny_model("vsc", shape=SHAPE, prior=prior).float()
    arrays = rendered_by(model)
    scores = model.prior.selector(torch.from_numpy(PIXELS.reshape(25, 6)) / 255).exp()
    expected = (scores / scores.sum(1, keepdim=True)).sum(0) / 25
    np.testing.assert_allclose(arrays["pseudo_input_selection"], expected, rtol=1e-5)


def test_models_without_pseudo_inputs_show_none(rendered):
    for family in ("ae", "vae", "vsc"):
        assert not [name for name in rendered(family) if "pseudo" in name]
