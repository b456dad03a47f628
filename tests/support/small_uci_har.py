"""A small archive of the same form as UCI HAR's: 12 and 6 samples with 5 features, six classes."""

import hashlib
import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sparsevae.data.uci_har_files import FILE_NAMES, FOLDER, NESTED, UCI_HAR, UciHar

FEATURES = 5
OTHERS = {f"{FOLDER}/README.txt": b"of no use here", f"__MACOSX/{FOLDER}/._train": b"junk"}


def text(values: np.ndarray) -> bytes:
    """As published: a leading blank or two, an exponent of three digits."""
    rows = (
        "".join(f"{x: .7e}".replace("e+", "e+0").replace("e-", "e-0").rjust(17) for x in row)
        for row in values
    )
    return ("\n".join(rows) + "\n").encode()


def zipped(members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@dataclass(frozen=True)
class HarStandIn:
    """What is published: values and labels of both sets, files, and archives with their sums."""

    dataset: UciHar
    values: tuple[np.ndarray, np.ndarray]
    labels: tuple[np.ndarray, np.ndarray]
    files: dict[str, bytes]
    inner: bytes
    outer: bytes

    def unpack(self, folder: Path) -> Path:
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder

    def archive(self, path: Path, **changed: bytes | None) -> UciHar:
        """Writes an archive whose members are changed (None: left out), and the dataset that it is
        to be taken for: its checksum is right, whatever is in it."""
        members = {f"{FOLDER}/{name}": content for name, content in self.files.items()} | changed
        content = zipped({name: value for name, value in members.items() if value is not None})
        path.write_bytes(content)
        return with_archives(self.dataset, content)


def with_archives(dataset: UciHar, *archives: bytes) -> UciHar:
    return replace(
        dataset,
        sha256s=tuple(hashlib.sha256(content).hexdigest() for content in archives),
        largest_archive=max(map(len, archives)),
    )


def make_stand_in() -> HarStandIn:
    generator = np.random.default_rng(3)
    labels = (np.repeat(np.arange(1, 7), 2), np.arange(6, 0, -1))
    values = tuple(generator.uniform(-1, 1, (len(y), FEATURES)).round(6) for y in labels)
    values[0][0, :3] = [-1, 0, 1]
    contents = [text(values[0]), _column(labels[0]), text(values[1]), _column(labels[1])]
    files = dict(zip(FILE_NAMES, contents, strict=True))
    inner = zipped({f"{FOLDER}/{name}": content for name, content in files.items()} | OTHERS)
    outer = zipped({NESTED: inner, f"{FOLDER}.names": b"a description"}, zipfile.ZIP_STORED)
    dataset = replace(
        UCI_HAR,
        sizes=tuple(map(len, contents)),
        features=FEATURES,
        class_sizes=((2,) * 6, (1,) * 6),
    )
    return HarStandIn(
        with_archives(dataset, outer, inner), values, labels, files, inner=inner, outer=outer
    )


def _column(labels: np.ndarray) -> bytes:
    return "".join(f"{label}\n" for label in labels).encode()
