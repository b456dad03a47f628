"""python -m benchmark <repository>: all benchmarks, into <repository>/results/bench."""

import sys
from pathlib import Path

import torch

from benchmark import answer, evaluation, memory, overhead, planning, summary, training


def main(repository: Path) -> None:
    """Writes results/bench and prints its table."""
    torch.set_num_threads(1)
    plans = [planning.plan(repository, runs) for runs in (100, 1_000, 10_000)]
    results = [
        *answer.to_the_published_loss(),
        training.against_products(128, 0.7),
        training.against_products(500, 0.8),
        *training.against_the_course_project(),
        training.against_the_reproduction(),
        training.against_compiled(),
        evaluation.iwae_against_products(),
        *memory.peaks(),
        *planning.results(plans),
        overhead.quick_study(repository),
    ]
    summary.write(repository / "results/bench", results, plans)
    print(summary.markdown(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
