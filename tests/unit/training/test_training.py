from itertools import chain
from pathlib import Path

import pytest
import torch
from sparsevae.distributions.noise import torch_generator
from sparsevae.jobs import storage
from sparsevae.jobs.errors import TrainingDiverged
from sparsevae.jobs.seeding import derive_seed
from sparsevae.models.base import Model, Penalties, Terms
from sparsevae.models.registry import build
from sparsevae.models.schedules import Schedule
from sparsevae.models.vae import VAE
from sparsevae.training.checkpoints import CheckpointFile
from sparsevae.training.run import trainer_of
from sparsevae.training.trainer import HISTORY_COLUMNS, Budget, Trainer

SMALL = {"training": {"epochs": 4, "batch_size": 4, "checkpoint_every": 1}}
INPUTS = torch.linspace(0, 1, 60).reshape(10, 6)
VALIDATION = torch.linspace(0.2, 0.7, 18).reshape(3, 6)


class Killed(Exception):
    """Stands for the end of the process: nothing after it runs."""


class Recorder(Model):
    """loss = one weight times the sample's number; keeps what it was given."""

    def __init__(self, poison: int | None = None):
        torch.nn.Module.__init__(self)
        self.latent_dim, self.poison = 2, poison
        self.weight = torch.nn.Parameter(torch.ones(()))
        self.batches: list[list[int]] = []
        self.schedules: list[Schedule] = []
        self.modes: list[bool] = []
        self.noise: list[float] = []
        self.draws: list[int] = []

    def objective(self, inputs, schedule, generator, draws=1):
        self.noise.append(torch.rand((), generator=generator).item())
        self.modes.append(self.training)
        self.draws.append(draws)
        if self.training:
            self.batches.append(inputs[:, 0].int().tolist())
            self.schedules.append(schedule)
        loss = self.weight * inputs[:, 0]
        if self.training and len(self.batches) == self.poison:
            loss = loss * torch.nan
        return Terms(loss, inputs[:, 0], inputs[:, 0] * 2, loss.detach() * 0, loss.detach() * 0 + 1)

    def posterior_mean(self, inputs):
        return inputs


@pytest.fixture
def trainer(tiny_config):
    """A Trainer of a real model on ten samples; `kill_after` an epoch's report, before it saves."""

    def make(path: Path | None = None, kill_after: int | None = None, **settings) -> Trainer:
        config = tiny_config("vsc", **(SMALL | settings))
        model = build(config, (1, 2, 3))
        model.initialise(torch_generator(config.seed, "initialisation"))
        lines: list[str] = []

        def report(line: str) -> None:
            lines.append(line)
            if kill_after is not None and f"epoch {kill_after} of" in line:
                raise Killed

        checkpoint = None if path is None else CheckpointFile(path, "this run")
        made = trainer_of(config, model, INPUTS, VALIDATION, checkpoint, report)
        made.lines = lines
        return made

    return make


def result(trainer: Trainer, folder: Path) -> tuple[bytes, bytes]:
    """History and weights as bytes."""
    storage.write_csv(folder / "history.csv", trainer.history, HISTORY_COLUMNS)
    weights = {name: value.numpy() for name, value in trainer.model.state_dict().items()}
    storage.write_arrays(folder / "weights.npz", weights)
    return (folder / "history.csv").read_bytes(), (folder / "weights.npz").read_bytes()


@pytest.mark.parametrize("settings", [{}, {"slab_warmup": {}, "prior": {"kind": "pseudo_inputs"}}])
@pytest.mark.parametrize("kills", [[1], [2], [4], [2, 3, 4]])
def test_killed_and_resumed_is_the_same_bytes_as_undisturbed(kills, settings, trainer, tmp_path):
    undisturbed = trainer(**settings)
    undisturbed.run()
    for epoch in kills:
        with pytest.raises(Killed):
            trainer(tmp_path / "checkpoint", kill_after=epoch, **settings).run()
    resumed = trainer(tmp_path / "checkpoint", **settings)
    resumed.run()
    goes_on = [line for line in resumed.lines if "goes on after epoch" in line]
    assert len(goes_on) == (max(kills) > 1)  # else it would prove nothing
    assert result(resumed, tmp_path) == result(undisturbed, tmp_path)


