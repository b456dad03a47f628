"""What Snakemake takes to plan a study of many runs: seconds and memory of a dry run."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmark.process import measure
from benchmark.timing import Result, within

SECONDS = {1_000: 20.0, 10_000: 180.0}
GIB = {10_000: 1.5}

STUDY = """
study: scale
seeds: [{seeds}]
models:
  ae: {{family: ae}}
  vae: {{family: vae}}
  vsc: {{family: vsc}}
  vsc-wu: {{family: vsc, slab_warmup: {{}}}}
datasets:
  digits: {{latent_dims: [2, 4, 8, 16, 32]}}
figures: [training_history, bound_vs_latent_dim, class_activations]
"""


@dataclass(frozen=True)
class Plan:
    """What planning `runs` runs took."""

    runs: int
    seconds: float
    gib: float


def plan(repository: Path, runs: int) -> Plan:
    """A dry run of a study of that many runs, a multiple of 20, in an empty folder."""
    seeds = ", ".join(str(seed) for seed in range(1, runs // 20 + 1))
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "study.yaml")
        config.write_text(STUDY.format(seeds=seeds), encoding="utf-8")
        command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "all"]
        command += ["--snakefile", str(repository / "Snakefile"), "--directory", folder]
        command += ["--configfile", str(config)]
        return Plan(runs, *measure(command))


def results(plans: list[Plan]) -> list[Result]:
    """The plans that have limits, against these."""
    lines = []
    for made in plans:
        if made.runs in SECONDS:
            name = f"planning {made.runs:,} runs"
            lines.append(within(name, made.seconds, SECONDS[made.runs], "s"))
        if made.runs in GIB:
            name = f"peak memory, planning {made.runs:,} runs"
            lines.append(within(name, made.gib, GIB[made.runs], "GiB"))
    return lines
