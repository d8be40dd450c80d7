"""Runs notebooks in the Python that runs this: ``run_notebooks.py FOLDER``.

Says which ones fail and in which cell; needs nbclient and ipykernel only, so that it
works on a machine that is not the book's.
"""

import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

TIMEOUT = 600  # seconds a cell


def main(folder: Path) -> int:
    notebooks = sorted(folder.rglob("*.ipynb"))
    if not notebooks:
        print(f"no notebook in {folder}: run `make notebooks` first", file=sys.stderr)
        return 1
    failed = []
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory() as scratch:
            resources = {"metadata": {"path": scratch}}
            client = NotebookClient(notebook, timeout=TIMEOUT, resources=resources)
            try:
                client.execute()
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                failed.append(path)
                print(f"{path}: {error}", file=sys.stderr)
        print(f"{path}: {'failed' if path in failed else 'runs'}", flush=True)
    print(f"{len(notebooks) - len(failed)} of {len(notebooks)} notebooks run")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
