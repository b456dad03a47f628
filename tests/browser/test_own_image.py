"""A reader brings an image: drawn by mouse, touch or keys, or a file; the page encodes it."""

import io
import shutil
from pathlib import Path

import hand_built
import numpy as np
import pytest
import torch
from explorer_page import FIRST, SECOND, file_of, painted, settled
from explorer_page import latents as own_code
from exported import layer_of, read
from PIL import Image
from sparsevae.data.inputs import rows
from sparsevae.data.split import Split
from sparsevae.explorer.export import write_value

SAME = 1e-4  # of a code: the page's arithmetic against PyTorch's, with the same rounded weights
PAD = '[data-part="pad"]'


def own_pixels(page, shape=(1, 8, 8)) -> np.ndarray:
    """The reader's image as the models get it: uint8, channels first."""
    pixels = page.evaluate(
        "Array.from(sparsevae.running.images.find(image => image.label === null).pixels)"
    )
    return np.array(pixels, np.uint8).reshape(1, *shape)


def code_by_torch(folder: Path, file: int, images: np.ndarray) -> np.ndarray:
    """`sparse_code` by the exported weights, which are rounded."""
    record = read(folder / f"data/decoder-{file}.js")["encoder"]
    labels = np.zeros(len(images), np.uint8)
    values = rows(Split(images, labels), record["scale"]).values
    for layer in map(layer_of, record["layers"]):
        values = layer(values)
    mean = layer_of(record["mean"])(values)
    if record["kept"] is not None:
        largest = mean.relu().topk(record["kept"])
        return torch.zeros_like(mean).scatter(1, largest.indices, largest.values).numpy()
    if record["spike"] is None:
        return mean.numpy()
    on = layer_of(record["spike"])(values) > record["spike_bound"]
    return torch.where(on, mean, 0.0).numpy()


def drag(page, places: list[tuple[float, float]]) -> None:
    """A stroke through places of the pad, from 0 to 1, by the mouse."""
    page.locator(PAD).scroll_into_view_if_needed()
    box = page.locator(PAD).bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()
    settled(page)


SEVEN = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]


def test_every_kind_of_encoder_agrees_with_pytorch(folder, explore):
    page = explore()
    for file, run in enumerate(hand_built.runs()):
        images = hand_built.noise_images(run.dataset).inputs[:5]
        shown = page.evaluate(
            "async ([file, images]) => {"
            " const record = await sparsevae.load('data', `decoder-${file}`);"
            " const encode = sparsevae.readEncoder(record.encoder);"
            " return images.map(i => Array.from(sparsevae.latentsOf(encode(i)))); }",
            [file, images.reshape(5, -1).tolist()],
        )
        wanted = code_by_torch(folder, file, images)
        np.testing.assert_allclose(shown, wanted, atol=SAME, err_msg=run.model)
        values = rows(Split(images, np.zeros(5, np.uint8)), run.likelihood.inputs).values
        with torch.no_grad():
            exact = hand_built.model_of(run).encode(values).sparse_code.numpy()
        np.testing.assert_allclose(wanted, exact, atol=0.05, err_msg=run.model)


def test_a_digit_drawn_by_mouse_has_its_code_and_its_reconstruction(folder, explore):
    page = explore()
    before = painted(page, SECOND)
    drag(page, SEVEN)
    pixels = own_pixels(page)
    assert pixels.max() > 200
    for panel, model in ((0, "vae"), (1, "vsc")):
        np.testing.assert_allclose(
            own_code(page, panel), code_by_torch(folder, file_of(model), pixels)[0], atol=SAME
        )
    assert (painted(page, SECOND, "original") == pixels[0]).all()
    assert (painted(page, SECOND) != before).any()
    label = page.locator(f'{SECOND} [data-part="original"]').get_attribute("aria-label")
    assert label == "Image A: your image"
    page.locator('[data-part="clear"]').click()
    settled(page)
    assert (painted(page, SECOND) == before).all()


def test_another_model_and_a_walk_go_on_from_the_drawing(folder, explore):
    page = explore()
    drag(page, SEVEN)
    page.locator(f'{FIRST} [data-part="model"]').select_option("pseudo")
    settled(page)
    pixels = own_pixels(page)
    wanted = code_by_torch(folder, file_of("pseudo"), pixels)[0]
    np.testing.assert_allclose(own_code(page, 0), wanted, atol=SAME)
    walk = page.get_by_label("Walk from image A to image B")
    walk.focus()
    page.keyboard.press("End")
    page.keyboard.press("Home")
    settled(page)
    np.testing.assert_allclose(own_code(page, 0), wanted, atol=SAME)


