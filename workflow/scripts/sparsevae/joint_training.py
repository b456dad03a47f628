"""Several seeds of one configuration trained at once, in one process.

Their parameters are stacked, (seeds, ...), and one step computes all of them: products become
batched products. Each seed has the order, the noise and the history that it has alone; sums are
taken in another order, so that its weights differ by rounding. It pays where what a step costs is
to launch its operations: on a GPU, and on the CPU for small models (docs/speed.md).
"""

from collections import defaultdict
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from sparsevae.adam import Adam
from sparsevae.errors import TrainingDiverged
from sparsevae.generators import torch_generator
from sparsevae.models.model import Model, Terms
from sparsevae.noise import Draw, Drawn, Listener
from sparsevae.precision import products_in
from sparsevae.schedules import Schedule, schedule_at
from sparsevae.training import TERM_NAMES, Trainer


def train_together(trainers: Sequence[Trainer]) -> None:
    """Runs trainers whose settings differ in the seed alone.

    Those that a killed job left at different epochs go on in groups of the same epoch. One whose
    loss is not finite is left at its last checkpoint, with a warning, and the others go on.
    """
    groups: dict[int, list[Trainer]] = defaultdict(list)
    for trainer in trainers:
        trainer.resume()
        groups[len(trainer.history)].append(trainer)
    for group in groups.values():
        while group and len(group[0].history) < group[0].budget.epochs:
            group = JointTraining(group).run()
        for trainer in group:
            trainer.finish()


class JointTraining:
    """Trainers of one configuration, in step with each other."""

    def __init__(self, trainers: Sequence[Trainer]):
        self.trainers = trainers
        self.config, self.budget = trainers[0].config, trainers[0].budget
        self.objective = _Objective(trainers[0].model)
        self.parameters = _stacked([dict(t.model.named_parameters()) for t in trainers])
        self.optimiser = Adam(self.parameters)
        self._share_memory()
        self._draws: dict[int, list[Draw]] = {}

    def run(self) -> list[Trainer]:
        """Epochs until the last one, or one in which a loss is not finite; returns the sound ones.

        The trainers record each epoch and write their checkpoints.
        """
        for epoch in range(len(self.trainers[0].history), self.budget.epochs):
            totals = self.train_epoch(epoch)
            sound = []
            for trainer, of_trainer in zip(self.trainers, totals.unbind(1), strict=True):
                try:
                    trainer.end_epoch(epoch, of_trainer)
                    sound.append(trainer)
                except TrainingDiverged as error:
                    trainer.report(f"WARNING: {error}")
            if len(sound) < len(self.trainers):
                return sound
        return list(self.trainers)

    def _share_memory(self) -> None:
        """Makes the trainers' parameters and moments views of the stacked ones."""
        for name, stacked in self.parameters.items():
            moments = (self.optimiser.first[name], self.optimiser.second[name])
            for trainer, values, *of_trainer in zip(
                self.trainers, stacked.detach(), *moments, strict=True
            ):
                own = trainer.optimiser
                for view, old in zip(of_trainer, (own.first, own.second), strict=True):
                    view.copy_(old[name])
                    old[name] = view
                self.optimiser.steps[name].copy_(own.steps[name])
                own.steps[name] = self.optimiser.steps[name]
                trainer.model.get_parameter(name).data = values

    def train_epoch(self, epoch: int) -> Tensor:
        """The sums of terms of each step, (steps, seeds, terms)."""
        first, _ = self.budget.steps_of(epoch)
        batches = zip(*(trainer.batches(epoch) for trainer in self.trainers), strict=True)
        noise = [trainer.noise(epoch) for trainer in self.trainers]
        for trainer in self.trainers:
            trainer.model.train()
        totals = []
        for position, indices in enumerate(batches):
            schedule = schedule_at(self.config, (first + position) / self.budget.steps)
            inputs = torch.stack(
                [t.train.index_select(0, i) for t, i in zip(self.trainers, indices, strict=True)]
            )
            totals.append(self._step(inputs, schedule, noise))
        return torch.stack(totals)

    def _step(self, inputs: Tensor, schedule: Schedule, noise: list[torch.Generator]) -> Tensor:
        """One step of Adam of every seed; the sum of each term, (seeds, terms)."""
        draws = self._asked_for(inputs[0], schedule)
        drawn = [torch.stack([draw.of(generator) for generator in noise]) for draw in draws]

        def terms_of(parameters: dict[str, Tensor], samples: Tensor, values: list[Tensor]) -> tuple:
            arguments = (samples, schedule, Drawn(values))
            terms = functional_call(self.objective, parameters, arguments)
            return tuple(getattr(terms, name) for name in TERM_NAMES)

        named = {f"model.{name}": value for name, value in self.parameters.items()}
        self.optimiser.zero_grad()
        with products_in(self.config.training.precision, inputs.device.type):
            terms = torch.stack(vmap(terms_of)(named, inputs, drawn))
            # The sum over seeds of their means: each seed's gradient is that of its own mean.
            terms[TERM_NAMES.index("loss")].mean(1).sum().backward()
        self.optimiser.step(schedule.learning_rate)
        return terms.detach().sum(-1).T

    @torch.no_grad()
    def _asked_for(self, samples: Tensor, schedule: Schedule) -> list[Draw]:
        """The noise that a batch of this size asks for, found out once."""
        if len(samples) not in self._draws:
            listener = Listener(torch_generator(0, "listener", device=samples.device.type))
            self.objective(samples, schedule, listener)
            self._draws[len(samples)] = listener.heard
        return self._draws[len(samples)]


class _Objective(nn.Module):
    """A model's objective as the forward pass of a module, for functional_call."""

    def __init__(self, model: Model):
        super().__init__()
        self.model = model

    def forward(self, *arguments: object) -> Terms:
        return self.model.objective(*arguments)


def _stacked(parameters: Sequence[dict[str, nn.Parameter]]) -> dict[str, Tensor]:
    """Leaves of shape (seeds, ...)."""
    return {
        name: torch.stack([of_seed[name].detach() for of_seed in parameters]).requires_grad_()
        for name in parameters[0]
    }
