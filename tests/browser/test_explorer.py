"""What a reader does on the explorer's page, in a real browser, against PyTorch."""

import shutil
from pathlib import Path

import hand_built
import numpy as np
import pytest
import torch
from checkout import SMOKE
from explorer_page import FIRST, SECOND, file_of, latents, painted, settled
from exported import layer_of, read, unpack
from sparsevae.data.inputs import rows
from sparsevae.data.split import load_split
from sparsevae.explorer.export import chosen_images
from sparsevae.explorer.layers import Upsample, decode
from sparsevae.explorer.packing import layer_record
from sparsevae.explorer.page import embedded
from sparsevae.jobs import storage
from sparsevae.pictures.objects import Pair
from sparsevae.study.settings import from_mapping
from sparsevae.training import run as runs

HOSTILE = "<img src=x onerror=alert(1)>"
SAME = 1e-4  # of a pixel: the page's arithmetic against PyTorch's, with the same weights
ROUNDED = 5e-3  # of a pixel: against the weights before they were rounded


def decoded_by_torch(folder: Path, file: int, codes: np.ndarray) -> np.ndarray:
    records = read(folder / f"data/decoder-{file}.js")["layers"]
    latents = torch.tensor(np.atleast_2d(codes), dtype=torch.float32)
    return decode([layer_of(record) for record in records], latents).numpy()


def decoded_by_the_page(page, file: int, codes: np.ndarray) -> np.ndarray:
    return np.array(
        page.evaluate(
            "async ([file, codes]) => {"
            " const record = await sparsevae.load('data', `decoder-${file}`);"
            " const decode = sparsevae.readDecoder(record.layers);"
            " return codes.map(z => Array.from(decode(Float64Array.from(z)))); }",
            [file, codes.tolist()],
        )
    )


def codes_of(page, data: str, file: int) -> np.ndarray:
    return np.array(
        page.evaluate(
            "async ([data, file]) =>"
            " sparsevae.readCodes(await sparsevae.load(data, `decoder-${file}`))"
            ".map(code => Array.from(sparsevae.latentsOf(code)))",
            [data, file],
        )
    )


def slider(page, panel: str, place: int):
    """The slider of a row of a panel's list."""
    return page.locator(f"{panel} .explorer-latent").nth(place).locator('input[type="range"]')


def place_of(page, panel: str, latent: int) -> int:
    names = page.locator(f'{panel} .explorer-latent [data-part="name"]').all_text_contents()
    return names.index(f"z{latent + 1}")


def same_picture(page, folder: Path, panel: str, number: int, file: int) -> bool:
    """Whether the canvas shows what PyTorch decodes from the panel's latents, to a grey level."""
    shown = painted(page, panel)
    peak = read(folder / f"data/decoder-{file}.js")["peak"]
    wanted = decoded_by_torch(folder, file, latents(page, number)).reshape(-1, *shown.shape[1:])
    return abs(shown - np.clip(wanted / peak, 0, 1) * 255).max() <= 0.6


def test_the_page_decodes_as_pytorch_does_with_every_kind_of_decoder(folder, explore):
    page = explore()
    for file, run in enumerate(hand_built.runs()):
        images = hand_built.noise_images(run.dataset)
        values = rows(images, run.likelihood.inputs).values[chosen_images(images.labels)]
        check_model(page, folder, file, hand_built.model_of(run), values)


@pytest.mark.parametrize("to", [(5, 4), (6, 3), (5, 3), (6, 4)])
def test_maps_of_odd_and_even_sizes_are_upsampled_as_by_pytorch(to, explore):
    noise = torch.Generator().manual_seed(6)
    weight, bias = torch.randn(2, 3, 3, 3, generator=noise), torch.randn(3, generator=noise)
    record = layer_record(Upsample(weight, bias, (3, 2), to))
    maps = torch.randn(1, 2 * 3 * 2, generator=noise)
    shown = explore().evaluate(
        "([records, maps]) => Array.from(sparsevae.readDecoder(records)(maps))",
        [[record], maps[0].tolist()],
    )
    np.testing.assert_allclose(shown, layer_of(record)(maps)[0], atol=1e-5)


def check_model(page, folder: Path, file: int, model, values: torch.Tensor) -> None:
    """The page's codes of these images and what it decodes, against the model and its export."""
    with torch.no_grad():
        code = model.encode(values).sparse_code
        original = model.decode(code).mean.numpy()
    codes = codes_of(page, "data", file)
    np.testing.assert_array_equal(codes == 0, code.numpy() == 0)
    np.testing.assert_allclose(codes, code.numpy(), atol=1e-5)
    shown = decoded_by_the_page(page, file, codes)
    assert np.abs(shown - decoded_by_torch(folder, file, codes)).max() < SAME
    assert np.abs(shown - original).max() / values.max().item() < ROUNDED