def test_resuming_does_only_what_is_left(trainer, tmp_path):
    with pytest.raises(Killed):
        trainer(tmp_path / "checkpoint", kill_after=3).run()
    resumed = trainer(tmp_path / "checkpoint")
    resumed.run()
    lines = [line.split(": ")[1] for line in resumed.lines if not line.startswith("WARNING")]
    assert [line[:7] for line in lines] == ["goes on", "epoch 3", "epoch 4"]


def test_checkpoints_are_as_far_apart_as_asked(trainer, tmp_path, monkeypatch):
    """Ten samples in batches of four make three steps an epoch."""
    saved = []
    monkeypatch.setattr(CheckpointFile, "save", lambda *a: saved.append(a[3][-1]["step"]))
    trainer(tmp_path / "c", training=SMALL["training"] | {"checkpoint_every": 5}).run()
    assert saved == [6, 12]


def test_a_damaged_checkpoint_is_set_aside_and_training_starts_anew(trainer, tmp_path):
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(b"half a checkpoint")
    made = trainer(path)
    made.run()
    undisturbed = trainer()
    undisturbed.run()
    assert "or starts anew" in made.lines[0]
    assert (tmp_path / "checkpoint.safetensors.damaged").read_bytes() == b"half a checkpoint"
    assert result(made, tmp_path) == result(undisturbed, tmp_path)


def test_after_a_damaged_checkpoint_training_goes_on_from_the_one_before(trainer, tmp_path):
    path = tmp_path / "checkpoint.safetensors"
    with pytest.raises(Killed):
        trainer(path, kill_after=4).run()
    content = bytearray(path.read_bytes())
    content[-3] ^= 1  # one bit of one weight
    path.write_bytes(content)
    made = trainer(path)
    made.run()
    assert "its contents are not those that were written" in made.lines[0]
    assert made.lines[1].endswith("goes on after epoch 2")
    undisturbed = trainer()
    undisturbed.run()
    assert result(made, tmp_path) == result(undisturbed, tmp_path)
    assert sorted(file.name for file in tmp_path.glob("checkpoint*")) == [
        "checkpoint.safetensors",
        "checkpoint.safetensors.damaged",
    ]


def test_the_checkpoint_of_another_run_is_not_taken_up(trainer, tmp_path):
    with pytest.raises(Killed):
        trainer(tmp_path / "checkpoint", kill_after=3, seed=2).run()
    made = trainer(tmp_path / "checkpoint")
    made.checkpoint = CheckpointFile(tmp_path / "checkpoint", "another run")
    made.run()
    undisturbed = trainer()
    undisturbed.run()
    assert "of other settings, not used" in made.lines[0]
    assert result(made, tmp_path) == result(undisturbed, tmp_path)


@pytest.fixture
def recorded(tiny_config):
    """A training of `Recorder` on samples 0 to 9; `poison` is the step whose loss is NaN."""

    def make(path: Path | None = None, poison: int | None = None, **training) -> Trainer:
        config = tiny_config("vae", training=SMALL["training"] | training)
        samples = torch.arange(10.0)[:, None].repeat(1, 2)
        checkpoint = None if path is None else CheckpointFile(path, "this run")
        return trainer_of(config, Recorder(poison), samples, samples[:3], checkpoint)

    return make


def test_every_epoch_sees_each_sample_once_in_its_own_order(recorded):
    trainer = recorded()
    trainer.run()
    batches = trainer.model.batches
    assert [len(batch) for batch in batches] == [4, 4, 2] * 4
    orders = [list(chain(*batches[3 * epoch : 3 * epoch + 3])) for epoch in range(4)]
    for epoch, order in enumerate(orders):
        assert sorted(order) == list(range(10))
        generator = torch.Generator().manual_seed(derive_seed(1, "order", epoch))
        assert order == torch.randperm(10, generator=generator).tolist()
    assert len(set(map(tuple, orders))) == 4


