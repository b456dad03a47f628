"""Pictures of what a trained model does, for the figures: all that pictures.npz holds."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from sparsevae.distributions.noise import torch_generator
from sparsevae.evaluation.encoded import Encoded
from sparsevae.models.base import GenerativeModel, Model
from sparsevae.pictures import traversals
from sparsevae.pictures.objects import (
    Pair,
    alike_pair,
    conditional_samples,
    interpolate,
    one_per_class,
    switch,
)
from sparsevae.pictures.reconstructions import add_noise, decode_components, reconstruct
from sparsevae.pictures.roles import roles

N_SEEN = 2000  # test images that statistics over the test set are taken of
N_PICTURES = 10
N_PRIOR_SAMPLES = 32
N_OBJECTS, N_VARIATIONS = 3, 9

Arrays = dict[str, Tensor | np.ndarray]


@dataclass(frozen=True)
class Shown:
    """What figures show: pictures as (*sample, features), of the inputs' scale, and numbers."""

    pictures: dict[str, Float[Tensor, "..."]]
    numbers: Arrays


@torch.no_grad()
def render(model: Model, test: Encoded, seed: int) -> dict[str, np.ndarray]:
    """Return the arrays of pictures.npz (docs/design.md); seed: of the noise and the draws of z."""
    model.eval()
    test = test.first(N_SEEN)
    parts = [_all_models(model, test, seed)]
    if isinstance(model, GenerativeModel):
        parts += [
            _codes(model, test),
            _conditional(model, test, seed),
            _interpolation(model, test),
            _pseudo_inputs(model, test),
            _roles(model, test),
        ]
    peak = float(test.inputs.max())
    arrays = {}
    for part in parts:
        for name, pictures in part.pictures.items():
            arrays[name] = as_pictures(pictures, model.shape, peak)
        for name, numbers in part.numbers.items():
            arrays[name] = numbers.cpu().numpy() if isinstance(numbers, Tensor) else numbers
    return arrays


def as_pictures(
    values: Float[Tensor, "*sample features"], shape: tuple[int, ...], peak: float
) -> UInt8[np.ndarray, "..."]:
    """Return uint8 pictures (*sample, C, H, W); `peak`, the largest input value, becomes 255."""
    scaled = (values / peak * 255).round().clamp(0, 255).to(torch.uint8)
    return scaled.reshape(*values.shape[:-1], *shape).cpu().numpy()


def _all_models(model: Model, test: Encoded, seed: int) -> Shown:
    """Return reconstructions, draws from the prior, traversals and the plane of two latents."""
    noise = torch_generator(seed, "pictures", device=test.inputs.device.type)
    originals, codes = test.inputs[:N_PICTURES], test.posterior.mean
    noisy = add_noise(originals, noise)
    pictures = {
        "originals": originals,
        "reconstructions": model.decode(codes[:N_PICTURES]).mean,
        "noisy": noisy,
        "noisy_reconstructions": reconstruct(model, noisy),
    }
    if isinstance(model, GenerativeModel):
        pictures["prior_samples"] = model.decode(model.sample_prior(N_PRIOR_SAMPLES, noise)).mean
    latents = traversals.most_active(codes)
    positions = traversals.traversal_positions(model, codes, latents)
    pictures["traversals"] = traversals.traverse(model, codes[0], latents, positions)
    numbers: Arrays = {
        "traversal_latents": latents,
        "traversal_values": traversals.TRAVERSAL_VALUES,
    }
    if model.latent_dim == 2:
        pictures["latent_grid"] = traversals.latent_grid(model)
        numbers["latent_grid_values"] = traversals.GRID_VALUES
    return Shown(pictures, numbers)


def _codes(model: GenerativeModel, test: Encoded) -> Shown:
    """Return the first pictures' sparse codes, and the largest elements of the first one, moved."""
    codes = test.posterior[:N_PICTURES].sparse_code
    largest = traversals.largest_elements(codes[0])
    positions = traversals.traversal_positions(model, codes, largest)
    pictures = {
        "code_reconstructions": model.decode(codes).mean,
        "largest_codes": traversals.traverse(model, codes[0], largest, positions),
    }
    return Shown(pictures, {"codes": codes, "largest_code_latents": largest})


def _conditional(model: GenerativeModel, test: Encoded, seed: int) -> Shown:
    """Return objects of three classes, varied along their active latents.

    Nothing if the prior is no mixture of slabs to draw these from.
    """
    if model.prior_distribution() is None:
        return Shown({}, {})
    chosen = one_per_class(test.split.labels, N_OBJECTS)
    objects, posterior = test.inputs[chosen], test.posterior[chosen]
    noise = torch_generator(seed, "conditional_samples", device=objects.device.type)
    pictures = {
        "conditional_objects": objects,
        "conditional_reconstructions": model.decode(posterior.active_code).mean,
        "conditional_samples": conditional_samples(model, objects, posterior, N_VARIATIONS, noise),
    }
    return Shown(pictures, {"conditional_active": posterior.active.sum(-1)})


def _interpolation(model: GenerativeModel, test: Encoded) -> Shown:
    """Return two alike objects of different classes; nothing if there is only one class."""
    objects = alike_pair(test.split.inputs, test.split.labels)
    if objects is None:
        return Shown({}, {})
    pair = Pair.of(test.posterior[objects])
    pictures = {
        "interpolation_objects": test.inputs[objects],
        "interpolation": interpolate(model, pair),
        "interpolation_switched": switch(model, pair),
    }
    shared = int(pair.shared.sum())
    own = [int(active.sum()) - shared for active in pair.active]
    return Shown(pictures, {"interpolation_latents": np.array([shared, *own])})


def _pseudo_inputs(model: GenerativeModel, test: Encoded) -> Shown:
    """Return the pseudo-inputs of the prior, if it has any, and how much each is selected."""
    if model.pseudo_inputs is None:
        return Shown({}, {})
    pictures = {
        "pseudo_inputs": model.pseudo_inputs,
        "pseudo_input_reconstructions": decode_components(model),
    }
    selection = model.selection(test.inputs, test.posterior).mean(0)
    return Shown(pictures, {"pseudo_input_selection": selection})


def _roles(model: GenerativeModel, test: Encoded) -> Shown:
    """Return what each latent draws and for which classes; nothing without spikes."""
    if test.posterior.spike_prob is None:
        return Shown({}, {})
    labels = torch.from_numpy(test.split.labels.astype(np.int64)).to(test.inputs.device)
    found = roles(model, test.posterior.sparse_code, labels)
    drawn = found.drawn.reshape(*found.drawn.shape[:2], *model.shape) / test.inputs.max()
    numbers: Arrays = {
        "role_latents": found.latents,
        "role_shares": found.shares,
        "role_class_shares": found.class_shares,
        "role_values": found.values,
        "role_pictures": drawn.half(),
    }
    return Shown({}, numbers)
