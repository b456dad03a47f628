"""Stand-ins for published idx files, and an HTTP server on this machine that can misbehave."""

import contextlib
import gzip
import hashlib
import http.server
import os
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from sparsevae.data import fashion_mnist
from sparsevae.data.idx import FILE_NAMES, IdxDataset


def idx_bytes(values: np.ndarray) -> bytes:
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 0x08, values.ndim, *values.shape)
    return header + values.astype(np.uint8).tobytes()


@dataclass(frozen=True)
class StandIn:
    """A dataset with four small made-up files, and their contents, unzipped, by name."""

    dataset: IdxDataset
    raw: dict[str, bytes]
    arrays: tuple[np.ndarray, ...]

    def write(self, folder: Path, *, zipped: bool = True) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.raw.items():
            path = folder / (f"{name}.gz" if zipped else name)
            path.write_bytes(gzip.compress(content) if zipped else content)
        return folder


@pytest.fixture
def stand_in() -> StandIn:
    """Fashion-MNIST in all but its files: 30 and 20 random images of 28x28 pixels."""
    generator = np.random.default_rng(5)
    arrays = (
        generator.integers(0, 256, (30, 28, 28), dtype=np.uint8),
        generator.integers(0, 10, 30, dtype=np.uint8),
        generator.integers(0, 256, (20, 28, 28), dtype=np.uint8),
        generator.integers(0, 10, 20, dtype=np.uint8),
    )
    raw = dict(zip(FILE_NAMES, map(idx_bytes, arrays), strict=True))
    md5s = tuple(hashlib.md5(content).hexdigest() for content in raw.values())
    return StandIn(replace(fashion_mnist.DATASET, md5s=md5s), raw, arrays)


@dataclass
class Server:
    """Serves `files` (by name, zipped) at each address below; the address says how.

    good: as they are; missing: 404; half: stops after half of the bytes that it announced;
    page: a web page in place of any file; wrong: `wrong_file` in place of any file;
    flaky: 503 when a file is first asked for; silent: no answer for 3 s; endless: never stops;
    slow: a byte now and then.
    """

    port: int
    files: dict[str, bytes] = field(default_factory=dict)
    wrong_file: bytes = b""
    requests: Counter = field(default_factory=Counter)
    closing: threading.Event = field(default_factory=threading.Event)

    def url(self, manner: str) -> str:
        return f"http://127.0.0.1:{self.port}/{manner}/"

    def answer(self, path: str) -> tuple[int, bytes, int]:
        """Status, content, and how many of its bytes are sent."""
        manner, name = path.strip("/").split("/")
        self.requests[manner, name] += 1
        content = {"page": b"<html>Sign in</html>", "wrong": self.wrong_file}.get(
            manner, self.files.get(name, b"")
        )
        if manner == "silent":
            self.closing.wait(3)
        if manner == "missing" or not content:
            return 404, b"", 0
        if manner == "flaky" and self.requests[manner, name] == 1:
            return 503, b"", 0
        return 200, content, len(content) // (2 if manner == "half" else 1)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith(("/endless/", "/slow/")):
                self.send_for_ever(slowly=self.path.startswith("/slow/"))
                return
            status, content, sent = state.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:sent])

        def send_for_ever(self, slowly: bool) -> None:
            self.send_response(200)
            self.end_headers()
            while not state.closing.wait(0.02 if slowly else 0):
                self.wfile.write(b"x" if slowly else b"x" * 1_000_000)

        def log_message(self, *arguments: object) -> None:
            """Keeps the tests' output clean."""

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # a client that did not wait for a silent server
                super().handle()

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state = Server(httpd.server_address[1])
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield state
    state.closing.set()
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def idx_file(tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes bytes to a file of its own and gives its path."""
    count = iter(range(100))

    def write(content: bytes) -> Path:
        path = tmp_path / f"file-{next(count)}"
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def real_mnist() -> Path:
    """The folder with MNIST's own files."""
    folder = os.environ.get("SPARSEVAE_MNIST_DIR")
    if not folder:
        pytest.skip("set SPARSEVAE_MNIST_DIR to a folder with MNIST's four files")
    return Path(folder)