def test_every_epoch_draws_its_own_noise(recorded):
    """Of training steps (3 an epoch) and validation (1), each from its generator's start."""
    trainer = recorded()
    trainer.run()
    noise = trainer.model.noise
    for epoch in range(4):
        for position, purpose in ((0, "noise"), (3, "validation")):
            generator = torch.Generator().manual_seed(derive_seed(1, purpose, epoch))
            assert noise[4 * epoch + position] == torch.rand((), generator=generator).item()


def test_validation_is_in_evaluation_mode(recorded):
    trainer = recorded()
    trainer.run()
    assert trainer.model.modes == [True, True, True, False] * 4


def test_several_draws_are_taken_in_training_alone(recorded):
    trainer = recorded(draws=3)
    trainer.run()
    assert trainer.model.draws == [3, 3, 3, 1] * 4


def test_schedule_runs_over_the_steps_of_the_whole_training(recorded):
    trainer = recorded(learning_rate=1.0, schedule="cosine")
    trainer.run()
    rates = [schedule.learning_rate for schedule in trainer.model.schedules]
    expected = (1 + torch.cos(torch.pi * torch.arange(12) / 12)) / 2
    torch.testing.assert_close(torch.tensor(rates), expected)


def test_history_has_means_over_samples_not_over_batches(recorded):
    """Batches of 4, 4 and 2: the mean of their means would be another number."""
    trainer = recorded()
    row = trainer.run()[0]
    assert list(row) == HISTORY_COLUMNS
    assert row["train_reconstruction"] == pytest.approx(4.5)
    assert row["train_kl_slab"] == pytest.approx(9.0)
    assert row["train_sparsity"] == pytest.approx(1.0)
    assert row["validation_reconstruction"] == pytest.approx(1.0)
    # variance of 0, 1, 2 is 2/3, in both columns
    assert row["used_latents"] == 2
    # a model without a posterior and a prior has no KL to collapse
    assert row["collapsed"] != row["collapsed"]
    assert [r["epoch"] for r in trainer.history] == [1, 2, 3, 4]
    assert [r["step"] for r in trainer.history] == [3, 6, 9, 12]


class Half(VAE):
    """Spreads its codes over the inputs, or not, at a KL that is given."""

    spread, kl, own_prior = 1.0, 5.0, True

    @property
    def penalties_are_kl(self):
        return self.own_prior

    def penalties(self, inputs, posterior, schedule=None):
        kl = torch.full_like(inputs[:, 0], self.kl)
        return Penalties(0.25 * kl, 0.75 * kl, torch.zeros_like(kl))

    def posterior_mean(self, inputs):
        return self.spread * inputs[:, :2] * torch.tensor([1.0, 0.0])


@pytest.mark.parametrize(
    ("spread", "kl", "own_prior", "collapsed"),
    [
        (1, 5.0, True, 0),
        (0, 5.0, True, 1),
        (1, 0.6, True, 1),
        (1, 0.6, False, 0),
        (0, 5.0, False, 1),
    ],
)
def test_a_collapse_is_in_the_history_and_warned_of_at_the_end(
    spread, kl, own_prior, collapsed, tiny_config
):
    """No used latent, or a KL below a bit, where it is one to the model's own prior."""
    model = Half((1, 1, 2), 2)
    model.spread, model.kl, model.own_prior = float(spread), kl, own_prior
    samples = torch.arange(10.0)[:, None].repeat(1, 2)
    lines = []
    history = trainer_of(
        tiny_config("vae", **SMALL), model, samples, samples[:3], report=lines.append
    ).run()
    assert [row["collapsed"] for row in history] == [collapsed] * 4
    warnings = [line for line in lines if "WARNING" in line]
    expected = (
        f"WARNING: digits/vae/latent-2/seed-1: collapsed, {spread} of 2 latents used and a KL of "
        f"{kl:.2f} nats on the validation set"
    )
    assert warnings == [expected] * collapsed
    if collapsed:
        assert lines[-1] == expected


