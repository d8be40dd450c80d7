"""Exports each section as a notebook for Colab and Jupyter, one per language.

A notebook holds the edition's cells in plain Markdown, without outputs. Its first cell
leads to the published page, its second installs the companion package if it is missing.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from bookbuild import LANGUAGES, ROOT, opening, references
from bookbuild.addresses import Addresses, addresses, notebook_path
from bookbuild.check import sources
from bookbuild.execute import cached, has_code, read
from bookbuild.inline import Edition
from bookbuild.markdown import plain
from bookbuild.published import check
from bookbuild.wheel import build_wheel
from ift6135_lib.publish import MIME, PREFIX

HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}


class NotRun(RuntimeError):
    """A notebook's outputs are absent or no longer true."""


def values(run: NotebookNode, lang: str) -> dict[str, str]:
    """The numbers that a run gave to the prose, as the language writes them."""
    found = {}
    for cell in run.cells:
        for output in cell.get("outputs", []):
            content = output.get("data", {}).get(PREFIX + MIME, {})
            if content.get("kind") == "value":
                check(content)
                found[output.metadata["scrapbook"]["name"]] = content[lang]
    return found


def notebook(run: NotebookNode, edition: Edition, published: Addresses) -> NotebookNode:
    """One language's notebook of a section.

    Args:
        run: the section with its outputs, both languages.
        edition: language, labels and values; whose source gives the lines of mistakes.
        published: where the book and the wheel are.

    Raises:
        SourceError: syntax that plain Markdown cannot show.
    """
    code = [cell.source for cell in run.cells if cell.cell_type == "code"]
    two_sizes = any("by_device(" in source for source in code)
    setup = opening.setup(edition.lang, published, two_sizes=two_sizes)
    cells = [
        new_markdown_cell(opening.header(edition, published)),
        new_code_cell(setup),
        *_cells(run, edition),
    ]
    _identify(cells)
    metadata = _metadata(edition) | ({"accelerator": "GPU"} if two_sizes else {})
    made = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(made)
    return made


def _cells(run: NotebookNode, edition: Edition) -> Iterator[NotebookNode]:
    lines = edition.path.read_text("utf8").split("\n")
    starts = run.metadata["source_map"]
    for cell, start in zip(run.cells, starts, strict=True):
        if cell.metadata.get("exercise"):
            yield from _exercise_cells(cell)
        elif cell.cell_type == "code":
            yield _code_cell(cell)
        elif cell.metadata.get("lang", edition.lang) == edition.lang:
            while not lines[start].strip():  # the reader drops blank lines
                start += 1
            text = plain(cell.source, start + 1, edition)
            if text:
                yield new_markdown_cell(text)


def _exercise_cells(cell: NotebookNode) -> Iterator[NotebookNode]:
    """What the reader completes, and the verdict on it; the solution is on the page."""
    if cell.metadata["role"] != "starter":
        return
    yield new_code_cell(cell.source)
    function = re.search(r"^def (\w+)", cell.source, re.MULTILINE)[1]
    call = f'check("{cell.metadata["exercise"]}", {function})'
    yield new_code_cell(f"from ift6135_lib import check\n\n{call}")


def _code_cell(cell: NotebookNode) -> NotebookNode:
    tags = [tag for tag in cell.metadata.get("tags", []) if not tag.startswith("nbval")]
    metadata = {"tags": tags} if tags else {}
    if HIDDEN & set(tags):
        metadata |= {"cellView": "form", "jupyter": {"source_hidden": True}}
    return new_code_cell(cell.source, metadata=metadata)


def _identify(cells: list[NotebookNode]) -> None:
    """Ids that stay while a cell stays the same, whatever comes before it."""
    seen: Counter[str] = Counter()
    for cell in cells:
        digest = hashlib.sha256(f"{cell.cell_type} {cell.source}".encode()).hexdigest()
        seen[digest] += 1
        cell.id = digest[:12] if seen[digest] == 1 else f"{digest[:12]}-{seen[digest]}"


def _metadata(edition: Edition) -> dict:
    return {
        "colab": {
            "name": f"{Path(edition.docname).name}.ipynb",
            "provenance": [],
            "toc_visible": True,
        },
        "kernelspec": {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        },
        "language_info": {"name": "python"},
    }


def export(root: Path = ROOT, languages: tuple[str, ...] = LANGUAGES) -> list[Path]:
    """Write the notebooks and the wheel into ``_build/notebooks``, afresh.

    Returns:
        The files, in the reader's order, the wheel first.

    Raises:
        NotRun: a section has no outputs of its present code.
        FileNotFoundError: an edition is not built.
        SourceError: syntax that plain Markdown cannot show.
    """
    folder = root / "_build" / "notebooks"
    shutil.rmtree(folder, ignore_errors=True)
    published = addresses(root)
    written = [build_wheel(folder, root)]
    for lang in languages:
        refs = references.read(lang, root)
        for path in sections(root):
            made = export_section(path, lang, refs, published, root)
            target = folder / notebook_path(docname(path, root), lang)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = nbformat.writes(made, indent=1, ensure_ascii=False)
            target.write_text(text + "\n", "utf8")
            written.append(target)
    return written


def export_section(
    path: Path, lang: str, refs: dict, published: Addresses, root: Path = ROOT
) -> NotebookNode:
    """One section's notebook, from the book's own run."""
    run = executed(path, root)
    name = docname(path, root)
    url = f"{published.site}{lang}/"
    edition = Edition(lang, name, path, url, refs, values(run, lang))
    return notebook(run, edition, published)


def executed(path: Path, root: Path = ROOT) -> NotebookNode:
    """A section with the outputs of the book's own run.

    Raises:
        NotRun: there is no run of its present code.
    """
    hit = cached(path, root)
    if hit is None:
        shown = path.relative_to(root)
        raise NotRun(f"{shown} was not run since it changed: `make book` first")
    return hit[0]


def sections(root: Path = ROOT) -> list[Path]:
    """The pages that have code: those that are notebooks."""
    return [path for path in sources(root) if has_code(read(path))]


def docname(path: Path, root: Path = ROOT) -> str:
    """Sphinx's name of a page."""
    return path.relative_to(root).with_suffix("").as_posix()
