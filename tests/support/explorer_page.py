"""What is on the explorer's page in a browser: its panels, codes and pictures."""

import hand_built
import numpy as np

FIRST, SECOND = '[aria-label="First model"]', '[aria-label="Second model"]'


def settled(page) -> None:
    """Waits until models are loaded and what they decode has been painted."""
    page.wait_for_function(
        "sparsevae.running && sparsevae.running.panels.length &&"
        " sparsevae.running.panels.every(p => p.model || !p.parts.model.value)"
    )
    page.evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


def latents(page, panel: int) -> np.ndarray:
    """z of the first or of the second panel."""
    return np.array(
        page.evaluate(
            "i => Array.from(sparsevae.latentsOf(sparsevae.running.panels[i].code))", panel
        )
    )


def painted(page, panel: str, part: str = "decoded") -> np.ndarray:
    """Bytes of a canvas, channels first."""
    size, pixels = page.locator(f'{panel} canvas[data-part="{part}"]').evaluate(
        "c => [[c.height, c.width],"
        " Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)]"
    )
    return np.array(pixels).reshape(*size, 4)[..., :3].transpose(2, 0, 1)


def file_of(model: str, dataset: str = "digits", size: int = 40) -> int:
    return hand_built.runs().index(hand_built.run_of(dataset, model, size))
