"""Model families by the name that the config uses (study/families.py).

The only place where a run's settings become arguments of a model: a parameter of a constructor has
the name of the settings that it takes.
"""

import inspect
from importlib import import_module

import torch

from sparsevae.jobs.errors import ConfigError
from sparsevae.models.base import Model
from sparsevae.study.settings import RunConfig


def model_class(family: str) -> type[Model]:
    """Return the class of a family. Raise ConfigError for one that is not there.

    By importlib, which a digest of code does not follow (jobs/imports.py): a run's digest starts
    from the module of its own family too, and a new family does not train the others again.
    """
    families = import_module("sparsevae.study.families").FAMILIES
    if family not in families:
        raise ConfigError(f"family: {family} is not allowed; allowed: {', '.join(families)}")
    declared = families[family]
    return getattr(import_module(f"sparsevae.models.{declared.module}"), declared.cls)


def build(config: RunConfig, shape: tuple[int, ...]) -> Model:
    """Return the model of a run for inputs of `shape`; its parameters are not drawn yet."""
    family = model_class(config.family)
    names = set(inspect.signature(family).parameters) - {"shape"}
    # torch's layers draw their first weights, which are not used, from the global generator.
    with torch.random.fork_rng(devices=[]):
        return family(shape, **{name: getattr(config, name) for name in names})