def test_a_run_that_ends_from_its_last_checkpoint_still_warns(trainer, tmp_path):
    """Killed between its last checkpoint and its results."""
    collapsing = {"training": SMALL["training"] | {"learning_rate": 1e-9}}
    for _ in range(2):
        made = trainer(tmp_path / "checkpoint", **collapsing)
        made.run()
        assert "WARNING" in made.lines[-1]
    assert len(made.lines) == 2


def test_without_validation_its_columns_are_not_defined(tiny_config):
    config = tiny_config("vae", **SMALL)
    samples = torch.arange(10.0)[:, None]
    row = trainer_of(config, Recorder(), samples, samples[:0]).run()[0]
    assert row["validation_loss"] != row["validation_loss"]
    assert row["used_latents"] == -1
    assert row["collapsed"] != row["collapsed"]


@pytest.mark.parametrize(
    ("poison", "epoch", "batch", "kept"), [(8, 3, 2, True), (1, 1, 1, False), (12, 4, 3, True)]
)
def test_a_loss_that_is_no_number_stops_with_epoch_and_batch(
    poison, epoch, batch, kept, recorded, tmp_path
):
    path = tmp_path / "checkpoint"
    trainer = recorded(path, poison)
    with pytest.raises(TrainingDiverged) as error:
        trainer.run()
    message = str(error.value)
    assert message.startswith(
        "digits/vae/latent-2/seed-1: the loss is not a finite number in "
        f"epoch {epoch}, batch {batch}; lower training.learning_rate"
    )
    assert ("last good checkpoint" in message) == path.exists() == kept
    if kept:
        good = recorded(path)
        good.run()
        assert len(good.model.batches) == 12 - 3 * (epoch - 1)  # resumed before the bad epoch
        assert good.model.weight.isfinite()


def test_a_last_step_that_breaks_the_weights_is_not_a_result(recorded, tmp_path):
    """A finite loss can have a gradient that is not: the weights are looked at too."""
    path = tmp_path / "checkpoint"
    trainer = recorded(path)
    weight = trainer.model.weight
    weight.register_hook(
        lambda gradient: gradient * torch.nan if len(trainer.model.batches) == 12 else gradient
    )
    with pytest.raises(TrainingDiverged, match="epoch 4"):
        trainer.run()
    good = recorded(path)
    good.run()
    assert len(good.model.batches) == 3  # from the checkpoint before the bad epoch


@pytest.mark.parametrize(
    ("training", "samples", "steps", "epochs"),
    [
        ({"epochs": 3, "batch_size": 4}, 10, 9, 3),
        ({"epochs": 3, "batch_size": 5}, 10, 6, 3),
        ({"epochs": 3, "batch_size": 50}, 10, 3, 3),
        ({"epochs": 3, "batch_size": 4, "iterations": 7}, 10, 7, 3),
        ({"epochs": None, "batch_size": 4, "iterations": 6}, 10, 6, 2),
    ],
)
def test_budget_counts_steps(training, samples, steps, epochs, tiny_config):
    budget = Budget.of(tiny_config("vae", training=training).training, samples)
    assert (budget.steps, budget.epochs) == (steps, epochs)


def test_iterations_end_in_the_middle_of_an_epoch(recorded):
    trainer = recorded(iterations=7)
    trainer.run()
    assert len(trainer.model.batches) == 7
    assert [row["step"] for row in trainer.history] == [3, 6, 7]
    last = trainer.model.batches[6]
    assert trainer.history[-1]["train_reconstruction"] == pytest.approx(sum(last) / 4)


def test_training_lowers_the_loss(trainer):
    history = trainer(training={"epochs": 60, "batch_size": 4, "learning_rate": 0.03}).run()
    assert history[-1]["train_loss"] < history[0]["train_loss"] - 0.1


