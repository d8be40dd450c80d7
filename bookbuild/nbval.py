"""Writes the notebooks that nbval runs again, and tells nbval what a result is.

``pytest --nbval-lax _build/nbval`` executes every cell; those tagged
``nbval-check-output`` must give what the book's own run gave: what they print and the
numbers they hand to the prose. Pictures are not compared: what they show is computed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from unittest import mock

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode
from nbval.plugin import IPyNbFile

from bookbuild import ROOT
from bookbuild.execute import prepare_kernels, sockets
from bookbuild.notebooks import docname, executed, sections
from ift6135_lib.publish import MIME, PREFIX

CHECKED = "nbval-check-output"
SKIPPED = "skip-execution"  # an exercise's starter and tests
RECORD = PREFIX + MIME
# pytest reads this beside the notebooks: the hooks below hold for them alone
CONFTEST = '''\
"""The kernels of these notebooks are the book's, and pictures are not compared."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bookbuild.nbval import pytest_collectstart, pytest_runtest_setup
'''


class NothingToCompare(ValueError):
    """A cell is tagged to be compared, and has no output."""


def reference(run: NotebookNode, name: str) -> NotebookNode:
    """The code cells of a section with the outputs to be found again.

    Args:
        run: the section as the book's own run left it.
        name: of the section, for messages.

    Raises:
        NothingToCompare: nbval would let the cell pass whatever it does.
    """
    cells = []
    for number, cell in enumerate(run.cells):
        if cell.cell_type != "code":
            continue
        if SKIPPED in cell.metadata.get("tags", []):
            continue
        checked = CHECKED in cell.metadata.get("tags", [])
        outputs = [_stored(output) for output in cell.outputs] if checked else []
        if checked and not (outputs and cell.execution_count):
            raise NothingToCompare(
                f"{name}: a cell tagged {CHECKED} has no output: print or glue its "
                f"result, or remove the tag:\n{cell.source}"
            )
        made = nbformat.v4.new_code_cell(
            cell.source,
            id=f"cell-{number}",
            metadata={"tags": cell.metadata.get("tags", [])},
            outputs=outputs,
            execution_count=cell.execution_count if checked else None,
        )
        cells.append(made)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _stored(output: NotebookNode) -> NotebookNode:
    """The output without its pictures and their languages; its text says the value."""
    stored = nbformat.from_dict(output)
    if "data" in stored:
        stored.data.pop(RECORD, None)
    return stored


def write_all(root: Path = ROOT) -> Path:
    """Write the reference notebooks into ``_build/nbval``, afresh.

    Returns:
        The folder, ready for ``pytest --nbval-lax``.

    Raises:
        NotRun: a section has no outputs of its present code.
        NothingToCompare: a tagged cell has no output.
    """
    folder = root / "_build" / "nbval"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "conftest.py").write_text(CONFTEST, "utf8")
    for path in sections(root):
        name = docname(path, root)
        made = reference(executed(path, root), name)
        nbformat.validate(made)
        target = folder / path.parent.name / f"{path.stem}.ipynb"
        target.parent.mkdir(exist_ok=True)
        nbformat.write(made, target)
    return folder


def pytest_collectstart(collector: pytest.Collector) -> None:
    """The record of a figure, a slider or a number is seen by its text only."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare = (*collector.skip_compare, RECORD)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """nbval starts a notebook's kernel here: as the book's own run does."""

    def manager(**options: object) -> KernelManager:
        return KernelManager(**options, **sockets())

    with (
        mock.patch.dict(os.environ),
        mock.patch("nbval.kernel.KernelManager", manager),
    ):
        prepare_kernels()
        return (yield)
