"""docs/relaxations.md from a measurement: how biased and how noisy each gradient of the spikes is.

A VSC with random weights and four latents is small enough to sum E[-log p(x|z)] over all 16
patterns of its spikes (its slabs have no spread), so that the exact gradient is known. The
estimates are those that training uses, `VSC.draw`. `make docs` writes the page.
"""

import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import torch
from jaxtyping import Float
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.noise import torch_generator
from sparsevae.distributions.spike_slab import from_probability
from sparsevae.models.schedules import Schedule
from sparsevae.models.vsc import VSC
from sparsevae.study.settings import Network, Spike
from torch import Tensor

PIXELS, MODELS, DRAWS = 12, 10, 50_000
LOGITS = torch.logit(torch.tensor([0.1, 0.3, 0.6, 0.9], dtype=torch.float64))
MEANS = torch.tensor([1.0, -1.0, 1.5, -0.5], dtype=torch.float64)
NO_SPREAD = -60.0  # log-variance of the slabs
# By sharpness, where an estimator has one: around the default, and the paper's c.
ESTIMATORS = [
    *(("scaled_sigmoid", c) for c in (3.0, 10.0, 50.0, 200.0)),
    *(("concrete", sharpness) for sharpness in (1.0, 1.5, 3.0, 10.0)),
    ("straight_through", None),
    *(("straight_through_concrete", sharpness) for sharpness in (1.0, 1.5, 3.0)),
    ("disarm", None),
]
TABLE = "<!-- table: python -m gradient_bias -->\n"


@dataclass(frozen=True)
class Quality:
    """Of an estimator, in units of the exact gradient's norm.

    bias: norm of the mean error; error: the norm that noise alone would give it; deviation: root
    mean square distance of a single draw from the estimator's mean.
    """

    bias: float
    error: float
    deviation: float


def measure(relaxation: str, sharpness: float | None, draws: int = DRAWS) -> Quality:
    """Over MODELS random decoders, their gradients taken as one vector."""
    exact, means, variances = [], [], []
    for seed in range(MODELS):
        vsc, image = problem(seed, relaxation)
        exact.append(exact_gradient(vsc, image))
        noise = torch_generator(seed, "gradient_bias", "draws")
        estimates = gradients(vsc, image, sharpness or 1.0, draws, noise)
        means.append(estimates.mean(0))
        variances.append(estimates.var(0))
    norm = torch.cat(exact).norm()
    variance = torch.cat(variances).sum()
    return Quality(
        bias=((torch.cat(means) - torch.cat(exact)).norm() / norm).item(),
        error=((variance / draws).sqrt() / norm).item(),
        deviation=(variance.sqrt() / norm).item(),
    )


def exact_gradient(vsc: VSC, image: Float[Tensor, "1 pixels"]) -> Float[Tensor, "latent"]:
    """d E[-log p(x|z)] / d logits: the sum over all patterns of spikes."""
    logits = LOGITS.clone().requires_grad_()
    patterns = torch.tensor(list(product([0.0, 1.0], repeat=len(LOGITS))), dtype=torch.float64)
    log_probs = torch.nn.functional.logsigmoid(torch.where(patterns == 1, logits, -logits)).sum(1)
    with torch.no_grad():
        losses = -vsc.decode(patterns * MEANS).log_prob(image.expand(len(patterns), -1))
    return torch.autograd.grad((log_probs.exp() * losses).sum(), logits)[0]


def gradients(
    vsc: VSC, image: Float[Tensor, "1 pixels"], sharpness: float, n: int, noise: torch.Generator
) -> Float[Tensor, "n latent"]:
    """n independent estimates of the same gradient."""
    logits, means = LOGITS.repeat(n, 1).requires_grad_(), MEANS.repeat(n, 1)
    slab = DiagonalGaussian(means, torch.full_like(means, NO_SPREAD))
    schedule = Schedule(slab_warmup=1.0, sharpness=sharpness, learning_rate=0.0, beta=1.0)
    posterior = from_probability(torch.sigmoid(logits), slab)
    draw = vsc.draw(posterior, schedule, noise, 1)
    losses = draw.expectation(-vsc.decode(draw.latents).log_prob(image.expand(n, -1)))
    return torch.autograd.grad(losses.sum(), logits)[0]


def table(draws: int = DRAWS) -> str:
    """Markdown; bias and its Monte-Carlo error in percent of the exact gradient's norm."""
    lines = ["| relaxation | sharpness | bias, % | of which noise, % | deviation of one draw |"]
    lines.append("|---|---|---|---|---|")
    for name, sharpness in ESTIMATORS:
        quality = measure(name, sharpness, draws)
        cells = [f"`{name}`", "" if sharpness is None else f"{sharpness:g}"]
        cells += [f"{100 * quality.bias:.1f}", f"{100 * quality.error:.1f}"]
        lines.append(f"| {' | '.join([*cells, f'{quality.deviation:.1f}'])} |")
    return "\n".join(lines) + "\n"


def problem(seed: int, relaxation: str) -> tuple[VSC, Float[Tensor, "1 pixels"]]:
    """A VSC in float64 with standard normal weights, and a random binary image."""
    network, spike = Network(hidden=(16,)), Spike(relaxation=relaxation)
    vsc = VSC((1, 1, PIXELS), len(LOGITS), network=network, spike=spike).double().train()
    generator = torch_generator(seed, "gradient_bias", "problem")
    with torch.no_grad():
        for parameter in vsc.parameters():
            parameter.normal_(0, 1, generator=generator)
    return vsc, torch.randint(2, (1, PIXELS), generator=generator).double()


if __name__ == "__main__":
    page = Path(sys.argv[1])
    before = page.read_text(encoding="utf-8").split(TABLE)[0]
    page.write_text(before + TABLE + "\n" + table(), encoding="utf-8")
