"""Builds the two editions side by side and publishes them under ``_build/html``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from jupyter_book.sphinx import build_sphinx

from bookbuild import LANGUAGES, ROOT
from bookbuild.check import sources
from bookbuild.discovery import write_root_pages
from bookbuild.landing import root_page


class BuildError(RuntimeError):
    """An edition did not build, or not without warnings."""


def site(root: Path = ROOT) -> Path:
    """The published site."""
    return root / "_build" / "html"


def output(lang: str, root: Path = ROOT) -> Path:
    """Where Sphinx writes an edition; myst-nb writes beside it."""
    return root / "_build" / "editions" / lang / "html"


def build_edition(lang: str, root: Path = ROOT) -> int:
    """Build one edition in this process; warnings are errors. Returns the exit code."""
    result = build_sphinx(
        root,
        output(lang, root),
        noconfig=True,
        path_config=root / "_config.yml",
        doctreedir=root / "_build" / "editions" / lang / "doctrees",
        confoverrides={
            "external_toc_path": str(root / "_toc.yml"),
            "language": lang,
            "latex_individualpages": False,
            "nitpicky": True,
        },
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    return result if isinstance(result, int) else 1


def build(languages: tuple[str, ...] = LANGUAGES, root: Path = ROOT) -> Path:
    """Build the editions at the same time, then publish them.

    Raises:
        BuildError: a warning or an error in one of them; all are printed.
    """
    command = [sys.executable, "-m", "bookbuild.editions"]
    environment = os.environ | {"PYTHONPATH": str(root)}
    running = {
        lang: subprocess.Popen(
            [*command, lang, str(root)],
            cwd=root,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for lang in languages
    }
    failed = []
    for lang, process in running.items():
        said, _ = process.communicate()
        if said.strip():
            print(f"--- {lang}\n{said.strip()}")
        print(f"edition {lang}: {'failed' if process.returncode else 'built'}")
        if process.returncode:
            failed.append(lang)
    if failed:
        raise BuildError(f"edition {' and '.join(failed)} not built: see above")
    for lang in languages:
        publish(lang, root)
    (site(root) / "index.html").write_text(root_page(), "utf8")
    pages = [
        path.relative_to(root).with_suffix("").as_posix() for path in sources(root)
    ]
    write_root_pages(site(root), pages, root)
    return site(root)


def publish(lang: str, root: Path = ROOT) -> None:
    """Make ``_build/html/<lang>`` the edition's HTML, and nothing older."""
    target = site(root) / lang
    shutil.rmtree(target, ignore_errors=True)
    # the themes leave the templates of their own build among their scripts
    left_out = shutil.ignore_patterns(".buildinfo*", "*webpack-macros.html")
    shutil.copytree(output(lang, root), target, ignore=left_out)


if __name__ == "__main__":
    sys.exit(build_edition(sys.argv[1], Path(sys.argv[2])))
