"""Which codes and labels the probes see, and what becomes of their accuracies."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import StandardScaler
from sparsevae.data.split import Split
from sparsevae.evaluation import probes, published_probe
from sparsevae.evaluation.encoded import encode_posterior, encode_split
from sparsevae.evaluation.probes import PROBE_COLUMNS, codes_of
from sparsevae.models.base import Model
from sparsevae.study.settings import Evaluation


def images(n: int, seed: int) -> Split:
    """Random images of 1x2x3 pixels with three labels, and one pixel that tells the label."""
    generator = np.random.default_rng(seed)
    inputs = generator.integers(0, 256, (n, 1, 2, 3), dtype=np.uint8)
    labels = (np.arange(n) % 3).astype(np.uint8)
    inputs[:, 0, 0, 0] = labels * 100
    return Split(inputs, labels)


TRAIN, TEST = images(60, 1), images(30, 2)


@pytest.fixture
def model(tiny_model):
    return lambda family: tiny_model(family, shape=(1, 2, 3)).float()


def probe(model: Model, train: Split = TRAIN, test: Split = TEST, **settings) -> tuple:
    """Measures and rows, of codes that are encoded eight images at a time."""
    evaluation = Evaluation(**({"batch_size": 8} | settings))
    encoded = encode_split(model, test, "unit_interval", 8).first(evaluation.max_images)
    return probes.probe(model, train, encoded, "unit_interval", evaluation, seed=1)


def encode(model: Model, split: Split) -> dict[str, np.ndarray]:
    return codes_of(encode_posterior(model, split, "unit_interval", 8))


@pytest.fixture
def seen(monkeypatch):
    """Every call of a classifier; the n-th has accuracy n / 100, the published one 0.99."""
    calls = []

    def spy(*call):
        calls.append(call)
        return (np.arange(100) < len(calls)).astype(float)

    monkeypatch.setattr(probes, "correct_predictions", spy)
    published = (np.arange(100) < 99).astype(float)
    monkeypatch.setattr(published_probe, "correct_predictions", lambda *_: published)
    return calls


def flat(split: Split) -> torch.Tensor:
    return torch.from_numpy(split.inputs.reshape(len(split), -1)) / 255


def reference(train: np.ndarray, test: np.ndarray) -> float:
    scaler = StandardScaler().fit(train)
    penalties = {"C": [0.01, 0.1, 1]}
    search = GridSearchCV(LogisticRegression(max_iter=1000), penalties, scoring="neg_log_loss")
    fitted = search.fit(scaler.transform(train), TRAIN.labels)
    return (fitted.predict(scaler.transform(test)) == TEST.labels).mean()


@torch.no_grad()
def test_gated_codes_are_g_m_and_ungated_ones_m(model):
    vsc = model("vsc")
    heads = vsc.posterior_parameters(flat(TEST))
    codes = encode(vsc, TEST)
    np.testing.assert_allclose(codes["ungated"], heads["mean"], rtol=1e-5)
    gated = torch.sigmoid(heads["spike"]) * heads["mean"]
    np.testing.assert_allclose(codes["gated"], gated, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_the_measures_are_of_a_logistic_regression_on_training_codes(model):
    vsc = model("vsc")
    heads = [vsc.posterior_parameters(flat(split)) for split in (TRAIN, TEST)]
    ungated = [h["mean"].numpy() for h in heads]
    gated = [(h["mean"] * torch.sigmoid(h["spike"])).numpy() for h in heads]
    expected = {
        "probe_accuracy": reference(*gated),
        "probe_accuracy_ungated": reference(*ungated),
    }
    assert expected["probe_accuracy"] != expected["probe_accuracy_ungated"]
    measures = probe(vsc, probe_labels=60)[0]
    assert {name: measures[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize("family", ["ae", "vae", "tcvae"])
def test_without_spikes_both_codes_are_the_same_and_probed_once(family, model, seen):
    measures, table, _ = probe(model(family), probe_labels=9)
    assert len(seen) == 1
    assert (measures["probe_accuracy"], measures["probe_accuracy_ungated"]) == (0.01, 0.01)
    assert [(row["codes"], row["accuracy"]) for row in table] == [
        ("gated", 0.01),
        ("ungated", 0.01),
    ]


def test_label_sets_are_nested_and_drawn_by_the_seed(model, seen):
    vae = model("vae")
    probe(vae, probe_labels=20, probe_curve=(5, 40, 1000))
    labels = [train[1] for _, train, _, _ in seen]
    assert [len(values) for values in labels] == [5, 20, 40, 60]
    for fewer, more in pairwise(labels):
        assert more[: len(fewer)].tolist() == fewer.tolist()
    # drawn, not the first ones
    assert labels[0].tolist() != TRAIN.labels[:5].tolist()
    codes = encode(vae, TRAIN)["gated"]
    for row, label in zip(seen[-1][1][0], labels[-1], strict=True):
        assert TRAIN.labels[np.abs(codes - row).sum(1).argmin()] == label


def test_images_are_encoded_once_whatever_the_number_of_labels(model, seen, monkeypatch):
    encoded = []
    vsc = model("vsc")
    encode = vsc.encode
    monkeypatch.setattr(vsc, "encode", lambda x: encoded.append(len(x)) or encode(x))
    probe(vsc, probe_labels=20, probe_curve=(5, 10, 40))
    assert sum(encoded) == 60 + 30


def test_rows_and_measures_are_of_their_codes_classifier_and_labels(model, seen):
    measures, table, _ = probe(
        model("vsc"), probe_labels=9, probe_curve=(4,), probe_classifiers=("two_layer",)
    )
    assert [tuple(row[name] for name in PROBE_COLUMNS) for row in table] == [
        ("gated", "linear", 4, 0.01),
        ("gated", "linear", 9, 0.02),
        ("gated", "two_layer", 4, 0.03),
        ("gated", "two_layer", 9, 0.04),
        ("ungated", "linear", 4, 0.05),
        ("ungated", "linear", 9, 0.06),
        ("ungated", "two_layer", 4, 0.07),
        ("ungated", "two_layer", 9, 0.08),
    ]
    assert [call[0] for call in seen] == 2 * (2 * ["linear"] + 2 * ["two_layer"])
    assert measures == {
        "probe_accuracy": 0.02,
        "probe_accuracy_ungated": 0.06,
        "probe_accuracy_published": 0.99,
    }


@pytest.mark.parametrize("family", ["vae", "vsc"])
def test_the_published_classifier_sees_slab_means_of_its_number_of_labels(
    family, model, monkeypatch
):
    run, calls = model(family), []
    correct = published_probe.correct_predictions

    def spy(*call):
        calls.append(call)
        return correct(*call)

    monkeypatch.setattr(published_probe, "LABELS", 50)
    monkeypatch.setattr(published_probe, "correct_predictions", spy)
    measures, _, per_image = probe(run, probe_labels=9)
    (((codes, labels), test, seed),) = calls
    assert (len(codes), len(labels), seed) == (50, 50, 1)
    kind = "ungated" if family == "vsc" else "gated"
    np.testing.assert_allclose(test[0], encode(run, TEST)[kind], rtol=1e-5)
    whole = encode(run, TRAIN)[kind]
    for code, label in zip(codes, labels, strict=True):
        assert TRAIN.labels[np.abs(whole - code).sum(1).argmin()] == label
    expected = correct((codes, labels), test, 1)
    assert per_image["probe_accuracy_published"].tolist() == expected.tolist()
    assert measures["probe_accuracy_published"] == expected.mean()


def test_accuracies_are_means_over_the_test_images(model):
    measures, _, per_image = probe(model("vsc"))
    assert {name: values.mean() for name, values in per_image.items()} == measures
    for values in per_image.values():
        assert len(values) == len(TEST)
        assert set(values) <= {0.0, 1.0}


def test_only_the_first_test_images_are_scored_where_asked(model, seen):
    probe(model("vae"), max_images=12)
    codes, labels = seen[0][2]
    assert len(codes) == 12
    assert labels.tolist() == TEST.labels[:12].tolist()


def test_a_dataset_of_one_class_has_no_accuracy(model):
    one = [Split(split.inputs, 0 * split.labels) for split in (TRAIN, TEST)]
    measures, table, _ = probe(model("vsc"), *one)
    assert set(measures.values()) == {None}
    assert {row["accuracy"] for row in table} == {None}


def test_a_second_time_is_the_same(model):
    vsc = model("vsc")
    settings = {"probe_curve": (30,), "probe_classifiers": ("linear", "two_layer")}
    first = probe(vsc, **settings)
    assert probe(vsc.train(), **settings)[:2] == first[:2]
    assert not any(math.isnan(row["accuracy"]) for row in first[1])
