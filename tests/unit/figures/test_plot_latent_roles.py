"""Roles of latents: pictures by sign, rare signs, the class with the largest share."""

import numpy as np
from sparsevae.figures.latent_roles import draw, drawn
from unit.figures import examples

NAMES = [f"class {number}" for number in range(10)]


def vsc(latents: int = 5, **options) -> dict[str, np.ndarray]:
    return examples.pictures("vsc", latents=8) | examples.roles(latents, 10, **options)


def test_columns_have_the_name_and_the_share_of_their_latent():
    run = vsc()
    above, below, _ = draw({"vsc": run}, NAMES).axes
    expected = [
        f"z{latent + 1}\n{100 * sum(shares):.0f} %"
        for latent, shares in zip(run["role_latents"], run["role_shares"], strict=True)
    ]
    assert [label.get_text() for label in above.get_xticklabels()] == expected
    assert above.get_title(loc="left") == "VSC"
    np.testing.assert_array_equal(below.images[0].get_array(), run["role_class_shares"].T)
    # One scale and one place of the columns in both panels.
    assert above.get_xlim() == below.get_xlim()
    np.testing.assert_allclose([t.get_position()[0] for t in below.texts], above.get_xticks())


def test_the_class_with_the_largest_share_has_its_number():
    run = vsc()
    _, below, _ = draw({"vsc": run}, NAMES).axes
    rows = below.get_yticks()
    for text, shares in zip(below.texts, run["role_class_shares"], strict=True):
        assert text.get_text() == f"{100 * shares.max():.0f}"
        assert text.get_position()[1] == rows[shares.argmax()]


def test_what_is_added_is_red_taken_away_blue_and_a_rare_sign_grey():
    run = vsc()
    mosaic = draw({"vsc": run}, NAMES).axes[0].images[0].get_array().astype(int)
    added, taken, rare = mosaic[:28, :28], mosaic[30:58, :28], mosaic[30:58, -28:]
    ink = abs(run["role_pictures"][0].astype(float))[:, 0]
    strongest = [np.unravel_index(one.argmax(), one.shape) for one in ink]
    assert added[strongest[0]][0] > added[strongest[0]][2] + 50
    assert taken[strongest[1]][2] > taken[strongest[1]][0] + 50
    assert (rare == 225).all()
    assert np.isnan(drawn(run)[1, -1]).all()
    run["role_shares"][0] = [0.90, 0.04]
    assert np.isnan(drawn(run)[1, 0]).all()
    run["role_shares"][0] = [0.90, 0.06]
    assert not np.isnan(drawn(run)[:, 0]).any()


def test_models_side_by_side_have_columns_of_one_width_and_others_are_left_out(tmp_path):
    runs = {"vae": examples.pictures(latents=8), "vsc": vsc(5), "vsc-wu": vsc(3, channels=3)}
    figure = draw(runs, NAMES)
    assert [axes.get_title(loc="left") for axes in figure.axes[:4:2]] == ["VSC", "VSC-WU"]
    assert figure.axes[0].get_xlim() == figure.axes[2].get_xlim()
    figure.savefig(tmp_path / "figure.png")


def test_a_class_without_images_and_codes_of_zeros_are_drawn(tmp_path):
    run = vsc()
    run["role_class_shares"] = run["role_class_shares"][:, :7]
    run["role_class_shares"][:, 2] = np.nan
    shares = draw({"vsc": run}, NAMES).axes[1].images[0].get_array()
    assert shares.mask[[2, 7, 8, 9]].all()
    empty = {name: array[:0] for name, array in run.items()}
    figure = draw({"vsc": empty}, NAMES)
    assert figure.axes[0].texts[0].get_text() == "no latent is on in any code"
    figure.savefig(tmp_path / "figure.png")
