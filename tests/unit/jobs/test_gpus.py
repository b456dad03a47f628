"""GPUs counted from device files, as CUDA_VISIBLE_DEVICES leaves them."""

import pytest
from sparsevae.jobs.gpus import gpus_here


def devices(folder, *names):
    for name in names:
        (folder / name).touch()
    return folder


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ((), 0),
        (("nvidiactl", "nvidia-uvm"), 0),  # the driver without a card
        (("nvidiactl", "nvidia0"), 1),
        (("nvidia0", "nvidia1", "nvidia11"), 3),
        (("kfd",), 1),
        (("dxg",), 1),
    ],
)
def test_cards_are_counted(tmp_path, monkeypatch, names, count):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert gpus_here(devices(tmp_path, *names)) == count


@pytest.mark.parametrize(
    ("visible", "count"),
    [("", 0), ("-1", 0), ("NoDevFiles", 0), ("1", 1), ("0,1", 2), ("1,-1,0", 1), ("0,1,2,3", 2)],
)
def test_what_is_hidden_from_torch_is_not_counted(tmp_path, monkeypatch, visible, count):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert gpus_here(devices(tmp_path, "nvidia0", "nvidia1")) == count