class Scripted(Recorder):
    """A model whose validation loss is the next of `losses` each epoch; a weight counts steps."""

    def __init__(self, losses: list[float]):
        super().__init__()
        self.losses = losses

    def objective(self, inputs, schedule, generator, draws=1):
        terms = super().objective(inputs, schedule, generator, draws)
        if self.training:
            return terms
        # Of the epoch that the weight says, so that a resumed training meets the same.
        loss = torch.full((len(inputs),), self.losses[round(self.weight.item()) // 10])
        return Terms(loss, loss, loss * 0, loss * 0, loss * 0)


@pytest.fixture
def scripted(tiny_config):
    """A training of six epochs with given validation losses, whose weight is 10 per epoch."""

    def make(losses, path=None, kill_after=None, **training) -> Trainer:
        settings = {"epochs": 6, "batch_size": 4, "checkpoint_every": 1} | training
        config = tiny_config("vae", training=settings)
        samples = torch.arange(10.0)[:, None].repeat(1, 2)
        checkpoint = None if path is None else CheckpointFile(path, "this run")
        made = trainer_of(config, Scripted([0.0, *losses]), samples, samples[:3], checkpoint)
        made.model.weight.data.zero_()
        step = made.optimiser.step

        def counted(learning_rate: float) -> None:
            before = made.model.weight.detach().clone()
            step(learning_rate)
            made.model.weight.data.copy_(before + 10 / 3)

        made.optimiser.step = counted

        def report(line: str) -> None:
            if kill_after is not None and f"epoch {kill_after} of" in line:
                raise Killed

        made.report = report
        return made

    return make


LOSSES = [5.0, 3.0, 4.0, 2.0, 9.0, 6.0]


def weight(trainer: Trainer) -> float:
    return trainer.model.weight.item()


def test_the_last_weights_are_kept_and_all_epochs_done_by_default(scripted):
    trainer = scripted(LOSSES)
    assert [row["validation_loss"] for row in trainer.run()] == LOSSES
    assert weight(trainer) == pytest.approx(60)


def test_the_best_weights_are_those_of_the_lowest_validation_loss(scripted):
    trainer = scripted(LOSSES, keep="best")
    assert len(trainer.run()) == 6
    assert weight(trainer) == pytest.approx(40)


def test_the_first_of_equal_losses_is_the_best(scripted):
    trainer = scripted([5.0, 2.0, 2.0, 2.0, 2.0, 2.0], keep="best")
    trainer.run()
    assert weight(trainer) == pytest.approx(20)


@pytest.mark.parametrize(("patience", "epochs"), [(1, 3), (2, 6), (None, 6)])
def test_patience_ends_a_training_after_epochs_without_a_better_one(scripted, patience, epochs):
    trainer = scripted(LOSSES, patience=patience)
    assert len(trainer.run()) == epochs
    assert weight(trainer) == pytest.approx(10 * epochs)  # of the last epoch that was done


@pytest.mark.parametrize("kills", [[1], [2], [3], [4], [2, 3, 4]])
@pytest.mark.parametrize("patience", [1, 2, None])
def test_best_and_patience_are_the_same_after_a_kill(scripted, kills, patience, tmp_path):
    undisturbed = scripted(LOSSES, keep="best", patience=patience)
    undisturbed.run()
    for epoch in kills:
        try:
            scripted(LOSSES, tmp_path / "c", kill_after=epoch, keep="best", patience=patience).run()
        except Killed:
            continue
    resumed = scripted(LOSSES, tmp_path / "c", keep="best", patience=patience)
    resumed.run()
    assert repr(resumed.history) == repr(undisturbed.history)  # NaN differs from NaN
    assert weight(resumed) == weight(undisturbed)
    # And once more, from the checkpoint of a training that has ended.
    again = scripted(LOSSES, tmp_path / "c", keep="best", patience=patience)
    assert repr(again.run()) == repr(undisturbed.history)
    assert weight(again) == weight(undisturbed)


def test_a_real_training_with_best_weights_is_the_same_after_a_kill(trainer, tmp_path):
    settings = {"training": SMALL["training"] | {"keep": "best", "patience": 1, "epochs": 4}}
    undisturbed = trainer(**settings)
    undisturbed.run()
    for epoch in (2, 3):
        with pytest.raises(Killed):
            trainer(tmp_path / "checkpoint", kill_after=epoch, **settings).run()
    resumed = trainer(tmp_path / "checkpoint", **settings)
    resumed.run()
    assert result(resumed, tmp_path) == result(undisturbed, tmp_path)
