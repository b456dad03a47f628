"""Event files, read by TensorBoard's own reader."""

from pathlib import Path

import pytest
from sparsevae.explorer import event_files
from sparsevae.explorer.event_files import NAME, NoEvents, write_events

HISTORY = "epoch,step,train_loss,validation_kl_slab,collapsed\n1,3,2.5,0.5,\n2,6,1.25,0.75,0\n"


@pytest.fixture
def runs(tmp_path) -> Path:
    for seed in (1, 2):
        folder = tmp_path / f"runs/vae/seed-{seed}"
        folder.mkdir(parents=True)
        (folder / "history.csv").write_text(HISTORY, encoding="utf-8")
    return tmp_path / "runs"


def series(folder: Path) -> dict[str, list[tuple[int, float]]]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder)).Reload()
    return {
        tag: [(event.step, event.value) for event in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]
    }


def test_each_column_is_a_series_over_epochs(runs, tmp_path):
    files = write_events(runs, tmp_path / "logs")
    assert files == [tmp_path / f"logs/vae/seed-{seed}" / NAME for seed in (1, 2)]
    assert series(files[0].parent) == {
        "step": [(1, 3), (2, 6)],
        "train/loss": [(1, 2.5), (2, 1.25)],
        "validation/kl_slab": [(1, 0.5), (2, 0.75)],
        "collapsed": [(2, 0)],
    }


def test_one_run_is_named_by_its_folder_and_the_same_bytes_each_time(runs, tmp_path):
    (one,) = write_events(runs / "vae/seed-1", tmp_path / "one")
    assert one == tmp_path / "one/seed-1" / NAME
    content = one.read_bytes()
    assert write_events(runs / "vae/seed-1", tmp_path / "one")[0].read_bytes() == content


def test_a_missing_package_is_one_line(runs, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tensorboard.compat.proto.event_pb2", None)
    with pytest.raises(NoEvents, match=r"pip install tensorboard$"):
        write_events(runs, tmp_path / "logs")
    assert not (tmp_path / "logs").exists()


def test_the_checksum_is_castagnolis():
    """RFC 3720, appendix B.4: of 32 zeros 0x8A9136AA, before TensorFlow's mask."""
    crc = 0x8A9136AA
    masked = ((crc >> 15 | crc << 17 & 0xFFFFFFFF) + 0xA282EAD8) & 0xFFFFFFFF
    assert event_files._masked_crc32c(bytes(32)) == masked.to_bytes(4, "little")
