"""Pictures of what a trained model does, for the figures: all that pictures.npz holds."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.data.inputs import rows
from sparsevae.data.split import Split
from sparsevae.distributions.noise import torch_generator
from sparsevae.models.base import GenerativeModel, Model
from sparsevae.pictures import traversals
from sparsevae.pictures.active import active_code, active_latents, sparse_code
from sparsevae.pictures.byte_pictures import as_pictures
from sparsevae.pictures.conditional_samples import conditional_samples
from sparsevae.pictures.grid import GRID_VALUES, latent_grid
from sparsevae.pictures.interpolation import encode_pair, interpolate, switch
from sparsevae.pictures.largest_codes import largest_elements
from sparsevae.pictures.objects import alike_pair, one_per_class
from sparsevae.pictures.pseudo_inputs import (
    decode_pseudo_inputs,
    mean_selection,
    pseudo_input_prior,
)
from sparsevae.pictures.reconstructions import add_noise, reconstruct

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
def render(model: Model, test: Split) -> dict[str, np.ndarray]:
    """The arrays of pictures.npz (docs/design.md)."""
    model.eval()
    device = next(model.parameters()).device
    data = rows(test, model.config.likelihood.inputs, str(device), limit=N_SEEN)
    parts = [_all_models(model, data.values)]
    if isinstance(model, GenerativeModel):
        seen = Split(test.inputs[:N_SEEN], test.labels[:N_SEEN])
        parts += [
            _codes(model, data.values),
            _conditional(model, data.values, seen),
            _interpolation(model, data.values, seen),
            _pseudo_inputs(model, data.values),
        ]
    peak = float(data.values.max())
    arrays = {}
    for part in parts:
        for name, values in part.pictures.items():
            arrays[name] = as_pictures(values, data.shape, peak)
        for name, values in part.numbers.items():
            arrays[name] = values.cpu().numpy() if isinstance(values, Tensor) else values
    return arrays


def _all_models(model: Model, values: Tensor) -> Shown:
    """Reconstructions, draws from the prior, traversals and the plane of two latents."""
    noise = torch_generator(model.config.seed, "pictures", device=values.device.type)
    originals = values[:N_PICTURES]
    noisy = add_noise(originals, noise)
    pictures = {
        "originals": originals,
        "reconstructions": reconstruct(model, originals),
        "noisy": noisy,
        "noisy_reconstructions": reconstruct(model, noisy),
    }
    if isinstance(model, GenerativeModel):
        pictures["prior_samples"] = model.decode(model.sample_prior(N_PRIOR_SAMPLES, noise)).mean
    codes = model.codes(values)
    latents = traversals.most_active(codes)
    positions = traversals.traversal_positions(model, codes, latents)
    pictures["traversals"] = traversals.traverse(model, codes[0], latents, positions)
    numbers = {
        "traversal_latents": latents,
        "traversal_values": traversals.TRAVERSAL_VALUES,
    }
    if model.config.latent_dim == 2:
        pictures["latent_grid"] = latent_grid(model)
        numbers["latent_grid_values"] = GRID_VALUES
    return Shown(pictures, numbers)


def _codes(model: GenerativeModel, values: Tensor) -> Shown:
    """Sparse codes of the first pictures, and the largest elements of the first one, moved."""
    codes = sparse_code(model.encode(values[:N_PICTURES]))
    largest = largest_elements(codes[0])
    positions = traversals.traversal_positions(model, codes, largest)
    pictures = {
        "code_reconstructions": model.decode(codes).mean,
        "largest_codes": traversals.traverse(model, codes[0], largest, positions),
    }
    return Shown(pictures, {"codes": codes, "largest_code_latents": largest})


def _conditional(model: GenerativeModel, values: Tensor, seen: Split) -> Shown:
    """Objects of three classes, varied along their active latents."""
    objects = values[one_per_class(seen.labels, N_OBJECTS)]
    noise = torch_generator(model.config.seed, "conditional_samples", device=values.device.type)
    posterior = model.encode(objects)
    pictures = {
        "conditional_objects": objects,
        "conditional_reconstructions": model.decode(active_code(posterior)).mean,
        "conditional_samples": conditional_samples(model, objects, N_VARIATIONS, noise),
    }
    return Shown(pictures, {"conditional_active": active_latents(posterior).sum(-1)})


def _interpolation(model: GenerativeModel, values: Tensor, seen: Split) -> Shown:
    """Two alike objects of different classes; nothing where there is but one class."""
    objects = alike_pair(seen.inputs, seen.labels)
    if objects is None:
        return Shown({}, {})
    pair = encode_pair(model, values[objects])
    pictures = {
        "interpolation_objects": values[objects],
        "interpolation": interpolate(model, pair),
        "interpolation_switched": switch(model, pair),
    }
    shared = int(pair.shared.sum())
    own = [int(active.sum()) - shared for active in pair.active]
    return Shown(pictures, {"interpolation_latents": np.array([shared, *own])})


def _pseudo_inputs(model: GenerativeModel, values: Tensor) -> Shown:
    """The pseudo-inputs of the prior, if it has any."""
    prior = pseudo_input_prior(model)
    if prior is None:
        return Shown({}, {})
    pictures = {
        "pseudo_inputs": prior.inputs,
        "pseudo_input_reconstructions": decode_pseudo_inputs(model),
    }
    return Shown(pictures, {"pseudo_input_selection": mean_selection(model, values)})
