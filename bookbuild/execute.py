"""Runs each notebook once for both editions and keeps its outputs.

The cache is jupyter-cache's, which knows a notebook by its code cells. What else the
outputs depend on names the cache's folder: the languages, the companion package (its
data and translated labels included), the pinned environment and Python's version.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import uuid
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from jupyter_core.paths import jupyter_runtime_dir
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode
from tqdm import tqdm
from traitlets.config import Config

from bookbuild import LANGUAGES, ROOT
from bookbuild.exercises.parse import without_cases
from bookbuild.source import EXTENSIONS

ANSI = re.compile(r"\x1b\[[0-9;]*m")
KEPT_CACHES = 3
TIMEOUT = 300  # seconds for one cell


class ExecutionError(RuntimeError):
    """A notebook's cell failed: the file, the cell's line and the traceback."""


def fingerprint(root: Path = ROOT) -> str:
    """What the outputs depend on besides the code cells."""
    digest = hashlib.sha256()
    digest.update(f"{LANGUAGES} {sys.version_info[:2]}".encode())
    library = (root / "ift6135_lib").rglob("*")
    # what check() compares with follows from the sections themselves
    own = [path for path in library if path.parent.name != "exercises"]
    for path in [root / "requirements.txt", *sorted(own)]:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def cache_path(root: Path = ROOT) -> Path:
    """The folder of the outputs that are still true."""
    return root / "_build" / "cache" / fingerprint(root)


def kernel_environment(root: Path = ROOT) -> dict[str, str]:
    """The variables with which the book's kernels start."""
    inherited = os.environ.get("PYTHONPATH", "")
    return {
        "IFT6135_BOOK": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(root), inherited])),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "agg",
        "JUPYTER_PLATFORM_DIRS": "1",
        "IPYTHONDIR": str(root / "_build" / "ipython"),
    }


def prepare_kernels(root: Path = ROOT) -> None:
    """Make the kernels that this process starts those of the book."""
    profile = root / "_build" / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    # ipykernel greets each start with a notice about TCP on stderr
    (profile / "ipython_kernel_config.py").write_text("c.IPKernelApp.log_level = 40\n")
    os.environ.update(kernel_environment(root))


def sockets() -> dict[str, str]:
    """Options of a kernel manager: files of its own through which to reach its kernel.

    A TCP port that the manager finds free may be another's when the kernel binds it.
    """
    folder = Path(jupyter_runtime_dir())
    folder.mkdir(parents=True, exist_ok=True)
    name = folder / f"kernel-{uuid.uuid4().hex[:12]}.json"
    return {"transport": "ipc", "connection_file": str(name)}


def read(path: Path) -> NotebookNode:
    """The notebook as myst-nb reads it: both languages, code cells written once."""
    return read_myst_markdown_notebook(
        without_cases(path.read_text("utf8")),
        MdParserConfig(enable_extensions=EXTENSIONS),
        path=path,
        add_source_map=True,
    )


def has_code(notebook: NotebookNode) -> bool:
    return any(cell.cell_type == "code" for cell in notebook.cells)


@dataclass(frozen=True)
class Run:
    """One notebook's execution."""

    path: Path
    seconds: float
    cached: bool


def cached(path: Path, root: Path = ROOT) -> tuple[NotebookNode, float] | None:
    """The executed notebook and its seconds, or None when it must run again."""
    cache, notebook = get_cache(str(cache_path(root))), read(path)
    try:
        record = cache.match_cache_notebook(notebook)
    except KeyError:
        return None
    _, merged = cache.merge_match_into_notebook(notebook)
    return merged, float(record.data.get("execution_seconds", 0.0))


def run(path: Path, root: Path = ROOT) -> tuple[NotebookNode, float]:
    """Execute one notebook.

    Raises:
        ExecutionError: a cell failed; the message says which one.
    """
    notebook = read(path)
    prepare_kernels(root)
    result = single_nb_execution(
        notebook,
        cwd=str(path.parent),
        timeout=TIMEOUT,
        allow_errors=False,
        config=Config(KernelManager=sockets()),
    )
    if result.err is not None:
        line = _failed_line(notebook)
        traceback = ANSI.sub("", str(result.exc_string)).strip()
        raise ExecutionError(
            f"{path.relative_to(root)}:{line}: this cell failed.\n{traceback}"
        )
    return notebook, result.time


def _failed_line(notebook: NotebookNode) -> int:
    starts = notebook.metadata.get("source_map", [])
    for cell, start in zip(notebook.cells, starts, strict=False):
        outputs = cell.get("outputs", [])
        if any(output.output_type == "error" for output in outputs):
            return start + 1
    return 1


def execute(
    paths: list[Path], root: Path = ROOT, *, jobs: int | None = None
) -> list[Run]:
    """Run what is not in the cache, one process a core, with a progress bar.

    Raises:
        ExecutionError: after all have run, with every failure.
    """
    runs, waiting = [], []
    for path in paths:
        if not has_code(read(path)):
            continue
        hit = cached(path, root)
        if hit:
            runs.append(Run(path, hit[1], cached=True))
        else:
            waiting.append(path)
    if not waiting:
        return runs
    jobs = min(jobs or os.cpu_count() or 1, len(waiting))
    cache, failures = get_cache(str(cache_path(root))), []
    bar = tqdm(total=len(waiting), desc="notebooks", unit="notebook")
    with bar, ProcessPoolExecutor(jobs) as pool:
        pending = {pool.submit(run, path, root): path for path in waiting}
        for future in as_completed(pending):
            path = pending[future]
            bar.set_postfix_str(path.stem)
            bar.update()
            try:
                notebook, seconds = future.result()
            except ExecutionError as error:
                failures.append(str(error))
                continue
            cache.cache_notebook_bundle(
                CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds}),
                check_validity=False,
                overwrite=True,
            )
            runs.append(Run(path, seconds, cached=False))
    if failures:
        raise ExecutionError("\n\n".join(failures))
    _forget_old_caches(root)
    return runs


def _forget_old_caches(root: Path) -> None:
    caches = sorted(
        (root / "_build" / "cache").iterdir(), key=lambda p: p.stat().st_mtime
    )
    for old in caches[:-KEPT_CACHES]:
        shutil.rmtree(old)
