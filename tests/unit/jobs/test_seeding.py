import hashlib
from itertools import product

import numpy as np
import torch
from sparsevae.distributions.noise import torch_generator
from sparsevae.jobs.seeding import derive_seed, numpy_generator


def test_seed_is_the_hash_of_seed_and_purpose():
    digest = hashlib.sha256(b"3/order/7").digest()
    expected = digest[0] + (digest[1] << 8) + (digest[2] << 16) + (digest[3] << 24)
    assert derive_seed(3, "order", 7) == expected


def test_seeds_stay_what_they_were():
    """A change here changes the results of every study."""
    assert derive_seed(1, "initialisation") == 987_082_834


def test_purposes_and_seeds_have_streams_of_their_own():
    purposes = [("order", e) for e in range(50)] + [("noise", e) for e in range(50)]
    seeds = {derive_seed(seed, *purpose) for seed, purpose in product(range(10), purposes)}
    assert len(seeds) == 1000


def test_generators_repeat_themselves():
    first, again, other = (numpy_generator(1, p).random(5) for p in ("split", "split", "probe"))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    first, again, other = (
        torch.rand(5, generator=torch_generator(1, "noise", epoch)) for epoch in (0, 0, 1)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_global_states_are_left_alone():
    numpy_state, torch_state = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002
    numpy_generator(1, "split").random(5)
    torch.rand(5, generator=torch_generator(1, "noise"))
    np.testing.assert_array_equal(np.random.get_state()[1], numpy_state)  # noqa: NPY002
    assert torch.equal(torch.get_rng_state(), torch_state)
