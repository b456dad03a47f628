"""Copy the repository's documents beside each other as they lie, with links that hold there."""

import base64
import re
import shutil
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from urllib.parse import quote

from nbformat import read

DOCUMENTS = ("*.md", "docs/**/*.md", "docs/**/*.ipynb", "config/*.md", "resources/published/*.md")
# Sphinx writes index.html for it, and a browser opens that.
FIRST = {"README.md": "index.md"}
LINK = re.compile(r"(?<=\]\()(?P<path>[^)#\s:]+)(?P<rest>[#\s][^)]*)?(?=\))")
# Of the hosted integration: they lead to where the repository is.
BADGE = re.compile(r"^\[!\[.*\n", re.MULTILINE)
TO_FOLDER = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<path>[^)#\s:]+)\)")


def write_documents(repository: Path, pages: Path) -> list[str]:
    """Write every document, and each file that one links to; return the names, without `.md`."""
    files = sorted({file for pattern in DOCUMENTS for file in repository.glob(pattern)})
    names = [file.relative_to(repository).as_posix() for file in files]
    for file, name in zip(files, names, strict=True):
        target = pages / page_of(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = notebook(file, target) if file.suffix == ".ipynb" else file.read_text("utf-8")
        target.write_text(linked(text, name, names, repository, pages), encoding="utf-8")
    return [page_of(name).removesuffix(".md") for name in names]


def page_of(name: str) -> str:
    """Return the page of a document of the repository."""
    return FIRST.get(name, str(PurePosixPath(name).with_suffix(".md")))


def linked(text: str, name: str, names: list[str], repository: Path, pages: Path) -> str:
    """Return a document with the links of its page, and copy the files that it links to.

    A link to a folder becomes its text: a static site shows no folders.
    """
    here = str(PurePosixPath(name).parent)

    def without_folder(match: re.Match[str]) -> str:
        there = repository / normpath(f"{here}/{match['path']}")
        return match["text"] if there.is_dir() else match[0]

    def link(match: re.Match[str]) -> str:
        there = normpath(f"{here}/{match['path']}")
        if there in names:
            path = relpath(page_of(there), str(PurePosixPath(page_of(name)).parent))
        else:
            path = match["path"]
            if (repository / there).is_file() and not (pages / there).exists():
                (pages / there).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(repository / there, pages / there)
        return quote(path) + (match["rest"] or "")

    return LINK.sub(link, TO_FOLDER.sub(without_folder, BADGE.sub("", text)))


def notebook(file: Path, target: Path) -> str:
    """Return the cells of a notebook as Markdown; pictures go beside the page."""
    parts: list[str] = []
    with file.open(encoding="utf-8") as stream:
        cells = read(stream, as_version=4).cells
    for cell in cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        for output in cell.outputs:
            data = output.get("data", {"text/plain": output.get("text", "")})
            if "image/png" in data:
                picture = f"{target.stem}-{len(parts)}.png"
                (target.parent / picture).write_bytes(base64.b64decode(data["image/png"]))
                parts.append(f"![What the cell above draws]({picture})")
            else:
                parts.append(f"```text\n{data['text/plain'].rstrip()}\n```")
    return "\n\n".join(parts) + "\n"
