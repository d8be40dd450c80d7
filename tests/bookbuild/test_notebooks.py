"""The exported notebooks: whole, plain, in one language; they run on a new machine."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sysconfig
import venv
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from bookbuild import LANGUAGES, ROOT, references
from bookbuild.addresses import Addresses, addresses
from bookbuild.editions import output
from bookbuild.inline import Edition
from bookbuild.notebooks import NotRun, executed, export, values
from bookbuild.notebooks import notebook as notebook_of
from bookbuild.source import SourceError
from tests.bookbuild import small_book

# what MyST writes and Markdown does not
RAW = re.compile(
    r"(?P<role>\{[\w:+.-]+\}`)|^(?P<fence>\s*(:{3,}|`{3,}\s*\{))|^(?P<break>\+\+\+)"
    r"|^(?P<label>\s*\([\w-]+\)=)|^(?P<equation>.*\$\$\s*\([\w-]+\)\s*$)"
    r"|^(?P<option>\s*:[a-z-]+:(?!`))|^(?P<comment>%)",
    re.MULTILINE,
)
CODE = re.compile(
    r"^(`{3,})[^`{][^`]*?^\1$|(?<![`}])(`+)(?!`).+?(?<!`)\2(?!`)", re.M | re.S
)


def raw(text: str) -> list[str]:
    """The MyST that is left in a text, outside of code."""
    return [match[0] for match in RAW.finditer(CODE.sub("", text))]


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("book")
    small_book.write(root)
    small_book.build(root)
    export(root)
    return root


def path(book: Path, lang: str) -> Path:
    return book / "_build" / "notebooks" / lang / "04-optimization" / "descent.ipynb"


@pytest.fixture(params=LANGUAGES)
def lang(request) -> str:
    return request.param


@pytest.fixture
def notebook(book, lang) -> nbformat.NotebookNode:
    return nbformat.read(path(book, lang), 4)


@pytest.fixture
def prose(notebook) -> str:
    cells = (cell for cell in notebook.cells if cell.cell_type == "markdown")
    return "\n\n".join(cell.source for cell in cells)


def test_the_pages_with_code_and_the_wheel_are_written(book):
    folder = book / "_build" / "notebooks"
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert files == {
        "en/04-optimization/descent.ipynb",
        "fr/04-optimization/descent.ipynb",
        addresses(book).wheel_name,
    }


def test_a_notebook_is_valid_and_without_outputs(notebook):
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) == 4  # the set-up and the page's three
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.colab.toc_visible


def test_both_languages_have_the_same_code(book):
    code = [
        [
            cell.source
            for cell in nbformat.read(path(book, lang), 4).cells[2:]
            if cell.cell_type == "code"
        ]
        for lang in LANGUAGES
    ]
    assert code[0] == code[1] and len(code[0]) == 3


def test_exporting_again_changes_nothing(book):
    before = {lang: path(book, lang).read_bytes() for lang in LANGUAGES}
    export(book)
    assert before == {lang: path(book, lang).read_bytes() for lang in LANGUAGES}


def test_a_cell_keeps_its_id_when_another_comes_before_it(book):
    """A student's Git, or Colab's comments, refer to cells by their ids."""
    page = book / f"{small_book.PAGE}.md"
    text = page.read_text("utf8")
    before = [cell.id for cell in nbformat.read(path(book, "en"), 4).cells]
    added = '+++ {"lang": "en"}\n\nNew.\n\n+++ {"lang": "fr"}\n\nNeuf.\n\n'
    page.write_text(
        text.replace('+++ {"lang": "en"}\n', added + '+++ {"lang": "en"}\n', 1)
    )
    try:
        export(book)
        after = [cell.id for cell in nbformat.read(path(book, "en"), 4).cells]
    finally:
        page.write_text(text, "utf8")
        export(book)
    assert len(after) == len(before) + 1 and set(before) < set(after)


@pytest.mark.parametrize(
    "left",
    [
        "see {ref}`sec-a`",
        ":::{note}",
        "  ```{note}",
        "+++",
        "(sec-a)=",
        "$$ x $$ (eq-a)",
        ":class: tip",
        "% hidden",
    ],
)
def test_the_scan_sees_what_is_left_of_myst(left):
    assert raw(f"text\n{left}\nmore")


def test_no_myst_is_left(prose):
    assert raw(prose) == []
    assert "{ref}" in prose  # in code, where it is text


def test_only_the_edition_s_language_is_there(prose, lang):
    words = {"en": ("Descent", "The rule", "Halve"), "fr": ("Descente", "La règle")}
    words["fr"] += ("Diviser par deux",)
    (other,) = set(LANGUAGES) - {lang}
    lines = prose.replace("Descente", "D_").split("\n") if lang == "fr" else [prose]
    assert all(word in prose for word in words[lang])
    assert not any(word in line for word in words[other] for line in lines)


def test_numbers_are_those_of_the_page(book, prose, lang):
    html = (output(lang, book) / f"{small_book.PAGE}.html").read_text("utf8")
    for number in re.findall(r'class="caption-number">([^<]+?) ?<', html):
        assert number in prose
    equations = re.findall(r'class="eqno">\((\S+?)\)<', html)
    assert equations == re.findall(r"\\tag\{(\S+?)\}", prose)
    assert equations == ["4.1", "4.2", "4.3"]
    headings = re.findall(r'<span class="section-number">([\d.]+)\. </span>', html)
    assert {"4.1", "4.1.1"} <= set(headings)
    for number in ("4.1", "4.1.1"):
        assert re.search(rf"^#+ {re.escape(number)} \w", prose, re.MULTILINE)


def test_every_link_into_the_book_arrives(book, prose, lang):
    published = addresses(book)
    links = re.findall(r"\]\(([^()\s]+)\)", prose)
    inside = [link for link in links if link.startswith(f"{published.site}{lang}/")]
    assert len(inside) > 10
    for link in inside:
        page, _, anchor = link.removeprefix(f"{published.site}{lang}/").partition("#")
        html = (output(lang, book) / page).read_text("utf8")
        assert not anchor or f'id="{anchor}"' in html, link
    outside = set(links) - set(inside)
    (other,) = set(LANGUAGES) - {lang}
    assert outside == {published.colab(small_book.PAGE, other)}


def test_the_prose_quotes_the_run(book, prose, lang):
    run = executed(book / f"{small_book.PAGE}.md", book)
    quoted = {
        "en": ("0.0625", "1.5\u00a0×\u00a010⁻⁷"),
        "fr": ("0,0625", "1,5\u00a0×\u00a010⁻⁷"),
    }
    found = values(run, lang)
    assert {name: text.replace(" ", "\u00a0") for name, text in found.items()} == dict(
        zip(("reached", "tiny"), quoted[lang], strict=True)
    )
    assert all(number in prose for number in quoted[lang])


def test_citations_are_those_of_the_page(book, prose, lang):
    html = (output(lang, book) / f"{small_book.PAGE}.html").read_text("utf8")
    page = re.sub(r"<[^>]+>", "", html)
    last = {"en": "and", "fr": "et"}[lang]
    assert f"(Kingma {last} Ba, 2015; Polyak, 1964)" in page
    assert f"[Kingma {last} Ba, 2015](" in prose and "[Polyak, 1964](" in prose
    assert f"Kingma {last} Ba (2015)" in page and f"[Kingma {last} Ba (2015)](" in prose
    assert "Nocedal\u00a0et al. (2006)" in page
    assert "[Nocedal\u00a0et al. (2006)](" in prose


def test_the_references_of_a_page_have_what_the_notebooks_need(book, lang):
    refs = references.read(lang, book)
    title = {"en": "Descent", "fr": "Descente"}[lang]
    assert (
        refs["sec-descent"]["text"] == refs[f"doc:{small_book.PAGE}"]["text"] == title
    )
    kinds = {key: refs[key]["kind"] for key in ("sec-rule", "eq-step", "fig-line")}
    kinds |= {key: refs[key]["kind"] for key in ("tab-rules", "ex-step")}
    assert list(kinds.values()) == [
        "section",
        "equation",
        "figure",
        "table",
        "exercise",
    ]
    assert refs["fig-line"]["href"] == f"{small_book.PAGE}.html#fig-line"
    with pytest.raises(FileNotFoundError, match="make book"):
        references.read("de", book)


def test_hidden_code_is_folded(notebook):
    (cell,) = (c for c in notebook.cells if "hide-input" in c.metadata.get("tags", []))
    assert cell.metadata.cellView == "form" and cell.metadata.jupyter.source_hidden


@pytest.mark.parametrize("code", ["n = 1", "n = by_device(cpu=1, gpu=2)"])
def test_what_the_device_changes_is_told(tmp_path, lang, code):
    """A notebook with two sizes asks Colab for a GPU and says which size is taken."""
    cell = nbformat.v4.new_code_cell(code)
    run = nbformat.v4.new_notebook(cells=[cell], metadata={"source_map": [1]})
    (tmp_path / "page.md").write_text("\n")
    refs = {"doc:chapters/a/page": {"text": "Page", "href": "chapters/a/page.html"}}
    edition = Edition(lang, "chapters/a/page", tmp_path / "page.md", "https://b/", refs)
    made = notebook_of(run, edition, Addresses("ada", "notes", "1"))
    two_sizes = "by_device" in code
    assert (made.metadata.get("accelerator") == "GPU") == two_sizes
    setup = made.cells[1].source
    assert ("by_device" in setup) == two_sizes
    assert f'os.environ["IFT6135_LANG"] = "{lang}"' in setup
    ast.parse(TransformerManager().transform_cell(setup))
    others = [line for line in setup.split("\n") if "%pip" not in line]
    assert max(map(len, others)) <= 78 and len(others) == len(setup.split("\n")) - 1


def test_a_notebook_that_did_not_run_is_not_exported(book):
    page = book / f"{small_book.PAGE}.md"
    text = page.read_text("utf8")
    page.write_text(text.replace("range(4)", "range(5)"), "utf8")
    try:
        with pytest.raises(NotRun, match=r"descent\.md .*make book"):
            export(book)
    finally:
        page.write_text(text, "utf8")
        export(book)


def test_a_mistake_is_told_with_its_line_in_the_source(book):
    page = book / f"{small_book.PAGE}.md"
    text = page.read_text("utf8")
    page.write_text(text.replace("{value}`tiny`", "{value}`huge`", 1), "utf8")
    line = text[: text.index("{value}`tiny`")].count("\n") + 1
    try:
        with pytest.raises(SourceError, match=rf"descent\.md:{line}: .*huge"):
            export(book)
    finally:
        page.write_text(text, "utf8")
        export(book)


def new_machine(folder: Path) -> Path:
    """An environment with this one's packages, all but the course's; its Python."""
    venv.create(folder / "machine", with_pip=False)
    (packages,) = (folder / "machine").glob("lib/python*/site-packages")
    others = folder / "others"
    others.mkdir()
    for installed in Path(sysconfig.get_path("purelib")).iterdir():
        if not re.match(r"(__editable__\W*|_+editable_+)?ift6135", installed.name):
            (others / installed.name).symlink_to(installed)
    (packages / "others.pth").write_text(f"{others}\n")
    python = folder / "machine" / "bin" / "python"
    kernel = folder / "machine" / "share" / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    start = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": start, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    return python


RUN = """\
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[1])
"""


def test_a_notebook_runs_on_a_new_machine(book, tmp_path, lang):
    """Its set-up installs the wheel, touches nothing else, and all cells run."""
    python = new_machine(tmp_path)
    made = nbformat.read(path(book, lang), 4)
    wheel = book / "_build" / "notebooks" / addresses(book).wheel_name
    assert addresses(book).wheel in made.cells[1].source
    made.cells[1].source = made.cells[1].source.replace(
        addresses(book).wheel, wheel.as_uri()
    )
    made.cells.append(nbformat.v4.new_code_cell("import ift6135_lib; ift6135_lib"))
    student = tmp_path / "student" / "descent.ipynb"
    student.parent.mkdir()
    nbformat.write(made, student)
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"PIP_NO_INDEX": "1", "JUPYTER_PREFER_ENV_PATH": "1"}
    environment |= {"OMP_NUM_THREADS": "1", "IPYTHONDIR": str(tmp_path / "ipython")}
    done = subprocess.run(
        [str(python), "-c", RUN, str(student)],
        check=False,
        cwd=student.parent,
        env=environment,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    said = [str(cell.get("outputs", "")) for cell in nbformat.read(student, 4).cells]
    device = {"en": "Device: ", "fr": "Appareil\\xa0: "}[lang]
    assert device in said[1]
    assert {"en": "reached: 0.0625", "fr": "reached: 0,0625"}[lang] in "".join(said)
    assert "image/png" in "".join(said)
    assert "None 1" in "".join(said)  # IFT6135_BOOK is not set, one thread
    assert str(tmp_path / "machine") in said[-1] and str(ROOT) not in said[-1]
    (packages,) = (tmp_path / "machine").glob("lib/python*/site-packages")
    assert {each.name.split("-")[0] for each in packages.iterdir()} == {
        "ift6135_lib",
        "others.pth",
    }
