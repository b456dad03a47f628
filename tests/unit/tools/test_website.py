"""Documents of the repository as pages of a site: links, notebooks, docstrings, the menu."""

import base64

import nbformat
import pytest
from checkout import REPOSITORY
from website import build, conf
from website.contents import menu
from website.documents import write_documents

PICTURE = b"\x89PNG"


@pytest.fixture
def pages(tmp_path):
    """The pages of a small repository, and the names that were returned."""
    repository = tmp_path / "repository"
    for name, text in {
        "README.md": "[![t](../../actions/x.svg)](../../actions)\n\n# A [page](docs/a.md#part)\n",
        "docs/a.md": "[home](../README.md) [file](../Dockerfile) [it](b.ipynb) [all](../envs)\n",
        "Dockerfile": "FROM x\n",
        "envs/x.yaml": "",
    }.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(text, encoding="utf-8")
    cell = nbformat.v4.new_code_cell("1 + 1")
    drawn = {"image/png": base64.b64encode(PICTURE).decode(), "text/plain": "<Figure>"}
    cell.outputs = [
        nbformat.v4.new_output("execute_result", {"text/plain": "2"}),
        nbformat.v4.new_output("stream", text="said\n"),
        nbformat.v4.new_output("display_data", drawn),
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# B"), cell])
    nbformat.write(book, repository / "docs/b.ipynb")
    return tmp_path / "pages", write_documents(repository, tmp_path / "pages")


def test_links_lead_to_pages_and_to_copies_of_files(pages):
    folder, names = pages
    assert sorted(names) == ["docs/a", "docs/b", "index"]
    assert (folder / "index.md").read_text() == "\n# A [page](docs/a.md#part)\n"
    assert (folder / "docs/a.md").read_text() == (
        "[home](../index.md) [file](../Dockerfile) [it](b.md) all\n"
    )
    assert (folder / "Dockerfile").read_text() == "FROM x\n"


def test_a_notebook_is_a_page_with_what_its_cells_show(pages):
    folder, _ = pages
    text = (folder / "docs/b.md").read_text()
    code, result, said = ("```python\n1 + 1\n```", "```text\n2\n```", "```text\nsaid\n```")
    start = "\n\n".join(["# B", code, result, said, ""])
    assert text.startswith(start)
    [picture] = (folder / "docs").glob("*.png")
    assert text == f"{start}![What the cell above draws]({picture.name})\n"
    assert picture.read_bytes() == PICTURE


def test_the_lists_of_a_docstring_are_lists_and_its_signs_are_text():
    lines = ["Here:", "- |z| of `a_b`", "  and on", "- two", "After: x_i * y"]
    conf.as_it_is(None, "", "", None, None, lines)
    assert lines == [
        *("Here:", "", r"- \|z\| of ``a_b``", "  and on", "- two", "", r"After: x\_i \* y"),
    ]


def test_each_page_is_in_the_menu_once():
    documents = ["index", "docs/results", "docs/reference/mnist", "docs/new", "SECURITY"]
    found = menu(documents, ["api/sparsevae"])
    every = [name for names in found.values() for name in names]
    assert len(every) == len(set(every))
    assert set(documents) - {"index"} <= set(every)
    assert found["Results"][-1] == "docs/reference/mnist"
    assert found["More"] == ["docs/new", "SECURITY"]


def test_there_is_no_site_without_a_report_or_with_too_large_a_one(tmp_path, monkeypatch):
    with pytest.raises(build.SiteError, match="no report of a study; run the study first"):
        build.build(REPOSITORY, tmp_path / "report", tmp_path / "site")
    (tmp_path / "report").mkdir()
    (tmp_path / "report/index.html").write_text("x")
    for step in ("write_documents", "write_api", "write_contents"):
        monkeypatch.setattr(build, step, lambda *_: [])

    def sphinx(*arguments) -> None:
        (arguments[-1] / "_sources").mkdir(parents=True)

    monkeypatch.setattr(build, "run_sphinx", sphinx)
    monkeypatch.setattr(build, "LARGEST", 0)
    with pytest.raises(build.SiteError, match="0 MB, more than 0"):
        build.build(REPOSITORY, tmp_path / "report", tmp_path / "site")
    assert not (tmp_path / "site").exists()
