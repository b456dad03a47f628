"""One colour, marker and name per model, in every figure and on every page. No matplotlib."""

from collections.abc import Sequence
from dataclasses import dataclass

# Okabe and Ito (2008), without their yellow, which is too pale for lines on white.
_BLACK, _BLUE, _VERMILION, _GREEN = "#000000", "#0072B2", "#D55E00", "#009E73"
_ORANGE, _SKY, _PURPLE = "#E69F00", "#56B4E9", "#CC79A7"
_OTHER_COLOURS = [_ORANGE, _SKY, _PURPLE, _BLACK, _BLUE, _VERMILION, _GREEN]
_OTHER_MARKERS = ["v", "P", "X", "<", ">", "p", "h", "*"]  # 8 against 7 colours: 56 pairs


@dataclass(frozen=True)
class ModelStyle:
    """How one model looks in every figure; `label` is plain text."""

    colour: str
    marker: str
    label: str


_KNOWN = {
    "ae": ModelStyle(_BLACK, "s", "AE"),
    "vae": ModelStyle(_BLUE, "o", "VAE"),
    "vsc": ModelStyle(_VERMILION, "^", "VSC"),
    "vsc-wu": ModelStyle(_GREEN, "D", "VSC-WU"),
}


def model_style(models: Sequence[str]) -> dict[str, ModelStyle]:
    """One colour and marker per model of a study, `models` in the study's order.

    ae, vae, vsc and vsc-wu look the same in every study. Give all models of the study, also those
    that a figure leaves out: else the colours of the others would differ between its figures.
    """
    others = [model for model in dict.fromkeys(models) if model not in _KNOWN]
    styles = {
        model: ModelStyle(
            _OTHER_COLOURS[index % len(_OTHER_COLOURS)],
            _OTHER_MARKERS[index % len(_OTHER_MARKERS)],
            model,
        )
        for index, model in enumerate(others)
    }
    return {model: _KNOWN.get(model) or styles[model] for model in dict.fromkeys(models)}
