"""A run's model card: Markdown with the front matter that model hubs read."""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

# Shown if the run has them, with what they are; docs/columns.md has all.
MEASURES = {
    "iwae": "importance-weighted bound on log p(x), nats per sample",
    "elbo": "evidence lower bound, nats per sample",
    "reconstruction": "-log p(x\\|z), nats per sample",
    "kl": "KL(q(z\\|x) \\|\\| p(z)), nats per sample",
    "active_fraction": "fraction of latents that are not exactly 0",
    "used_latents": "latents whose mean varies over the test set",
    "probe_accuracy": "accuracy of a linear classifier of the codes",
}
FLAGS = {
    "collapsed": "This run collapsed: its latents carry next to nothing of x.",
    "worse_than_mean": "This run is worse than a model that predicts the mean of the training set.",
}
LICENCE = "apache-2.0"

Metrics = Mapping[str, Any]


def card_facts(study: Any, run: Any) -> dict[str, Any]:
    """Return what `card` is told of a run before it is trained, as a rule's params hold it.

    study: a `study.Study`; run: a `RunConfig` of it.
    """
    data = study.datasets[run.dataset]
    settings = run.model_dump(mode="json", exclude_defaults=True)
    names = ("dataset", "model", "family", "latent_dim", "seed")
    return {
        "run": {name: settings.pop(name) for name in names},
        "settings": settings,
        "data": {
            "shape": list(data.shape),
            "classes": list(data.class_names),
            "train_size": data.train_size,
            "test_size": data.test_size,
        },
    }


def card(
    run: Mapping[str, Any],
    settings: Mapping[str, Any],
    data: Mapping[str, Any],
    metrics: Metrics,
    of_seeds: Sequence[Metrics],
) -> str:
    """Return README.md of the folder of a run.

    run: dataset, model, family, latent_dim, seed; settings: those of the run that are no defaults;
    data: shape, classes, train_size, test_size; metrics: of the run; of_seeds: of all runs that
    differ from it in the seed alone, itself among them.
    """
    shown = [name for name in MEASURES if metrics.get(name) is not None]
    name = f"{run['model']}-{run['dataset']}-latent-{run['latent_dim']}-seed-{run['seed']}"
    header = yaml.safe_dump(_front_matter(name, run, metrics, shown), sort_keys=False)
    parts = [
        f"---\n{header}---",
        f"# {name}",
        f"A sparsevae model of family `{run['family']}` with {run['latent_dim']} latents, trained "
        f"on `{run['dataset']}`.",
        "## Use",
        '```python\nimport sparsevae\n\nmodel = sparsevae.load(".")  # this folder\n'
        f"codes = model.encode(x)  # x: (n, {', '.join(map(str, data['shape']))})\n```",
        "## Data",
        _data(run["dataset"], data),
        "## Settings",
        "Settings that are not the default; `config.json` has all.",
        f"```yaml\n{yaml.safe_dump(dict(settings), sort_keys=False)}```",
        "## Measures",
        f"On the test set. `±` of this run is the standard error over test samples. The other "
        f"columns are mean and standard deviation over the study's seeds, {len(of_seeds)} in all.",
        "\n".join(_table(shown, metrics, of_seeds)),
        "## Limits",
        "\n".join(f"- {line}" for line in _limits(run, metrics, len(of_seeds))),
        "## Licence",
        "Apache 2.0 for the weights. The data have the licence of those who published them.",
    ]
    return "\n\n".join(parts) + "\n"


def _front_matter(
    name: str, run: Mapping[str, Any], metrics: Metrics, shown: Sequence[str]
) -> dict[str, Any]:
    measured = [{"type": n, "name": n, "value": float(metrics[n])} for n in shown]
    dataset = {"name": run["dataset"], "type": run["dataset"], "split": "test"}
    result = {"task": {"type": "feature-extraction"}, "dataset": dataset, "metrics": measured}
    return {
        "license": LICENCE,
        "library_name": "sparsevae",
        "pipeline_tag": "feature-extraction",
        "tags": ["sparsevae", "variational-autoencoder", "sparse-coding", run["family"]],
        "datasets": [run["dataset"]],
        "model-index": [{"name": name, "results": [result]}],
    }


def _data(name: str, data: Mapping[str, Any]) -> str:
    classes = ", ".join(data["classes"]) or "none"
    return (
        f"`{name}`: samples of shape {tuple(data['shape'])}, {data['train_size']} for training and "
        f"{data['test_size']} for testing. Classes: {classes}. Training uses no labels."
    )


def _table(shown: Sequence[str], metrics: Metrics, of_seeds: Sequence[Metrics]) -> list[str]:
    lines = ["| measure | this run | mean | std | what it is |", "|---|---|---|---|---|"]
    for name in shown:
        values = [seed[name] for seed in of_seeds if seed.get(name) is not None]
        error = metrics.get(f"{name}_test_standard_error")
        spread = statistics.stdev(values) if len(values) > 1 else math.nan
        own = _number(metrics[name]) + ("" if error is None else f" ± {_number(error)}")
        means = f"{_number(statistics.fmean(values))} | {_number(spread)}"
        lines.append(f"| `{name}` | {own} | {means} | {MEASURES[name]} |")
    return lines


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4g}"


def _limits(run: Mapping[str, Any], metrics: Metrics, seeds: int) -> list[str]:
    limits = [text for name, text in FLAGS.items() if metrics.get(name) == 1]
    limits += [
        f"It was trained on `{run['dataset']}` alone. Codes of other data mean nothing unless you "
        "test them.",
        "Which latent stands for what differs from seed to seed.",
    ]
    if seeds == 1:
        limits.append("The study has one seed, so nothing is known of the spread over seeds.")
    return limits
