"""A study is killed at every step of a write and at random moments, and ends as if it had not been.

After each kill, everything that has its final name is whole and no training has lost more than one
checkpoint interval; plain reruns (with `--unlock` where snakemake was killed and asks for it) end
with the bytes of an undisturbed study. `make test` kills a small study a few times, `make test-all`
the smoke study at every step and at more moments.

SPARSEVAE_FAULTS_SEED sets the seed of the random moments; SPARSEVAE_FAULTS_PAGE names a file that
is written about what was done (`make faults`).
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from checkout import REPOSITORY, results_of
from counts import tries
from disturbed import SMALL_STUDY, STUDY, Disturbed, moments
from faults_page import page_of

SEED = int(os.environ.get("SPARSEVAE_FAULTS_SEED", "20261123"))
STEPS = ("create", "write", "sync", "rename", "clean")
LINKING = ("create", "clean", "link", "sync", "rename")
# In the order in which a run writes them; all files but three are written alike.
OF_A_RUN = [
    *(f"checkpoint.safetensors:{step}" for step in STEPS),
    *(f"checkpoint.previous:{step}" for step in LINKING),
    *(f"weights.safetensors:{step}" for step in LINKING[2:4]),
    "config.json:write",
    "history.csv:rename",
    "class_activations.csv:create",
    "probes.csv:sync",
    "image_blocks.csv:create",
    "factor_correlations.csv:rename",
    *(f"pictures.npz:{step}" for step in STEPS),
    *(f"metrics.json:{step}" for step in STEPS),
]
RUNS = [
    f"results/faults/runs/digits/{model}/latent-{latent_dim}/seed-1"
    for model in ("ae", "vae", "vsc", "vsc-wu")
    for latent_dim in (2, 4)
]
METRICS, SUMMARY, PICTURE = (
    f"results/faults/{name}"
    for name in ("tables/metrics.csv", "tables/summary.csv", "figures/digits/examples.png")
)
OF_THE_DATA = (
    ("resources/datasets/digits/train.npz:write",),
    ("resources/datasets/digits/train.npz:rename",),
)
# One after the other: each needs the one before.
OF_THE_STUDY = (
    (f"{METRICS}:write", f"{PICTURE}:sync"),
    (f"{METRICS}:rename", f"{PICTURE}:rename"),
    (f"{SUMMARY}:write",),
    (f"{SUMMARY}:rename",),
)


@dataclass(frozen=True)
class Plan:
    """A study, the steps at which its jobs are killed, call by call, and random moments."""

    study: tuple[str, ...]
    rounds: list[Sequence[str]]
    moments: int


def dealt_out(steps: Sequence[str], runs: Sequence[str]) -> list[list[str]]:
    """Each run is killed at steps of its own, which together are all of a run's."""
    return [
        [f"{run}/{step}" for run, step in zip(runs, steps[first:], strict=False)]
        for first in range(0, len(steps), len(runs))
    ]


FEW = Plan(
    SMALL_STUDY,
    [
        *OF_THE_DATA[1:],
        *dealt_out(["checkpoint.previous:rename", "metrics.json:write"], [RUNS[0], RUNS[4]]),
        *OF_THE_STUDY[:1],
    ],
    moments=3,
)
ALL = Plan(STUDY, [*OF_THE_DATA, *dealt_out(OF_A_RUN, RUNS), *OF_THE_STUDY], moments=tries(18, 8))


@pytest.fixture(
    scope="module",
    params=[pytest.param(FEW, id="few"), pytest.param(ALL, id="all", marks=pytest.mark.slow)],
)
def plan(request) -> Plan:
    return request.param


@pytest.fixture(scope="module")
def whole(new_checkout, plan) -> dict[str, bytes]:
    """The results of the study that nothing disturbs."""
    checkout = new_checkout()
    result = checkout.snakemake(*plan.study)
    assert result.returncode == 0, result.stdout + result.stderr
    return results_of(checkout.root / "results/faults")


@pytest.fixture(scope="module")
def studies() -> Iterator[list[Disturbed]]:
    """Those that were disturbed, for the page."""
    studies: list[Disturbed] = []
    yield studies
    if page := os.environ.get("SPARSEVAE_FAULTS_PAGE"):
        (REPOSITORY / page).write_text(page_of(studies, SEED), encoding="utf-8")


@pytest.fixture
def disturbed(new_checkout, plan, whole, studies) -> Disturbed:
    studies.append(Disturbed(plan.study, new_checkout(), whole))
    return studies[-1]


def test_killed_at_every_step_of_a_write(disturbed, plan):
    for points in plan.rounds:
        assert disturbed.kill_at(set(points)) == set(points)
    disturbed.finish()


def test_killed_at_random_moments(disturbed, plan):
    # Short, since jobs that end by a signal keep their progress: the study must outlast the kills.
    # Where it has not (jobs that were running have ended after a signal), it begins again.
    for seconds, victim, number in moments(SEED, plan.moments, longest=3.5):
        killed = disturbed.kills.total()
        disturbed.kill_after(seconds, victim, number)
        if disturbed.kills.total() == killed:
            disturbed.begin_again()
            disturbed.kill_after(seconds, victim, number)
    assert disturbed.kills.total() >= plan.moments * 5 // 6  # snakemake may have ended before
    disturbed.finish()
