"""The only training loop: Adam over data in memory; each epoch ends in a row of the history.

Each epoch draws its order and its noise from generators of its own, so that a training run that is
resumed continues with the very numbers that it would have had. Checkpoints are written at the end
of epochs, and within one that is long: at most a minute is lost.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from sparsevae.distributions.noise import torch_generator
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile, TrainingDiverged
from sparsevae.models.activity import count_used, has_collapsed
from sparsevae.models.base import GenerativeModel, Model, Terms
from sparsevae.models.precision import products_in
from sparsevae.models.schedules import Schedule, Schedules
from sparsevae.study.settings import Training
from sparsevae.training import checkpoints
from sparsevae.training.adam import Adam
from sparsevae.training.interruption import Interruption, held_back
from sparsevae.training.kept import best_epoch, kept_epoch, out_of_patience

TERM_NAMES = [term.name for term in fields(Terms)]
HISTORY_COLUMNS = [
    "epoch",
    "step",
    "learning_rate",
    "slab_warmup",
    "sharpness",
    *[f"train_{name}" for name in TERM_NAMES],
    *[f"validation_{name}" for name in TERM_NAMES],
    "used_latents",
    "collapsed",
]
VALIDATION_BATCH = 500
SECONDS_BETWEEN_CHECKPOINTS = 50.0
SHORT = 10.0  # seconds to the end of an epoch, which is then waited for


@dataclass(frozen=True)
class Budget:
    """How many steps a training run takes, and how many of them make an epoch."""

    steps: int
    steps_per_epoch: int

    @classmethod
    def of(cls, settings: Training, n_train: int) -> "Budget":
        """Return `iterations` if set, else `epochs` over the training samples.

        The rest of a division by the batch size makes a smaller last batch.
        """
        per_epoch = -(-n_train // settings.batch_size)
        steps = settings.iterations or (settings.epochs or 0) * per_epoch
        return cls(steps, per_epoch)

    @property
    def epochs(self) -> int:
        """The number of epochs, the last of which may be shorter."""
        return -(-self.steps // self.steps_per_epoch)

    def steps_of(self, epoch: int) -> tuple[int, int]:
        """Return the first step of an epoch, and the one after its last."""
        first = epoch * self.steps_per_epoch
        return first, min(first + self.steps_per_epoch, self.steps)


class Trainer:
    """Trains one model; `run` returns the history, one mapping an epoch.

    train, validation: samples (n, features) on the model's device; schedules: the budget, and what
    changes in its course; seed: of the order, the noise and the validation; name: of the run in
    messages; checkpoint: where to save and from where to resume; report: receives one line an
    epoch, and warnings; clock: seconds, by which checkpoints are due.
    """

    def __init__(
        self,
        model: Model,
        train: Tensor,
        validation: Tensor,
        schedules: Schedules,
        *,
        seed: int,
        name: str = "training",
        checkpoint: checkpoints.CheckpointFile | None = None,
        report: Callable[[str], None] = lambda line: None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.model, self.train, self.validation = model, train, validation
        self.schedules, self.settings = schedules, schedules.training
        self.seed, self.name = seed, name
        self.budget = Budget.of(self.settings, len(train))
        self.checkpoint, self.report = checkpoint, report
        self.optimiser = Adam(dict(model.named_parameters()))
        self.history: checkpoints.History = []
        self.clock = clock
        self._saved_step, self._saved_at = 0, 0.0
        self._running: checkpoints.RunningEpoch | None = None
        self._best: checkpoints.Weights | None = None
        self._interruption: Interruption | None = None

    def run(self) -> checkpoints.History:
        """Train to the end of the budget, from the checkpoint if there is one.

        SIGINT and SIGTERM are held back until the progress is saved: at the end of the epoch if
        that is near, else after the step. Raise TrainingDiverged at the end of the epoch in which a
        loss was not finite.
        """
        if self.checkpoint is None:
            return self._run()
        with held_back() as self._interruption:
            return self._run()

    def _run(self) -> checkpoints.History:
        self.resume()
        self._saved_at = self.clock()
        for epoch in range(len(self.history), self.budget.epochs):
            if out_of_patience(self.history, self.settings.patience):
                break
            self.end_epoch(epoch, self.train_epoch(epoch))
        return self.finish()

    def resume(self) -> None:
        """Resume from the checkpoint if it is of this very run, or from the one before it."""
        files = (self.checkpoint, self.checkpoint.previous) if self.checkpoint else ()
        storage.remove_leftovers(file.path for file in files)
        for file in files:
            if not file.path.exists():
                continue
            try:
                progress = file.load(self.model, self.optimiser)
            except (DamagedFile, checkpoints.OtherWeights) as error:
                self.report(
                    f"WARNING: {error} (kept as {file.set_aside()}); training goes on from the "
                    "checkpoint before it, or starts anew"
                )
                continue
            if progress is None:
                self.report(f"{self.name}: its checkpoint is of other settings, not used")
            else:
                self._continue(progress)
            return

    def _continue(self, progress: checkpoints.Progress) -> None:
        self.history, self._running = progress.history, progress.running
        self._best = progress.best
        done = 0 if self._running is None else len(self._running.totals)
        self._saved_step = self.budget.steps_of(len(self.history))[0] + done
        steps = f" and {done} steps" if done else ""
        self.report(f"{self.name}: goes on after epoch {len(self.history)}{steps}")

    def end_epoch(self, epoch: int, totals: Tensor) -> None:
        """Check, record and, if it is time, save; totals: as from `train_epoch`."""
        self._check_finite(epoch, totals)
        first, last = self.budget.steps_of(epoch)
        size = self.settings.batch_size
        self._record(epoch, last, totals.sum(0) / min((last - first) * size, len(self.train)))
        self._take_best()
        due = last - self._saved_step >= self.settings.checkpoint_every
        if due or self._time_is_up() or self._asked_to_stop():
            self._save(last)

    def finish(self) -> checkpoints.History:
        """Leave the result in the checkpoint and return the history."""
        if self._best is not None:
            self.model.load_state_dict(self._best)
        if self.checkpoint:
            self.checkpoint.finish(self.model, self.history)
        self._warn_of_collapse()
        return self.history

    def batches(self, epoch: int) -> list[Tensor]:
        """Return the indices of each batch of an epoch, in the order of its own generator."""
        first, last = self.budget.steps_of(epoch)
        order = torch_generator(self.seed, "order", epoch)
        permutation = torch.randperm(len(self.train), generator=order).to(self.train.device)
        return list(permutation.split(self.settings.batch_size)[: last - first])

    def noise(self, epoch: int) -> torch.Generator:
        """Return the generator of an epoch's noise."""
        return torch_generator(self.seed, "noise", epoch, device=self.train.device.type)

    def train_epoch(self, epoch: int) -> Tensor:
        """Train the steps of an epoch; return the sum of each term of each, (steps, terms)."""
        first, _ = self.budget.steps_of(epoch)
        batches, noise = self.batches(epoch), self.noise(epoch)
        totals = torch.empty(len(batches), len(TERM_NAMES), device=self.train.device)
        done = self._take_running(totals, noise)
        started, skipped = self.clock(), done
        self.model.train()
        for position in range(done, len(batches)):
            schedule = self.schedules.at((first + position) / self.budget.steps)
            batch = self.train.index_select(0, batches[position])
            totals[position] = self._step(batch, schedule, noise)
            done = position + 1
            if done < len(batches) and (self._time_is_up() or self._asked_to_stop()):
                pace = (self.clock() - started) / (done - skipped)
                if pace * (len(batches) - done) >= SHORT:
                    self._check_finite(epoch, totals[:done])
                    running = checkpoints.RunningEpoch(totals[:done], noise.get_state())
                    self._save(first + done, running)
        return totals

    def _take_running(self, totals: Tensor, noise: torch.Generator) -> int:
        """Fill in what an interrupted epoch had done; return how many steps that are."""
        running, self._running = self._running, None
        if running is None:
            return 0
        done = len(running.totals)
        totals[:done] = running.totals.to(totals.device)
        noise.set_state(running.noise)
        return done

    def _step(self, batch: Tensor, schedule: Schedule, noise: torch.Generator) -> Tensor:
        """Take one step of Adam; return the sum of each term over the batch, (terms,)."""
        self.optimiser.zero_grad()
        with products_in(self.settings.precision, batch.device.type):
            terms = self.model.objective(batch, schedule, noise, self.settings.draws)
            terms.loss.mean().backward()
        self.optimiser.step(schedule.learning_rate)
        return summed(terms)

    def _check_finite(self, epoch: int, totals: Tensor) -> None:
        # A finite loss can have a gradient that is not, and then no loss after it would tell.
        weights = torch.stack([p.isfinite().all() for p in self.model.parameters()]).all()
        finite = torch.cat([totals.isfinite().all(-1), weights[None]]).tolist()
        if not all(finite):
            batch = min(finite.index(False), len(totals) - 1)
            kept = (
                self.checkpoint.path if self.checkpoint and self.checkpoint.path.exists() else None
            )
            raise TrainingDiverged(
                f"{self.name}: the loss is not a finite number in epoch {epoch + 1}, "
                f"batch {batch + 1}; lower training.learning_rate"
                + (f" (last good checkpoint: {kept})" if kept else "")
            )

    @torch.no_grad()
    def _validate(self, epoch: int) -> tuple[Tensor, int]:
        """Return the mean of each term on the validation set, and the number of used latents."""
        if not len(self.validation):
            return torch.full((len(TERM_NAMES),), torch.nan), -1
        self.model.eval()
        noise = torch_generator(self.seed, "validation", epoch, device=self.validation.device.type)
        schedule = self.schedules.at(1.0)
        batches = self.validation.split(VALIDATION_BATCH)
        total = torch.zeros(len(TERM_NAMES), device=self.validation.device)
        for batch in batches:
            total += summed(self.model.objective(batch, schedule, noise))
        codes = torch.cat([self.model.posterior_mean(batch) for batch in batches])
        return total / len(self.validation), count_used(codes)

    def _record(self, epoch: int, step: int, train_terms: Tensor) -> None:
        validation_terms, used = self._validate(epoch)
        schedule = self.schedules.at((step - 1) / self.budget.steps)
        values = [epoch + 1, step, schedule.learning_rate, schedule.slab_warmup, schedule.sharpness]
        values += [*train_terms.tolist(), *validation_terms.tolist(), used]
        values.append(self._collapsed(validation_terms, used))
        row = dict(zip(HISTORY_COLUMNS, values, strict=True))
        self.history.append(row)
        self.report(
            f"{self.name}: epoch {epoch + 1} of {self.budget.epochs}, "
            f"train loss {row['train_loss']:.2f}, validation {row['validation_loss']:.2f} nats, "
            f"{used} of {self.model.latent_dim} latents used"
        )

    def _take_best(self) -> None:
        if self.settings.keep == "best" and best_epoch(self.history) == len(self.history) - 1:
            state = self.model.state_dict().items()
            self._best = {name: value.detach().clone() for name, value in state}

    def _collapsed(self, validation_terms: Tensor, used: int) -> int | float:
        """Return 1 or 0; NaN for an autoencoder, which has no KL, and without a validation set."""
        if used < 0 or not isinstance(self.model, GenerativeModel):
            return math.nan
        terms = dict(zip(TERM_NAMES, validation_terms.tolist(), strict=True))
        # The KL to a pseudo-input that x picks can be 0 though x is told by which one it picks.
        known = self.model.penalties_are_kl
        return int(has_collapsed(used, terms["kl_slab"] + terms["kl_spike"] if known else math.nan))

    def _warn_of_collapse(self) -> None:
        kept = self.history[kept_epoch(self.history, self.settings.keep)]
        if kept["collapsed"] == 1:
            kl = kept["validation_kl_slab"] + kept["validation_kl_spike"]
            self.report(
                f"WARNING: {self.name}: collapsed, {kept['used_latents']} of "
                f"{self.model.latent_dim} latents used and a KL of {kl:.2f} nats on the "
                "validation set"
            )

    def _time_is_up(self) -> bool:
        return (
            self.checkpoint is not None
            and self.clock() - self._saved_at >= SECONDS_BETWEEN_CHECKPOINTS
        )

    def _asked_to_stop(self) -> bool:
        return self._interruption is not None and self._interruption.pending is not None

    def _save(self, step: int, running: checkpoints.RunningEpoch | None = None) -> None:
        """Save, and pass on a signal that was held back until now."""
        if self.checkpoint:
            self.checkpoint.save(self.model, self.optimiser, self.history, running, self._best)
        self._saved_step, self._saved_at = step, self.clock()
        if self._interruption and self._interruption.pending:
            self.report(
                f"{self.name}: {self._interruption.name} after step {step} of {self.budget.steps}; "
                "saved, and the next run resumes there"
            )
            self._interruption.deliver()


def summed(terms: Terms) -> Tensor:
    """Return the sum of each term over the batch, (terms,)."""
    return torch.stack([getattr(terms, name).detach().sum() for name in TERM_NAMES])
