import torch
from sparsevae.models.schedules import Schedule

SCHEDULE = Schedule(slab_warmup=1.0, sharpness=1.0, learning_rate=1e-3, beta=1.0)


def test_loss_is_the_cross_entropy_at_the_code(tiny_model, binary_inputs, generator):
    model = tiny_model("ae")
    weights = model.state_dict()

    def layer(name: str, values: torch.Tensor) -> torch.Tensor:
        return values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    codes = layer("heads.mean", layer("encoder.layers.0", binary_inputs).relu())
    probability = layer("decoder.heads.0", layer("decoder.layers.0", codes).relu()).sigmoid()
    right = torch.where(binary_inputs == 1, probability, 1 - probability)
    terms = model.objective(binary_inputs, SCHEDULE, generator)
    torch.testing.assert_close(model.posterior_mean(binary_inputs), codes)
    torch.testing.assert_close(terms.loss, -right.log().sum(1))
    assert torch.equal(terms.loss, terms.reconstruction)


def test_nothing_is_drawn(tiny_model, binary_inputs, generator):
    before = generator.get_state()
    terms = tiny_model("ae").objective(binary_inputs, SCHEDULE, generator)
    assert torch.equal(generator.get_state(), before)
    for name in ("kl_slab", "kl_spike", "sparsity"):
        assert not getattr(terms, name).any()
