"""What the pages of documentation hold for tests: fenced blocks, and columns of tables."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checkout import REPOSITORY, Checkout

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the line where it starts."""

    language: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    """The fenced blocks with a language of a page of the repository, in order."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    return [
        Block(found[1], found[2], text.count("\n", 0, found.start()) + 1)
        for found in FENCE.finditer(text)
    ]


def columns(page: str) -> dict[str, list[str]]:
    """Section of a page that is named after a file -> names in the first cells of its table."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    sections = re.split(r"^## `([\w.]+)`$", text, flags=re.MULTILINE)[1:]
    return {
        name: [
            column
            for cell in re.findall(r"^\| (`.*?) \|", body, re.MULTILINE)
            for column in re.findall(r"`([^`]+)`", cell)
        ]
        for name, body in zip(sections[::2], sections[1::2], strict=True)
    }


def install(checkout: Checkout) -> None:
    """Add what `make` needs to a checkout; `.venv` is the environment that runs the tests."""
    for name in ("Makefile", "requirements.txt", "tools"):
        (checkout.root / name).symlink_to(REPOSITORY / name)
    environment = checkout.root / ".venv"
    environment.mkdir()
    for entry in Path(sys.prefix).iterdir():
        if entry.name in ("bin", "lib", "lib64", "include", "pyvenv.cfg"):
            (environment / entry.name).symlink_to(entry)
    (environment / ".installed").touch()


def follow(page: str, checkout: Checkout, variables: Mapping[str, str] = os.environ) -> None:
    """Do what a tutorial shows, in order, with these variables of the environment.

    `yaml` and `snakemake` blocks are saved under the name in their first comment, `sh` and `python`
    blocks are run, and each line of a `text` block must be in the output of the block before,
    however it is spaced.
    """
    output = ""
    for block in blocks(page):
        place = f"{page}:{block.line}"
        match block.language:
            case "yaml" | "snakemake":
                name = re.match(r"# (\S+)\n", block.text)
                assert name, f"{place} does not name its file"
                file = checkout.root / name[1]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(block.text, encoding="utf-8")
            case "sh" | "python":
                output = run(block, checkout, place, variables)
            case "text":
                seen = {" ".join(line.split()) for line in output.splitlines()}
                for line in block.text.splitlines():
                    assert " ".join(line.split()) in seen, f"{place}: {line!r} not in\n{output}"
            case other:
                raise AssertionError(f"{place}: cannot follow {other}")


def run(
    block: Block, checkout: Checkout, place: str, variables: Mapping[str, str] = os.environ
) -> str:
    """The output of a block, which must end well."""
    command = (
        ["bash", "-euo", "pipefail", "-c"] if block.language == "sh" else [sys.executable, "-c"]
    )
    done = subprocess.run(
        [*command, block.text],
        cwd=checkout.root,
        env={**variables, "MPLBACKEND": "agg"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=1800,
    )
    assert done.returncode == 0, f"{place}\n{done.stdout}"
    return done.stdout