def test_models_of_a_study_that_has_run(smoke, explore):
    done = smoke.snakemake("results/smoke/explorer", *SMOKE)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = smoke.root / "results/smoke/explorer"
    page = explore(folder)
    study = read(folder / "data/study.js")
    test = load_split(smoke.root / "resources/datasets/digits/test.npz")
    assert [dataset["name"] for dataset in study["datasets"]] == ["digits"]
    assert len(study["datasets"][0]["decoders"]) == 4 * 2
    for entry in study["datasets"][0]["decoders"]:
        at = f"results/smoke/runs/digits/{entry['model']}/latent-{entry['latents']}/seed-1"
        run = from_mapping(storage.read_json(smoke.root / at / "config.json"))
        weights = smoke.root / at / "weights.safetensors"
        model = runs.load_model(run, weights, test.inputs.shape[1:], "cpu").eval()
        values = rows(test, run.likelihood.inputs).values[chosen_images(test.labels)]
        check_model(page, folder, entry["file"], model, values)


def test_a_vae_and_a_vsc_are_side_by_side_at_first(explore, folder):
    page = explore()
    models = [page.locator(f'{p} [data-part="model"]').input_value() for p in (FIRST, SECOND)]
    assert models == ["vae", "vsc"]
    assert same_picture(page, folder, FIRST, 0, file_of("vae"))
    assert same_picture(page, folder, SECOND, 1, file_of("vsc"))


@pytest.mark.parametrize("model", hand_built.MODELS)
@pytest.mark.parametrize("dataset", hand_built.SIZES)
def test_any_model_and_size_can_be_picked(model, dataset, explore, folder):
    page = explore()
    page.get_by_label("Dataset").select_option(label=dataset)
    settled(page)
    size = hand_built.SIZES[dataset][0]
    page.locator(f'{SECOND} [data-part="model"]').select_option(model)
    settled(page)
    page.locator(f'{SECOND} [data-part="size"]').select_option(str(size))
    settled(page)
    assert len(latents(page, 1)) == size
    assert same_picture(page, folder, SECOND, 1, file_of(model, dataset, size))


def test_picking_an_image_shows_it_and_its_code(explore, folder):
    page = explore()
    page.locator('[name="explorer-image-a"]').nth(5).check(force=True)
    settled(page)
    images = hand_built.noise_images("digits")
    wanted = images.inputs[chosen_images(images.labels)[5]]
    assert (painted(page, SECOND, "original") == wanted).all()
    assert (latents(page, 1) == codes_of(page, "data", file_of("vsc"))[5]).all()
    assert same_picture(page, folder, SECOND, 1, file_of("vsc"))
    assert page.get_by_role("status").inner_text().startswith("Image A:")


def test_a_latent_says_who_uses_it_and_its_spike_probability(explore, folder):
    page = explore()
    page.locator('[name="explorer-image-b"]').nth(7).check(force=True)
    settled(page)
    record = read(folder / f"data/decoder-{file_of('vsc')}.js")
    a, b = (np.array(list(record["active"][image])) == "1" for image in (0, 7))
    probs = unpack(record["spike_probs"])[0]
    page.get_by_label("Show the zeros").last.check()
    for place in range(16):
        row = page.locator(f"{SECOND} .explorer-latent").nth(place)
        latent = int(row.locator('[data-part="name"]').inner_text()[1:]) - 1
        users = row.locator('[data-part="users"]')
        assert users.inner_text().split() == ["A"] * int(a[latent]) + ["B"] * int(b[latent])
        said = float(users.get_attribute("title").split()[-1])
        assert said == pytest.approx(probs[latent], abs=0.0051)


