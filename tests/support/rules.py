"""The rules of the workflow, as Snakemake reads them, of a study with every dataset and figure."""

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from checkout import REPOSITORY
from in_process import without_the_package
from sparsevae.data.catalogue import CATALOGUE
from sparsevae.figures.catalogue import figure_names

EVERYTHING = {
    "study": "everything",
    "seeds": [1],
    "run": {"evaluation": {"probe_curve": [50, 200]}},
    "models": {
        "vsc": {"family": "vsc", "prior": {"kind": "pseudo_inputs", "pseudo_inputs": 2}},
        "vae": {"family": "vae"},
        "vae-4": {"family": "vae", "beta": 4},
    },
    "datasets": {name: {"latent_dims": [2, 4, 8]} for name in CATALOGUE},
    "figures": list(figure_names()),
}


@dataclass(frozen=True)
class Rule:
    """A rule's name, its environment (the file's stem) and its script (without a folder)."""

    name: str
    environment: str | None
    script: str | None


@cache
def rules() -> dict[str, Rule]:
    """Return all rules by name."""
    from snakemake.api import OutputSettings, SnakemakeApi
    from snakemake.settings.types import ConfigSettings, ResourceSettings

    with (
        tempfile.TemporaryDirectory() as folder,
        without_the_package(),
        SnakemakeApi(OutputSettings(quiet={"all"})) as api,  # type: ignore[arg-type]
    ):
        config = Path(folder, "everything.yaml")
        config.write_text(yaml.safe_dump(EVERYTHING), encoding="utf-8")
        read = api.workflow(
            resource_settings=ResourceSettings(cores=1),
            config_settings=ConfigSettings(configfiles=[config]),
            snakefile=REPOSITORY / "Snakefile",
            workdir=Path(folder),
        )
        found = list(read._workflow.rules)
    return {rule.name: Rule(rule.name, _stem(rule.conda_env), _script(rule)) for rule in found}


def _stem(environment: object) -> str | None:
    return Path(str(environment)).stem if environment else None


def _script(rule: Any) -> str | None:
    return Path(str(rule.script).format(params=rule.params)).name if rule.script else None
