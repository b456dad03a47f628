"""The only training loop: Adam over data in memory; each epoch ends in a row of the history.

Each epoch draws its order and its noise from generators of its own, so that a training resumed at
the end of any epoch goes on with the very numbers that it would have had.
"""

import math
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
from sparsevae.models.schedules import Schedule, schedule_at
from sparsevae.study.settings import RunConfig
from sparsevae.training import checkpoints
from sparsevae.training.adam import Adam

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


@dataclass(frozen=True)
class Budget:
    """How many steps a training takes, and how many of them make an epoch."""

    steps: int
    steps_per_epoch: int

    @classmethod
    def of(cls, config: RunConfig, n_train: int) -> "Budget":
        """`iterations` if set, else `epochs` over the training samples (the rest of a division by
        the batch size makes a smaller last batch)."""
        per_epoch = -(-n_train // config.training.batch_size)
        steps = config.training.iterations or config.training.epochs * per_epoch
        return cls(steps, per_epoch)

    @property
    def epochs(self) -> int:
        return -(-self.steps // self.steps_per_epoch)

    def steps_of(self, epoch: int) -> tuple[int, int]:
        """The first step of an epoch, and the one after its last."""
        first = epoch * self.steps_per_epoch
        return first, min(first + self.steps_per_epoch, self.steps)


class Trainer:
    """Trains one model; `run` returns the history, one mapping an epoch."""

    def __init__(
        self,
        model: Model,
        train: Tensor,
        validation: Tensor,
        checkpoint: checkpoints.CheckpointFile | None = None,
        report: Callable[[str], None] = lambda line: None,
    ):
        self.model, self.train, self.validation = model, train, validation
        self.config = model.config
        self.budget = Budget.of(self.config, len(train))
        self.checkpoint, self.report = checkpoint, report
        self.optimiser = Adam(dict(model.named_parameters()))
        self.history: checkpoints.History = []
        self._saved_step = 0

    def run(self) -> checkpoints.History:
        """Trains to the end of the budget, from the checkpoint if there is one.

        Raises TrainingDiverged at the end of the epoch in which a loss was not finite.
        """
        self.resume()
        for epoch in range(len(self.history), self.budget.epochs):
            self.end_epoch(epoch, self.train_epoch(epoch))
        return self.finish()

    def resume(self) -> None:
        """Takes up the checkpoint, if there is one of this very run; else the one before it."""
        files = (self.checkpoint, self.checkpoint.previous) if self.checkpoint else ()
        storage.remove_leftovers(file.path for file in files)
        for file in files:
            if not file.path.exists():
                continue
            try:
                history = file.load(self.model, self.optimiser)
            except DamagedFile as error:
                self.report(
                    f"WARNING: {error} (kept as {file.set_aside()}); training goes on from the "
                    "checkpoint before it, or starts anew"
                )
                continue
            name = run_name(self.config)
            if history is None:
                self.report(f"{name}: its checkpoint is of other settings, not used")
            else:
                self.history, self._saved_step = history, int(history[-1]["step"])
                self.report(f"{name}: goes on after epoch {len(history)}")
            return

    def end_epoch(self, epoch: int, totals: Tensor) -> None:
        """Checks, records and, where it is time, saves; totals: as from `train_epoch`."""
        self._check_finite(epoch, totals)
        first, last = self.budget.steps_of(epoch)
        size = self.config.training.batch_size
        self._record(epoch, last, totals.sum(0) / min((last - first) * size, len(self.train)))
        if last - self._saved_step >= self.config.training.checkpoint_every:
            self._save()
            self._saved_step = last

    def finish(self) -> checkpoints.History:
        """Leaves the result in the checkpoint; returns the history."""
        if self.checkpoint:
            self.checkpoint.finish(self.model, self.history)
        self._warn_of_collapse()
        return self.history

    def batches(self, epoch: int) -> list[Tensor]:
        """The indices of each batch of an epoch, in the order of its own generator."""
        first, last = self.budget.steps_of(epoch)
        order = torch_generator(self.config.seed, "order", epoch)
        permutation = torch.randperm(len(self.train), generator=order).to(self.train.device)
        return list(permutation.split(self.config.training.batch_size)[: last - first])

    def noise(self, epoch: int) -> torch.Generator:
        """What an epoch draws its noise from."""
        return torch_generator(self.config.seed, "noise", epoch, device=self.train.device.type)

    def train_epoch(self, epoch: int) -> Tensor:
        """Trains the steps of an epoch; returns the sum of each term of each, (steps, terms)."""
        first, _ = self.budget.steps_of(epoch)
        batches, noise = self.batches(epoch), self.noise(epoch)
        totals = torch.empty(len(batches), len(TERM_NAMES), device=self.train.device)
        self.model.train()
        for position, indices in enumerate(batches):
            schedule = schedule_at(self.config, (first + position) / self.budget.steps)
            totals[position] = self._step(self.train.index_select(0, indices), schedule, noise)
        return totals

    def _step(self, batch: Tensor, schedule: Schedule, noise: torch.Generator) -> Tensor:
        """One step of Adam; returns the sum of each term over the batch, (terms,)."""
        self.optimiser.zero_grad()
        with products_in(self.config.training.precision, batch.device.type):
            terms = self.model.objective(batch, schedule, noise)
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
                f"{run_name(self.config)}: the loss is not a finite number in epoch {epoch + 1}, "
                f"batch {batch + 1}; lower training.learning_rate"
                + (f" (last good checkpoint: {kept})" if kept else "")
            )

    @torch.no_grad()
    def _validate(self, epoch: int) -> tuple[Tensor, int]:
        """Mean of each term on the validation set, and the number of used latents."""
        if not len(self.validation):
            return torch.full((len(TERM_NAMES),), torch.nan), -1
        self.model.eval()
        noise = torch_generator(
            self.config.seed, "validation", epoch, device=self.validation.device.type
        )
        schedule = schedule_at(self.config, 1.0)
        batches = self.validation.split(self.config.evaluation.batch_size)
        total = sum(summed(self.model.objective(batch, schedule, noise)) for batch in batches)
        codes = torch.cat([self.model.codes(batch) for batch in batches])
        return total / len(self.validation), count_used(codes)

    def _record(self, epoch: int, step: int, train_terms: Tensor) -> None:
        validation_terms, used = self._validate(epoch)
        schedule = schedule_at(self.config, (step - 1) / self.budget.steps)
        values = [epoch + 1, step, schedule.learning_rate, schedule.slab_warmup, schedule.sharpness]
        values += [*train_terms.tolist(), *validation_terms.tolist(), used]
        values.append(self._collapsed(validation_terms, used))
        row = dict(zip(HISTORY_COLUMNS, values, strict=True))
        self.history.append(row)
        self.report(
            f"{run_name(self.config)}: epoch {epoch + 1} of {self.budget.epochs}, "
            f"train loss {row['train_loss']:.2f}, validation {row['validation_loss']:.2f} nats, "
            f"{used} of {self.config.latent_dim} latents used"
        )

    def _collapsed(self, validation_terms: Tensor, used: int) -> int | float:
        """1 or 0; NaN for an autoencoder, which has no KL, and without a validation set."""
        if used < 0 or not isinstance(self.model, GenerativeModel):
            return math.nan
        terms = dict(zip(TERM_NAMES, validation_terms.tolist(), strict=True))
        # The KL to a pseudo-input that x picks can be 0 though x is told by which one it picks.
        known = self.model.penalties_are_kl
        return int(has_collapsed(used, terms["kl_slab"] + terms["kl_spike"] if known else math.nan))

    def _warn_of_collapse(self) -> None:
        last = self.history[-1]
        if last["collapsed"] == 1:
            kl = last["validation_kl_slab"] + last["validation_kl_spike"]
            self.report(
                f"WARNING: {run_name(self.config)}: collapsed, {last['used_latents']} of "
                f"{self.config.latent_dim} latents used and a KL of {kl:.2f} nats on the "
                "validation set"
            )

    def _save(self) -> None:
        if self.checkpoint:
            self.checkpoint.save(self.model, self.optimiser, self.history)


def summed(terms: Terms) -> Tensor:
    """The sum of each term over the batch, (terms,)."""
    return torch.stack([getattr(terms, name).detach().sum() for name in TERM_NAMES])


def run_name(config: RunConfig) -> str:
    return f"{config.dataset}/{config.model}/latent-{config.latent_dim}/seed-{config.seed}"
