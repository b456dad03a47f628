"""Heat maps of spike probabilities: cells, cosines, order of classes, the paper's below ours."""

import numpy as np
from sparsevae.evaluation.class_cosines import cosines
from sparsevae.figures.class_activations import latent_order
from sparsevae.figures.class_spikes import draw
from unit.figures import examples

NAMES = [f"class {number}" for number in range(10)]


def test_cells_and_cosines_are_the_tables_in_the_order_of_classes():
    table = examples.activations(12, 10, spikes=True)
    labels = [3, 1, 4, 0, 5, 9, 2, 6, 8, 7]
    left, right, _ = draw({"vsc": table}, NAMES, labels, None).axes
    rows = table["mean_spike_prob"].to_numpy().reshape(10, 12)[labels]
    shown = left.images[0].get_array()
    np.testing.assert_array_equal(shown, rows[:, latent_order(rows)])
    np.testing.assert_allclose(right.images[0].get_array(), cosines(rows))
    assert left.images[0].get_clim() == right.images[0].get_clim() == (0, 1)
    ticks = [label.get_text() for label in left.get_yticklabels()]
    assert ticks == [NAMES[label] for label in labels]
    written = {(int(t.get_position()[1]), int(t.get_position()[0])): t for t in right.texts}
    assert len(written) == 90
    assert written[0, 1].get_text() == f"{100 * cosines(rows)[0, 1]:.0f}"


def test_models_without_spikes_are_left_out_and_the_papers_come_last():
    tables = {m: examples.activations(8, 10, m.startswith("vsc")) for m in examples.MODELS}
    theirs = np.random.default_rng(0).uniform(0, 1, (10, 60))
    figure = draw(tables, NAMES, range(10), theirs)
    titles = [axes.get_title() for axes in figure.axes[:-1:2]]
    assert [title.split(": ")[0] for title in titles] == ["VSC", "VSC-WU", "VSC, published"]
    assert titles[2].endswith(f"60 latents, mean {theirs.mean():.2f}")
    np.testing.assert_array_equal(
        figure.axes[4].images[0].get_array(), theirs[:, latent_order(theirs)]
    )


def test_a_class_without_samples_and_a_collapsed_model_are_drawn(tmp_path):
    table = examples.activations(4, 16, spikes=True)
    table["mean_spike_prob"] = 0.0
    names = [f"$_{number}" for number in range(16)]
    figure = draw({"vsc": table[table["label"] != 3]}, names, range(16), None)
    assert figure.axes[0].images[0].get_array().mask[3].all()
    assert figure.axes[1].images[0].get_array().mask.all()  # no direction, no cosine
    figure.savefig(tmp_path / "figure.png")
