"""C_omega, which picks a pseudo-input for each sample: a linear layer and its weights over them.

Weights always sum to one, so that the KL is paid in full. (As printed, the paper's weights vanish
where no entry of the unit-sum vector exceeds 0.5, and nothing is paid.)
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from sparsevae.study import choices

Scores = Float[Tensor, "batch pseudo"]


def paper(scores: Scores) -> Scores:
    """ReLU, unit sum u, sigmoid(60 (u - 0.5)) (supplement A.3 and D.1), normalised."""
    positive = torch.relu(scores) + 1e-6
    unit_sum = positive / positive.sum(-1, keepdim=True)
    return torch.softmax(F.logsigmoid(60 * (unit_sum - 0.5)), -1)


def sigmoid(scores: Scores) -> Scores:
    """sigmoid, normalised: what the authors' code does."""
    return torch.softmax(F.logsigmoid(scores), -1)


def softmax(scores: Scores) -> Scores:
    """exp, normalised."""
    return torch.softmax(scores, -1)


SELECTIONS: dict[str, Callable[[Scores], Scores]] = choices.implementing(
    choices.SELECTIONS, {"paper": paper, "sigmoid": sigmoid, "softmax": softmax}
)
