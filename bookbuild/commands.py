"""The commands of ``python -m bookbuild`` that make something, inside the environment.

``checking.py`` has those that verify.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bookbuild import LANGUAGES, ROOT
from bookbuild.check import sources
from bookbuild.checking import checks, guard, parity
from bookbuild.environment import ensure_browser, ensure_grading, ensure_node_packages


def execute(arguments: argparse.Namespace) -> int:
    from bookbuild.execute import ExecutionError
    from bookbuild.execute import execute as run_notebooks

    try:
        runs = run_notebooks(sources(), jobs=getattr(arguments, "jobs", None))
    except ExecutionError as error:
        print(error, file=sys.stderr)
        return 1
    for run in sorted(runs, key=lambda run: run.path):
        state = "unchanged, ran in" if run.cached else "ran in"
        print(f"  {run.path.relative_to(ROOT)}: {state} {run.seconds:.1f} s")
    return 0


def assignment(arguments: argparse.Namespace) -> int:
    from grading.commands import assignment as make_assignment

    return make_assignment(arguments)


def grade(arguments: argparse.Namespace) -> int:
    from grading.commands import grade as grade_submissions

    return grade_submissions(arguments)


def book(arguments: argparse.Namespace) -> int:
    start = time.perf_counter()
    code = parity(arguments) or checks(arguments) or execute(arguments)
    code = code or _editions(arguments.language)
    if code == 0:
        page = (ROOT / "_build" / "html" / "index.html").as_uri()
        print(f"done in {time.perf_counter() - start:.1f} s; open {page}")
    return code


def _editions(language: str | None = None) -> int:
    from bookbuild.editions import BuildError, build

    print("editions: building", *((language,) if language else LANGUAGES), flush=True)
    try:
        build((language,) if language else LANGUAGES)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def notebooks(arguments: argparse.Namespace) -> int:
    """Export the Colab notebooks; the book is built first, for its numbers."""
    from bookbuild.notebooks import NotRun, export
    from bookbuild.source import SourceError
    from bookbuild.wheel import WheelError

    arguments.language = None
    if code := book(arguments):
        return code
    try:
        for path in export():
            print(f"  {path.relative_to(ROOT)}")
    except (NotRun, SourceError, WheelError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def offline(arguments: argparse.Namespace) -> int:
    """Pack each edition into a zip; the book is built first."""
    from bookbuild.offline import pack

    arguments.language = None
    if code := book(arguments):
        return code
    for path in pack():
        size = path.stat().st_size / 1e6
        print(f"  {path.relative_to(ROOT)}: {size:.1f} MB, unzip and open index.html")
    return 0


def pdf(arguments: argparse.Namespace) -> int:
    """Print the editions; the book is built first."""
    from bookbuild.printed.assemble import DanglingLink
    from bookbuild.printed.browser import PrintError
    from bookbuild.printed.pdf import make

    browser = ensure_browser()
    languages = (arguments.edition,) if arguments.edition else LANGUAGES
    arguments.language = arguments.edition
    if code := book(arguments):
        return code
    for lang in languages:

        def say(how_far: str, lang: str = lang) -> None:
            print(f"pdf {lang}: {how_far}", flush=True)

        try:
            path = make(lang, browser, say=say)
        except (DanglingLink, PrintError, FileNotFoundError) as error:
            print(f"pdf {lang}: {error}", file=sys.stderr)
            return 1
        size = path.stat().st_size / 1e6
        print(f"  {path.relative_to(ROOT)}: {size:.1f} MB")
    return 0


def test(arguments: argparse.Namespace) -> int:
    """Lint, then every test; the built book and its notebooks are made when absent."""
    extra = arguments.arguments
    browser = ensure_browser()
    ensure_node_packages()
    ensure_grading()  # here, once: two tests at a time would both install it
    arguments.language = None
    steps = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
    ]
    for step in steps:
        if code := _run(step):
            return code
    if code := guard(arguments):
        return code
    if code := book(arguments):
        return code
    from bookbuild.nbval import write_all

    folder = write_all()
    os.environ |= {"CHROMIUM": browser, "OMP_NUM_THREADS": "1"}
    jobs = str(os.cpu_count() or 1)
    unit = ["pytest", "-n", jobs, "-q", *extra]
    if code := _run([*unit, "--dist", "loadgroup", "tests", "ift6135_lib"]):
        return code
    return _run(
        [
            *unit,
            "--dist",
            "loadscope",  # a notebook's cells in one process
            "--nbval-lax",
            "--nbval-current-env",
            "-p",
            "no:cacheprovider",
            "--nbval-sanitize-with",
            "tests/nbval_sanitize.cfg",
            str(folder),
        ]
    )


def _run(command: list[str]) -> int:
    print("$", *command, flush=True)
    program = Path(sys.executable).parent / command[0]
    return subprocess.run(
        [str(program), *command[1:]], check=False, cwd=ROOT
    ).returncode


def pins(arguments: argparse.Namespace) -> int:
    """Renew the pins, or only say what would change."""
    from bookbuild.pins import renew

    found = renew(dry_run=arguments.dry_run)
    for change in found:
        print(f"  {change}")
    if not found:
        print("pins: nothing newer")
    elif arguments.dry_run:
        print(f"pins: {len(found)} would change, nothing was written")
    else:
        print(f"pins: {len(found)} changed; `make test`, then commit")
    return 0


def bench(arguments: argparse.Namespace) -> int:
    """Run one benchmark, or all of them."""
    from bookbuild.__main__ import BENCHMARKS

    code = 0
    for name in (arguments.name,) if arguments.name else BENCHMARKS:
        command = [sys.executable, "-m", f"benchmarks.{name}", *arguments.arguments]
        code = subprocess.run(command, check=False, cwd=ROOT).returncode or code
    return code


def serve(arguments: argparse.Namespace) -> int:
    """Serve the site; a saved source is rebuilt and the browser reloads."""
    from livereload import Server

    arguments.language = None

    def rebuild() -> None:
        book(arguments)

    rebuild()
    server = Server()
    for watched in (
        "chapters/**/*.md",
        "back/*",
        "*.md",
        "*.yml",
        "*.bib",
        "bookbuild/**/*",
        "ift6135_lib/**/*.py",
        "ift6135_lib/labels/*",
    ):
        server.watch(str(ROOT / watched), rebuild)
    server.serve(root=str(ROOT / "_build" / "html"), port=arguments.port)
    return 0


def clean(arguments: argparse.Namespace) -> int:
    """Remove what can be made again: not what was handed out, in or graded."""
    kept = {"assignments", "grading"}
    folder = ROOT / "_build"
    for path in folder.iterdir() if folder.exists() else ():
        if path.name in kept:
            print(f"clean: {path.relative_to(ROOT)} kept, remove it by hand")
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    print("clean: _build emptied")
    return 0