def test_a_drawing_is_cut_out_and_centred_as_the_digits_are(explore):
    """A small one in a corner becomes as large as the frame, with its mass in the middle."""
    page = explore()
    drag(page, [(0.75, 0.75), (0.75, 0.9)])
    small = own_pixels(page)[0, 0].astype(float)
    rows_, columns = (small.sum(axis) @ np.arange(8) / small.sum() for axis in (1, 0))
    assert abs(rows_ - 3.5) <= 0.5
    assert abs(columns - 3.5) <= 0.5
    assert (small.max(1) > 25).sum() >= 7


def test_a_drawing_of_another_dataset_is_as_it_lies(explore):
    page = explore()
    page.get_by_label("Dataset").select_option(label="celeba")
    settled(page)
    drag(page, [(0.75, 0.75), (0.75, 0.9)])
    shape = hand_built.CATALOGUE["celeba"].shape
    pixels = own_pixels(page, shape)[0]
    height, width = shape[1:]
    assert pixels[:, : height // 2].max() == 0
    assert pixels[:, :, : width // 2].max() == 0
    assert (pixels[0] == pixels[2]).all()
    assert pixels.max() > 200


def test_a_digit_drawn_by_touch(folder, explore):
    page = explore(viewport={"width": 390, "height": 844}, has_touch=True)
    page.locator(PAD).scroll_into_view_if_needed()
    box = page.locator(PAD).bounding_box()
    fingers = page.context.new_cdp_session(page)
    places = [
        {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in SEVEN
    ]
    fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": places[:1]})
    for place in places[1:]:
        fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [place]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(page)
    pixels = own_pixels(page)
    assert (pixels > 100).sum() > 8
    np.testing.assert_allclose(
        own_code(page, 1), code_by_torch(folder, file_of("vsc"), pixels)[0], atol=SAME
    )


def test_a_digit_drawn_with_the_keys(explore):
    page = explore()
    pad = page.locator(PAD)
    pad.focus()
    for _ in range(6):
        pad.press("Shift+ArrowUp")
    for _ in range(12):
        pad.press("ArrowDown")
    settled(page)
    drawn = own_pixels(page)[0, 0]
    assert (drawn.max(1) > 100).sum() >= 7
    pad.press("Escape")
    settled(page)
    assert "empty" in page.get_by_role("status").inner_text()


def picture(size=(40, 40)) -> bytes:
    """A PNG: a white bar on black, left of the middle."""
    values = np.zeros(size, np.uint8)
    values[8:32, 10:16] = 255
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG")
    return file.getvalue()


def test_a_file_that_is_dropped_is_encoded(folder, explore):
    page = explore()
    page.evaluate(
        "bytes => { const data = new DataTransfer();"
        " data.items.add(new File([new Uint8Array(bytes)], 'one.png', {type: 'image/png'}));"
        " document.querySelector('[data-part=own]').dispatchEvent("
        " new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})); }",
        list(picture()),
    )
    page.wait_for_function("sparsevae.running.images.some(image => image.label === null)")
    settled(page)
    pixels = own_pixels(page)
    assert (pixels[0, 0].max(1) > 150).all()  # as tall as the frame
    np.testing.assert_allclose(
        own_code(page, 1), code_by_torch(folder, file_of("vsc"), pixels)[0], atol=SAME
    )
    assert page.get_by_role("status").inner_text() == "Your image: one.png."


def test_a_file_is_opened_and_black_and_white_swapped(explore):
    page = explore()
    chosen = page.locator('[data-part="file"]')
    chosen.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture()})
    page.wait_for_function("sparsevae.running.images.some(image => image.label === null)")
    bright = own_pixels(page).mean()
    page.locator('[data-part="invert"]').click()
    settled(page)
    assert own_pixels(page).mean() > bright


def test_a_file_that_is_no_image_is_said(explore):
    page = explore()
    chosen = page.locator('[data-part="file"]')
    chosen.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"nothing"})
    page.wait_for_function(
        "document.querySelector('[data-part=status]').textContent ==="
        " 'a.png: not an image that this browser can read.'"
    )


def test_a_model_without_an_encoder_says_so_and_keeps_its_code(folder, explore, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    file = tmp_path / f"copy/data/decoder-{file_of('vsc')}.js"
    write_value(file.parent, file.stem, read(file) | {"encoder": None})
    page = explore(tmp_path / "copy")
    before = own_code(page, 1)
    drag(page, SEVEN)
    assert (own_code(page, 1) == before).all()
    assert "cannot encode in this page" in page.get_by_role("status").inner_text()


@pytest.mark.parametrize("width", [375, 1400])
def test_the_pad_fits_the_page(explore, width):
    page = explore(viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator(PAD).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
