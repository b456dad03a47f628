"""A study that is killed again and again, and what must hold after each kill."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from checkout import REPOSITORY, SMOKE, Checkout, results_of
from sparsevae.training import checkpoints

STUDY = (*SMOKE, str(REPOSITORY / "tests/support/longer.yaml"))
SMALL_STUDY = (*STUDY, str(REPOSITORY / "tests/support/fewer.yaml"))
EPOCHS_BETWEEN_CHECKPOINTS = 4
KILL_POINTS = REPOSITORY / "tests/support/kill_points"


@dataclass
class Disturbed:
    """A checkout whose study is disturbed; `whole` are the results that it must end with."""

    study: tuple[str, ...]
    checkout: Checkout
    whole: dict[str, bytes]
    kills: Counter = field(default_factory=Counter)
    reruns: int = 0
    unlocks: int = 0
    most_epochs_lost: int = 0
    survived: int = 0

    @property
    def results(self) -> Path:
        return self.checkout.root / "results/faults"

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen:
        """A plain snakemake, in a process group of its own as a shell's."""
        command = [sys.executable, "-m", "snakemake", "--cores", "2", *self.study, *arguments]
        with (self.checkout.root / "screen.log").open("w", encoding="utf-8") as screen:
            return subprocess.Popen(
                command,
                cwd=self.checkout.root,
                stdout=screen,
                stderr=subprocess.STDOUT,
                env=os.environ | variables,
                start_new_session=True,
            )

    def end(self, process: subprocess.Popen) -> int:
        """Waits for a snakemake; unlocks, as its message asks, where one was killed."""
        code = process.wait(timeout=300)
        if code and "LockException" in (screen := self.screen()):
            assert "--unlock" in screen
            assert self.checkout.snakemake(*self.study, "--unlock").returncode == 0
            self.unlocks += 1
        return code

    def screen(self) -> str:
        return (self.checkout.root / "screen.log").read_text(encoding="utf-8")

    def kill_at(self, points: set[str]) -> set[str]:
        """Makes the files of the points; those of them at which a job was killed."""
        targets = {
            str(Path(file).with_name("metrics.json")) if "/runs/" in file else file
            for file in (point.rpartition(":")[0] for point in points)
        }
        log = self.checkout.root / "kills.log"
        log.write_text("", encoding="utf-8")
        variables = {
            "PYTHONPATH": str(KILL_POINTS),
            "SPARSEVAE_KILL_POINTS": "\n".join(points),
            "SPARSEVAE_KILL_LOG": str(log),
        }
        self.end(self.start("--", *sorted(targets), **variables))
        reached = log.read_text(encoding="utf-8").split()
        self.kills.update(f"job, {point.rpartition(':')[2]}" for point in reached)
        self.check()
        return set(reached)

    def kill_after(self, seconds: float, victim: str, number: signal.Signals) -> None:
        """Sends a signal to snakemake, to all of its group, or to a job, once it has begun."""
        process = self.start()
        time.sleep(seconds)
        target = process.pid if victim != "job" else self.job(process)
        if target is not None and process.poll() is None:
            (os.killpg if victim == "group" else os.kill)(target, number)
            self.kills[f"{victim}, {number.name}"] += 1
        self.end(process)
        self.check()

    def begin_again(self) -> None:
        """Take away all results of the study, which had ended."""
        shutil.rmtree(self.results)

    def job(self, process: subprocess.Popen) -> int | None:
        """A process of one of the study's scripts; None if snakemake ends before there is one."""
        while process.poll() is None:
            for entry in Path("/proc").glob("[0-9]*"):
                try:
                    words = (entry / "cmdline").read_text(encoding="utf-8").split("\0")
                    here = (entry / "cwd").readlink() == self.checkout.root
                except OSError:
                    continue
                if here and "python" in words[0] and ".snakemake/scripts/" in words[1]:
                    return int(entry.name)
            time.sleep(0.01)
        return None

    def check(self) -> None:
        """Whatever has a final name is whole, and no training has lost more than it may."""
        for name, content in self.whole.items():
            path = self.results / name
            if "checkpoint" in path.name:
                _check_checkpoint(path)
            elif path.exists():
                assert path.read_bytes() == content, f"{name} is not as it should be"
        for log in (self.results / "logs/runs").rglob("*.log"):
            self._check_loss(log)

    def _check_loss(self, log: Path) -> None:
        epochs = [
            int(number)
            for number in re.findall(r": epoch (\d+) of", log.read_text(encoding="utf-8"))
        ]
        run = log.relative_to(self.results / "logs/runs").with_suffix("")
        checkpoint = self.results / "runs" / run / "checkpoint.safetensors"
        lost = max(epochs, default=0) - _check_checkpoint(checkpoint)
        assert lost <= EPOCHS_BETWEEN_CHECKPOINTS, f"{run} lost {lost} epochs"
        self.most_epochs_lost = max(self.most_epochs_lost, lost)

    def finish(self) -> None:
        """Plain reruns until done: the bytes of an undisturbed study, and nothing beside them."""
        for _ in range(4):
            self.reruns += 1
            if self.end(self.start()) == 0:
                break
        assert results_of(self.results) == self.whole
        self.survived = sum(self.kills.values())


def _check_checkpoint(path: Path) -> int:
    """How many epochs a checkpoint has, if there is one; none is damaged."""
    return len(checkpoints.read(path)[1]["history"]) if path.exists() else 0


def moments(seed: int, count: int, longest: float) -> list[tuple[float, str, signal.Signals]]:
    """When, whom and how to kill: each pair of victim and signal in turn, at random moments."""
    chance = random.Random(seed)
    victims = ("snakemake", "group", "job")
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
    # The first three have all victims and all signals, the first nine all pairs.
    pairs = [(victims[n], numbers[(n + shift) % 3]) for shift in range(3) for n in range(3)]
    return [(chance.uniform(0.5, longest), *pairs[i % len(pairs)]) for i in range(count)]