def test_exact_zeros_are_shown_as_such(explore):
    page = explore()
    zeros = int((latents(page, 1) == 0).sum())
    assert 5 < zeros < 35
    rows_ = page.locator(f"{SECOND} .explorer-latent")
    assert rows_.count() == min(16, 40 - zeros)
    assert page.locator(f"{SECOND} .explorer-off").count() == 0
    page.get_by_label(f"Show the zeros ({zeros})").check()
    more = page.locator(f'{SECOND} [data-part="more"]')
    while more.is_visible():
        more.click()
    assert rows_.count() == 40
    off = page.locator(f"{SECOND} .explorer-off .explorer-number").all_text_contents()
    assert off == ["0, off"] * zeros
    sizes = np.abs(latents(page, 1))
    names = page.locator(f'{SECOND} [data-part="name"]').all_text_contents()
    shown = [sizes[int(name[1:]) - 1] for name in names]
    assert shown == sorted(shown, reverse=True)
    page.locator(f'{SECOND} [data-part="order"]').select_option("number")
    settled(page)
    names = page.locator(f'{SECOND} [data-part="name"]').all_text_contents()
    assert names == [f"z{j + 1}" for j in range(40)]


def test_dragging_a_latent_with_the_mouse_changes_the_picture(explore, folder):
    page = explore()
    before, picture = latents(page, 1), painted(page, SECOND)
    handle = slider(page, SECOND, 0)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    latent = int(np.abs(before).argmax())
    limit = float(handle.get_attribute("max"))
    start = 0.5 + before[latent] / limit / 2
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, y, steps=5)
    page.mouse.up()
    settled(page)
    after = latents(page, 1)
    assert after[latent] == pytest.approx(-0.6 * limit, abs=0.1 * limit)
    assert (np.delete(after, latent) == np.delete(before, latent)).all()
    assert (painted(page, SECOND) != picture).any()
    assert same_picture(page, folder, SECOND, 1, file_of("vsc"))


def test_the_arrow_keys_change_a_latent(explore, folder):
    page = explore()
    before = latents(page, 1)
    latent = int(np.abs(before).argmax())
    handle = slider(page, SECOND, 0)
    limit = float(handle.get_attribute("max"))
    handle.focus()
    for key in ("ArrowLeft", "ArrowDown", "ArrowRight", "PageDown", "ArrowDown"):
        page.keyboard.press(key)
    settled(page)
    assert latents(page, 1)[latent] == pytest.approx(before[latent] - 0.24 * limit, abs=1e-9)
    page.keyboard.press("End")
    settled(page)
    assert latents(page, 1)[latent] == pytest.approx(limit)
    assert handle.get_attribute("aria-valuetext") == f"{limit:.2f}"
    assert same_picture(page, folder, SECOND, 1, file_of("vsc"))


def test_a_touch_moves_a_latent(explore):
    page = explore(viewport={"width": 390, "height": 844}, has_touch=True)
    before = latents(page, 0)
    handle = slider(page, FIRST, 0)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    page.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    settled(page)
    moved = latents(page, 0) != before
    assert moved.sum() == 1
    assert latents(page, 0)[moved][0] > 0.6 * float(handle.get_attribute("max"))


def test_a_latent_is_switched_off_and_on_again_and_all_reset(explore, folder):
    page = explore()
    before, picture = latents(page, 1), painted(page, SECOND)
    latent = int(np.abs(before).argmax())
    switch = page.get_by_label(f"Latent z{latent + 1} of VSC on")
    switch.focus()
    page.keyboard.press("Space")
    settled(page)
    assert latents(page, 1)[latent] == 0
    assert (painted(page, SECOND) != picture).any()
    assert same_picture(page, folder, SECOND, 1, file_of("vsc"))
    row = page.locator(f"{SECOND} .explorer-latent").nth(place_of(page, SECOND, latent))
    assert row.locator(".explorer-number").inner_text() == "0, off"
    switch.check()
    settled(page)
    assert (latents(page, 1) == before).all()
    slider(page, SECOND, 1).press("Home")
    slider(page, FIRST, 0).press("Home")
    moved = latents(page, 0)
    page.locator('[name="explorer-image-b"]').nth(9).check(force=True)
    page.locator(f"{SECOND} button", has_text="Reset").click()
    assert (latents(page, 0) == moved).all()  # neither another target nor that reset is its own
    settled(page)
    assert (latents(page, 1) == before).all()
    assert (painted(page, SECOND) == picture).all()


