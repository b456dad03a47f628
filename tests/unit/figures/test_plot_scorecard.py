"""The scorecard's figure: counts and differences are the table's."""

import pandas as pd
from matplotlib.colors import to_rgba
from sparsevae.figures.scorecard import draw


def entry(verdict, measure="loss", difference=-1.0, model="VSC", **others):
    row = {"source": "report", "dataset": "mnist", "model": model, "measure": measure}
    row |= {"setting": "family=vsc; prior.spike_prob=0.5; beta=1", "verdict": verdict}
    return row | {"difference": None if verdict == "missing" else difference} | others


TABLE = pd.DataFrame(
    [
        *(entry("better", difference=-k) for k in (1.0, 2.0, 3.0)),
        entry("worse", difference=0.5),
        *(entry("missing") for _ in range(200)),
        entry("within", "correlation_contrast", 0.01, dataset="smiley"),
        entry("missing", "spike_prob[3]", dataset="smiley"),
    ]
)


def test_bars_are_counts_of_verdicts():
    axes = draw(TABLE).axes[0]
    widths = [[bar.get_width() for bar in bars] for bars in axes.containers]
    assert widths == [[3, 0], [0, 1], [1, 0], [0, 0], [0, 0], [200, 1]]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "report: mnist",
        "report: smiley",
    ]


def test_parts_too_narrow_for_their_number_have_it_beside_the_bar():
    texts = [text.get_text() for text in draw(TABLE).axes[0].texts]
    assert "3 better, 1 worse, 200 missing" in texts
    assert "1 within, 1 missing" in texts


def test_measures_that_were_run_have_a_panel():
    figure = draw(TABLE)
    labels = [axes.get_xlabel() for axes in figure.axes[1:]]
    assert [label.split(": ")[1].split(" ")[0] for label in labels] == ["loss", "correlation"]
    names = [label.get_text() for label in figure.axes[1].get_yticklabels()]
    assert names == ["mnist: VSC α = 0.5"]


def test_differences_are_coloured_by_verdict():
    axes = draw(TABLE).axes[1]
    better, within, worse, undecided = axes.collections
    assert better.get_offsets()[:, 0].tolist() == [-1, -2, -3]
    assert len(within.get_offsets()) == len(undecided.get_offsets()) == 0
    assert worse.get_offsets()[:, 0].tolist() == [0.5]
    assert tuple(worse.get_facecolors()[0][:3]) == to_rgba("#D55E00")[:3]


def test_nothing_run_is_one_panel(tmp_path):
    figure = draw(TABLE[TABLE["verdict"] == "missing"])
    assert len(figure.axes) == 1
    figure.savefig(tmp_path / "figure.png")


def test_numbers_that_are_not_comparable_are_counted_and_not_drawn():
    table = pd.concat([TABLE, pd.DataFrame([entry("not comparable", "accuracy")])])
    figure = draw(table)
    assert len(figure.axes) == len(draw(TABLE).axes)
    assert "not comparable (1)" in [text.get_text() for text in figure.legends[0].get_texts()]
