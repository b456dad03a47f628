"""The history of runs as event files, for TensorBoard; its package is needed for this alone."""

import math
from pathlib import Path

import numpy as np

from sparsevae.jobs import storage
from sparsevae.jobs.errors import UserError
from sparsevae.jobs.tables import read_table

HISTORY = "history.csv"
# TensorBoard reads files whose name has this in it.
NAME = "events.out.tfevents.history"


class NoEvents(UserError):
    """Event files that cannot be written."""


def write_events(source: str | Path, target: str | Path) -> list[Path]:
    """Write an event file for each run in or below `source`, and return them.

    Each is in a folder of `target` named as the run is below `source`. A column of the history is a
    series over epochs. No times: a file is the same bytes whenever it is written. Raise NoEvents.
    """
    source, target = Path(source), Path(target)
    histories = sorted(source.rglob(HISTORY))
    if not histories:
        raise NoEvents(f"{source}: no {HISTORY} in it or below; name a run, or a folder of runs")
    written = []
    for history in histories:
        folder = history.parent.relative_to(source)
        file = target / (source.resolve().name if folder == Path() else folder) / NAME
        storage.write_bytes(file, events(history))
        written.append(file)
    return written


def events(history: Path) -> bytes:
    """Return the records of an event file: the version, then one for each epoch."""
    try:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
    except ImportError:
        raise NoEvents(
            "event files need the package tensorboard; pip install tensorboard"
        ) from None
    records = [Event(file_version="brain.Event:2")]
    for row in read_table(history).to_dict("records"):
        epoch = int(row.pop("epoch"))
        values = [
            Summary.Value(tag=name.replace("_", "/", 1), simple_value=float(value))
            for name, value in row.items()
            if not math.isnan(value)
        ]
        records.append(Event(step=epoch, summary=Summary(value=values)))
    return b"".join(_framed(record.SerializeToString(deterministic=True)) for record in records)


def _framed(record: bytes) -> bytes:
    """Return a record as TensorFlow frames it: its length and its bytes, each with a checksum."""
    length = len(record).to_bytes(8, "little")
    return length + _masked_crc32c(length) + record + _masked_crc32c(record)


def _masked_crc32c(data: bytes) -> bytes:
    """Return the CRC-32C of bytes, rotated and offset as TensorFlow does."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF).to_bytes(4, "little")


def _crc_table() -> list[int]:
    """Return the remainders of all bytes by Castagnoli's polynomial, reflected."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0x82F63B78), table >> 1)
    return table.tolist()


_TABLE = _crc_table()
