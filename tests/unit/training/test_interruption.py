"""A training run that is killed or told to stop at any step, and resumed, against one that is not.

Ten samples in batches of four make three steps an epoch. The clock is the tests' own.
"""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from sparsevae.distributions.noise import torch_generator
from sparsevae.models.registry import build
from sparsevae.training.checkpoints import CheckpointFile
from sparsevae.training.interruption import held_back
from sparsevae.training.run import trainer_of
from sparsevae.training.trainer import Trainer

INPUTS = torch.linspace(0, 1, 60).reshape(10, 6)
VALIDATION = torch.linspace(0.2, 0.7, 18).reshape(3, 6)
SETTINGS = {"training": {"epochs": 3, "batch_size": 4, "draws": 2}, "slab_warmup": {}}


class Stopped(Exception):
    """What the job's own handler of signals raises, and what stands for a kill."""


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    """As a job has one: SIGINT and SIGTERM end the program."""

    def stop(number: int, frame: object) -> None:
        raise Stopped(signal.Signals(number).name)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, was in before.items():
        signal.signal(number, was)


@pytest.fixture
def trainer(tiny_config) -> Callable[..., Trainer]:
    """A Trainer of which every step takes `seconds`, and the first epoch's end `validation`; in its
    step `at` something happens."""

    def make(
        path: Path,
        seconds: float = 0.0,
        validation: float = 0.0,
        at: int | None = None,
        happens: Callable[[], None] = lambda: None,
    ) -> Trainer:
        config = tiny_config("vsc", **SETTINGS)
        model = build(config, (1, 2, 3))
        model.initialise(torch_generator(config.seed, "initialisation"))
        lines: list[str] = []
        made = trainer_of(
            config, model, INPUTS, VALIDATION, CheckpointFile(path, "run"), lines.append
        )
        made.lines, made.steps = lines, 0
        step = made._step

        def counted(*arguments):
            made.steps += 1
            if made.steps == at:
                happens()
            return step(*arguments)

        made._step = counted
        made.clock = lambda: seconds * made.steps + validation * (made.steps >= 3)
        return made

    return make


def weights(trainer: Trainer) -> dict[str, bytes]:
    return {name: t.numpy().tobytes() for name, t in trainer.model.state_dict().items()}


def assert_resumes(trainer, path: Path, step: int, tmp_path: Path) -> None:
    """From the checkpoint, with the rest of nine steps, to the same weights and history."""
    undisturbed = trainer(tmp_path / "undisturbed")
    undisturbed.run()
    resumed = trainer(path)
    resumed.run()
    assert resumed.steps == 9 - step
    assert weights(resumed) == weights(undisturbed)
    assert resumed.history == undisturbed.history


def kill() -> None:
    raise Stopped


@pytest.mark.parametrize(("killed_in", "saved"), [(2, 0), (3, 2), (5, 4), (6, 4), (9, 8)])
def test_at_most_a_minute_is_lost_within_long_epochs(killed_in, saved, trainer, tmp_path):
    """Steps of 30 seconds: a checkpoint is due after every second one."""
    with pytest.raises(Stopped):
        trainer(tmp_path / "run", seconds=30.0, at=killed_in, happens=kill).run()
    assert_resumes(trainer, tmp_path / "run", saved, tmp_path)


@pytest.mark.parametrize(("killed_in", "saved"), [(6, 0), (7, 6)])
def test_checkpoints_within_an_epoch_wait_for_an_end_that_is_near(
    killed_in, saved, trainer, tmp_path
):
    """53 seconds have passed after the fourth step, and the epoch ends 9 seconds later."""
    with pytest.raises(Stopped):
        trainer(tmp_path / "run", 4.5, 35.0, at=killed_in, happens=kill).run()
    assert_resumes(trainer, tmp_path / "run", saved, tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("seconds", "stopped_after"),
    [(0.1, 6), (4.0, 6), (6.0, 4)],
    ids=["at once", "end in 8 s", "end in 12 s"],
)
def test_a_signal_ends_a_run_at_the_end_of_a_short_epoch_and_else_after_the_step(
    number, seconds, stopped_after, trainer, tmp_path
):
    """It comes in the first of the three steps of the second epoch."""
    made = trainer(tmp_path / "run", seconds, at=4, happens=lambda: os.kill(os.getpid(), number))
    with pytest.raises(Stopped, match=signal.Signals(number).name):
        made.run()
    assert made.steps == stopped_after
    assert made.lines[-1].endswith(
        f"{signal.Signals(number).name} after step {stopped_after} of 9; saved, and the next run "
        "resumes there"
    )
    assert_resumes(trainer, tmp_path / "run", stopped_after, tmp_path)


def test_a_signal_in_the_last_epoch_finds_the_run_finished_when_it_is_passed_on(trainer, tmp_path):
    made = trainer(tmp_path / "run", 0.1, at=9, happens=lambda: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(Stopped):
        made.run()
    assert_resumes(trainer, tmp_path / "run", 9, tmp_path)


def test_a_second_signal_ends_at_once(trainer, tmp_path):
    def twice() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    made = trainer(tmp_path / "run", 0.1, at=4, happens=twice)
    with pytest.raises(Stopped):
        made.run()
    assert made.steps == 4
    assert not (tmp_path / "run").exists()


def test_handlers_are_given_back_whatever_happens():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with held_back():
        assert signal.getsignal(signal.SIGINT) != before[0]
    with pytest.raises(KeyError), held_back():
        raise KeyError
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
