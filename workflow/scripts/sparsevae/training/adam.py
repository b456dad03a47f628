"""Adam (Kingma & Ba 2015) over torch's own fused step.

`torch.optim.Adam` imports torch's compiler when it is made, which costs a short training more than
its steps; the functional form does not, and it leaves the state in plain named tensors.
"""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.optim.adam import adam


class Adam:
    """First and second moments of each parameter, and the number of steps taken."""

    def __init__(self, parameters: dict[str, Tensor], betas: tuple[float, float] = (0.9, 0.999)):
        self.betas = betas
        self.parameters = parameters
        self.first = {name: torch.zeros_like(p) for name, p in self.parameters.items()}
        self.second = {name: torch.zeros_like(p) for name, p in self.parameters.items()}
        self.steps = {name: torch.zeros((), device=p.device) for name, p in self.parameters.items()}

    def zero_grad(self) -> None:
        for parameter in self.parameters.values():
            parameter.grad = None

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """One step for every parameter that has a gradient."""
        grads = {name: p.grad for name, p in self.parameters.items() if p.grad is not None}
        names = list(grads)
        adam(
            params=[self.parameters[name] for name in names],
            grads=list(grads.values()),
            exp_avgs=[self.first[name] for name in names],
            exp_avg_sqs=[self.second[name] for name in names],
            max_exp_avg_sqs=[],
            state_steps=[self.steps[name] for name in names],
            fused=True,
            amsgrad=False,
            beta1=self.betas[0],
            beta2=self.betas[1],
            lr=learning_rate,
            weight_decay=0.0,
            eps=1e-8,
            maximize=False,
            grad_scale=None,
            found_inf=None,
        )

    def state(self) -> dict[str, Tensor]:
        """Moments and steps by name: what a checkpoint holds."""
        parts = {"first": self.first, "second": self.second, "steps": self.steps}
        return {f"{part}.{name}": t for part, ts in parts.items() for name, t in ts.items()}

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        for name, tensor in self.state().items():
            tensor.copy_(state[name])