@pytest.mark.parametrize("along", ["all", "shared", "own"])
def test_walking_between_two_images(along, explore, folder):
    page = explore()
    page.locator('[name="explorer-image-a"]').nth(2).check(force=True)
    page.locator('[name="explorer-image-b"]').nth(7).check(force=True)
    page.get_by_label("Walk along").select_option(along)
    walk = page.get_by_label("Walk from image A to image B")
    walk.focus()
    page.keyboard.press("End")
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    settled(page)
    assert float(walk.input_value()) == pytest.approx(0.7)
    images = hand_built.noise_images("digits")
    for number, name in enumerate(("vae", "vsc")):
        run = hand_built.run_of("digits", name, 40)
        chosen = chosen_images(images.labels)[[2, 7]]
        values = rows(images, run.likelihood.inputs).values[chosen]
        with torch.no_grad():
            model = hand_built.model_of(run)
            wanted = on_the_way(
                Pair.of(model.encode(values)), model.encode(values).sparse_code, along
            )
        # To the steps of the exported means.
        np.testing.assert_allclose(latents(page, number), wanted, atol=1e-4)
    assert same_picture(page, folder, SECOND, 1, file_of("vsc"))
    if along == "all":
        page.keyboard.press("End")
        settled(page)
        assert (latents(page, 1) == codes_of(page, "data", file_of("vsc"))[7]).all()


def on_the_way(pair: Pair, codes: torch.Tensor, along: str) -> np.ndarray:
    """At 0.7 of the way, as the figure of interpolations has its parts."""
    if along == "all":
        return torch.lerp(codes[0], codes[1], 0.7).numpy()
    if along == "shared":
        return (pair.blended(0.7) + pair.own(0)).numpy()
    return (pair.blended(0.0) + 0.3 * pair.own(0) + 0.7 * pair.own(1)).numpy()


def test_a_draw_from_the_prior_is_decoded(explore, folder):
    page = explore()
    before = latents(page, 1)
    page.locator(f"{SECOND} button", has_text="Draw").click()
    settled(page)
    first = latents(page, 1)
    page.locator(f"{SECOND} button", has_text="Draw").click()
    settled(page)
    assert len({tuple(z) for z in (before, first, latents(page, 1))}) == 3
    assert same_picture(page, folder, SECOND, 1, file_of("vsc"))
    assert "a draw from the prior" in page.get_by_role("status").inner_text()


@pytest.mark.parametrize("model", ["vae", "vsc", "pseudo"])
def test_draws_have_the_priors_moments(model, explore, assert_mean_and_share):
    page, run = explore(), hand_built.run_of("digits", model, 3)
    draws = page.evaluate(
        "async file => {"
        " const record = await sparsevae.load('data', `decoder-${file}`);"
        " const prior = sparsevae.readPrior(record.prior), random = sparsevae.generator(5);"
        " const draw = () => sparsevae.latentsOf(sparsevae.drawCode(prior, 3, random));"
        " return Array.from({length: 8000}, () => Array.from(draw())); }",
        file_of(model, size=3),
    )
    noise = torch.Generator().manual_seed(1)
    with torch.no_grad():
        wanted = hand_built.model_of(run).sample_prior(8000, noise)
    assert_mean_and_share(np.array(draws), wanted.numpy())


@pytest.fixture
def assert_mean_and_share():
    """Two samples have the same mean, square and share of zeros, within 4.5 standard errors."""

    def check(one: np.ndarray, other: np.ndarray) -> None:
        for measure in (lambda z: z, np.square, lambda z: (z == 0).astype(float)):
            a, b = measure(one), measure(other)
            error = np.sqrt((a.var(0) + b.var(0)) / len(a)) + 1e-3
            assert (np.abs(a.mean(0) - b.mean(0)) < 4.5 * error).all()

    return check


def test_an_autoencoder_has_no_prior_and_says_so(explore):
    page = explore()
    page.locator(f'{FIRST} [data-part="model"]').select_option("ae")
    settled(page)
    assert page.locator(f"{FIRST} button", has_text="Draw").is_disabled()
    assert page.locator(FIRST).get_by_text("An autoencoder has no prior.").is_visible()


def test_one_decoder_is_loaded_for_each_model_that_is_picked(open_page, folder):
    page = open_page(folder, "index.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(Path(request.url).name))
    page.reload()
    settled(page)
    decoders = [name for name in asked if name.startswith("decoder-")]
    assert sorted(decoders) == sorted(f"decoder-{file_of(model)}.js" for model in ("vae", "vsc"))


def test_the_tab_key_goes_through_the_page_in_its_order(explore):
    page = explore()
    page.get_by_label("Dataset").focus()
    seen = []
    for _ in range(13):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("document.activeElement.name || document.activeElement.dataset.part")
        )
    own = ["pad", "clear", "invert", "file"]
    pictures = ["explorer-image-a", *own, "explorer-image-b", "along", "walk"]
    assert seen == [*pictures, "model", "size", "reset", "draw", "order"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1600])
