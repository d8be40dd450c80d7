"""nbval runs the notebooks again and fails when a number is not found again."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from unittest import mock

import nbformat
import pytest

from bookbuild import ROOT
from bookbuild.execute import execute
from bookbuild.nbval import NothingToCompare, reference, write_all
from bookbuild.notebooks import NotRun, executed
from tests.bookbuild import small_book

PAGE = """
```{code-cell} ipython3
import os

import matplotlib.pyplot as plt

from ift6135_lib.interact import Checkbox, explore
from ift6135_lib.plot import glue, show

grown = 3
```

```{code-cell} ipython3
:tags: [nbval-check-output]

glue("half", 0.5 ** grown, ".3f")
print("grown to", grown, object())
show(plt.figure(), "fig-empty")
explore(lambda grid: plt.figure(), "fig-slider", grid=Checkbox(description="$g$"))
grown * 2
```

```{code-cell} ipython3
:tags: [nbval-check-output]

names = ("IFT6135_BOOK", "OMP_NUM_THREADS", "PYTHONHASHSEED")
print([os.environ[name] for name in names])
```

```{code-cell} ipython3
:tags: [nbval-check-output]

from ipykernel.kernelapp import IPKernelApp

print(IPKernelApp.instance().transport)
```

```{code-cell} ipython3
import time

print(time.time())
```
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    page = small_book.write(folder)
    page.write_text(small_book.HEAD + PAGE, "utf8")
    with mock.patch.dict(os.environ, {"PYTHONPATH": str(ROOT)}):
        execute([page], folder)
    return folder


@pytest.fixture(scope="module")
def run(root: Path) -> nbformat.NotebookNode:
    return executed(root / f"{small_book.PAGE}.md", root)


def outcomes(folder: Path, report: Path) -> dict[str, list[str | None]]:
    """What nbval says of each notebook's cells: None, or why the cell failed."""
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-q"]
    command += ["-p", "no:cacheprovider", "--nbval-lax", "--nbval-current-env"]
    command += ["--nbval-sanitize-with", "tests/nbval_sanitize.cfg", "--color=no"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    environment.pop("IFT6135_BOOK", None)
    environment |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "2"}
    done = subprocess.run(
        [*command, f"--junitxml={report}", str(folder)],
        check=False,
        cwd=ROOT,
        env=environment,
        text=True,
        capture_output=True,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, list[str | None]] = {}
    for case in ET.parse(report).iter("testcase"):
        failure = case.find("failure")
        name = case.get("classname").rpartition(".")[0].rpartition(".")[2]
        found.setdefault(name, []).append(None if failure is None else failure.text)
    return found


def test_only_what_is_compared_is_stored(run):
    stored = reference(run, "page")
    nbformat.validate(stored)
    assert [len(cell.outputs) for cell in stored.cells] == [0, 5, 1, 1, 0]
    assert all(cell.execution_count for cell in stored.cells if cell.outputs)
    records = [o.data for cell in stored.cells for o in cell.outputs if "data" in o]
    plain = "application/papermill.record/text/plain"
    texts = [data.get(plain, data.get("text/plain")) for data in records]
    assert texts == ["half: 0.125", "figure fig-empty", "slider fig-slider", "6"]
    assert "<svg" not in nbformat.writes(stored)


def test_a_planted_fault_is_found(root, run, tmp_path):
    """A number, a text, a result and the code itself, each made wrong once."""
    folder = write_all(root)
    (true,) = folder.rglob("*.ipynb")
    assert true.relative_to(folder).as_posix() == "04-optimization/descent.ipynb"
    faults = {
        "number": ("half: 0.125", "half: 0.126"),
        "printed": ("grown to 3", "grown to 4"),
        "result": ('"6"', '"7"'),
        "code": ("0.5 ** grown", "0.6 ** grown"),
        "picture": ('plt.figure(), \\"fig-empty', 'plt.figure(dpi=50), \\"fig-empty'),
    }
    text = true.read_text("utf8")
    for name, (right, wrong) in faults.items():
        assert right in text
        (true.parent / f"{name}.ipynb").write_text(text.replace(right, wrong), "utf8")
    found = outcomes(folder, tmp_path / "report.xml")
    assert found["descent"] == [None] * 5
    assert found.pop("picture") == [None] * 5  # what it shows is computed
    for name in ("number", "printed", "result", "code"):
        bad = [cell for cell, why in enumerate(found[name]) if why]
        assert bad == [1], name
        assert "Cell outputs differ" in found[name][1]
    assert "0.126" in found["number"][1] and "half: 0.125" in found["number"][1]


def test_a_tagged_cell_without_output_is_refused(run):
    """nbval would let it pass, whatever it does."""
    silent = copy.deepcopy(run)
    next(cell for cell in silent.cells if cell.get("outputs")).outputs = []
    with pytest.raises(NothingToCompare, match="page: .*nbval-check-output"):
        reference(silent, "page")


def test_a_notebook_that_did_not_run_has_no_reference(root):
    page = root / f"{small_book.PAGE}.md"
    text = page.read_text("utf8")
    page.write_text(text.replace("grown = 3", "grown = 4"), "utf8")
    try:
        with pytest.raises(NotRun, match="make book"):
            write_all(root)
    finally:
        page.write_text(text, "utf8")