def test_nothing_overlaps_or_is_cut(width, scheme, explore):
    page = explore(viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.evaluate(
        "Array.from(document.querySelectorAll("
        "'.explorer :is(button, select, input:not([type=radio]), .explorer-number, legend,"
        " figcaption)'))"
        ".filter(e => e.offsetParent).map(e => { const b = e.getBoundingClientRect();"
        " return [b.left, b.top, b.right, b.bottom, e.scrollWidth - e.clientWidth]; })"
    )
    boxes = np.array(boxes)
    assert len(boxes) > 40
    assert (boxes[:, 0] >= 0).all()
    assert (boxes[:, 2] <= width).all()
    left, top, right, bottom, cut = boxes.T
    across = (left[:, None] < right - 0.5) & (left < right[:, None] - 0.5)
    down = (top[:, None] < bottom - 0.5) & (top < bottom[:, None] - 0.5)
    assert (across & down).sum() == len(boxes)  # each with itself alone
    assert (cut <= 2).all()


def test_names_that_hold_html_are_shown_as_text(explore, tmp_path, monkeypatch):
    def rename(study):
        study["study"] = study["models"][0]["label"] = HOSTILE
        study["datasets"][0]["name"] = HOSTILE
        study["datasets"][0]["classes"] = [HOSTILE] * 10
        for entry in (study["models"][1], *study["datasets"][0]["decoders"]):
            key = "name" if "name" in entry else "model"
            entry[key] = HOSTILE if entry[key] == "vsc" else entry[key]

    sizes = {"digits": (3,)}
    page = explore(hand_built.build_explorer(tmp_path, monkeypatch, ("vae", "vsc"), sizes, rename))
    page.locator('[name="explorer-image-a"]').nth(1).check(force=True)
    settled(page)
    assert page.locator("img").count() == 0
    assert page.get_by_label("Dataset").locator("option").all_text_contents() == [HOSTILE]
    assert HOSTILE in page.get_by_role("status").inner_text()
    assert page.locator(f'{SECOND} [data-part="model"]').input_value() == HOSTILE


def test_another_page_takes_it_in_under_a_heading_with_its_name(open_page, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "there")
    inside = embedded(hand_built.PAGE, "there")
    page_ = f'<!doctype html><section id="explorer"><h1>Explorer</h1>{inside}</section>'
    (tmp_path / "page.html").write_text(f'<link rel="icon" href="data:,">{page_}')
    page = open_page(tmp_path, "page.html")
    settled(page)
    assert (latents(page, 1) == codes_of(page, "there/data", file_of("vsc"))[0]).all()


def test_a_study_with_one_model_has_one_panel(explore, tmp_path, monkeypatch):
    page = explore(hand_built.build_explorer(tmp_path, monkeypatch, ("vsc",), {"digits": (3,)}))
    assert page.locator(".explorer-panel").count() == 1


def test_a_study_without_images_says_so(open_page, tmp_path, monkeypatch):
    folder = hand_built.build_explorer(tmp_path, monkeypatch, (), {})
    page = open_page(folder, "index.html")
    page.get_by_text("This study has no dataset of images to explore.").wait_for()
    assert not page.get_by_label("Dataset").is_visible()


def test_a_damaged_decoder_is_named_and_another_can_be_picked(explore, tmp_path, monkeypatch):
    folder = hand_built.build_explorer(tmp_path, monkeypatch, ("vae", "vsc"), {"digits": (3,)})
    page = explore(folder)
    (folder / "data/decoder-0.js").write_text("")
    page.locator(f'{SECOND} [data-part="model"]').select_option("vae")
    page.get_by_text("VAE: decoder-0.js is damaged.").wait_for()
    page.locator(f'{SECOND} [data-part="model"]').select_option("vsc")
    settled(page)
    assert len(latents(page, 1)) == 3


@pytest.mark.parametrize("number", [0, 2, 12])
def test_models_that_are_left_out_are_named(number, explore, tmp_path, monkeypatch):
    names = [f"digits/{HOSTILE}, {size} latents" for size in range(number)]
    sizes = {"digits": (3,)}

    def leave_out(study):
        study["left_out"] = names

    page = explore(hand_built.build_explorer(tmp_path, monkeypatch, ("vsc",), sizes, leave_out))
    note = page.locator('[data-part="left"]')
    assert note.is_visible() == bool(number)
    if number:
        said = note.inner_text()
        assert said.count(HOSTILE) == min(number, 10)
        assert ("; and 2 more." in said) == (number == 12)
