"""The commands: ``python -m bookbuild --help``. ``make`` calls these."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable

from bookbuild import ROOT
from bookbuild.environment import EnvironmentProblem, ensure, in_venv

COMMANDS = {
    "book": "run every notebook and build both editions into _build/html",
    "test": "everything CI runs: check, lint, unit tests, nbval, the site in a browser",
    "check": "parity between the languages; their spelling and typography",
    "execute": "run the notebooks whose outputs are stale",
    "serve": "watch, rebuild what is touched, reload the browser",
    "notebooks": "write the Colab notebooks to _build/notebooks/{en,fr}",
    "offline": "write one zip an edition, to open from the disk, to _build/offline",
    "pdf": "print each edition to _build/pdf: the book is built first",
    "checks": "verify the exercises, write what check() compares answers with",
    "assignment": "write the student notebooks of a chapter's exercises",
    "grade": "grade a folder of submissions in a sandbox: grades.csv and feedback",
    "anchors": "add the book's new addresses to the list that may not lose any",
    "links": "the built site's links: say which ones lead nowhere",
    "guard": "refuse what would publish something of the private folder",
    "hooks": "let git run the guard before each commit",
    "lighthouse": "Lighthouse's scores of the built site, medians of some runs",
    "pins": "renew every pinned version, say what changed",
    "bench": "speed against other libraries, as ratios",
    "clean": "empty _build (the environments, assignments and grades stay)",
}


BENCHMARKS = ("optim", "conv", "sequences", "transformer")
PASSED_ON = {"test": "pytest", "bench": "the benchmark"}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="bookbuild",
        description="Builds and tests the bilingual book. The first command installs "
        "the pinned environment into .venv.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    added = {
        name: commands.add_parser(name, help=text) for name, text in COMMANDS.items()
    }
    for name in ("book", "execute"):
        added[name].add_argument(
            "--jobs", type=int, help="notebooks run at the same time (default: cores)"
        )
    added["book"].add_argument(
        "--language", choices=("en", "fr"), help="build this edition only"
    )
    added["lighthouse"].add_argument("--runs", type=int, default=5)
    added["check"].add_argument(
        "--fix", action="store_true", help="mend the typography first"
    )
    added["pins"].add_argument(
        "--dry-run", action="store_true", help="only say what would change"
    )
    added["links"].add_argument(
        "--external", action="store_true", help="only list the addresses elsewhere"
    )
    added["serve"].add_argument("--port", type=int, default=8000)
    added["checks"].add_argument(
        "--everything", action="store_true", help="also what has not changed"
    )
    for name in ("assignment", "grade"):
        added[name].add_argument("chapter", help="its folder, such as 04-optimization")
        added[name].add_argument(
            "--exercises",
            nargs="*",
            metavar="ID",
            help="which ones (default: all those of the chapter, or those handed out)",
        )
    for name in ("checks", "assignment", "grade", "guard"):
        added[name].add_argument(
            "--private",
            help="the folder of withheld solutions and the seed "
            "(default: $PRIVATE, or private)",
        )
    added["assignment"].add_argument(
        "--edition", choices=("en", "fr"), help="this language only (default: both)"
    )
    added["pdf"].add_argument(
        "--edition", choices=("en", "fr"), help="this language only (default: both)"
    )
    added["grade"].add_argument(
        "--submissions", required=True, help="a folder: one notebook a student"
    )
    added["grade"].add_argument(
        "--edition", choices=("en", "fr"), default="en", help="language of the table"
    )
    added["grade"].add_argument("--jobs", type=int, help="at once (default: cores)")
    added["bench"].add_argument(
        "name", nargs="?", choices=BENCHMARKS, help="only this one (default: all)"
    )
    for name in PASSED_ON:
        added[name].epilog = f"Other arguments are passed on to {PASSED_ON[name]}."
    return top


def action(command: str) -> Callable[[argparse.Namespace], int]:
    """The function of a command; it needs the environment."""
    from bookbuild import checking, commands

    module = checking if hasattr(checking, command) else commands
    return getattr(module, command)


def main() -> int:
    arguments, others = parser().parse_known_args()
    if others and arguments.command not in PASSED_ON:
        parser().error(f"unrecognized arguments: {' '.join(others)}")
    arguments.arguments = others
    try:
        python = ensure()
        if not in_venv():
            command = [str(python), "-m", "bookbuild", *sys.argv[1:]]
            path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
            environment = os.environ | {"PYTHONPATH": path.rstrip(os.pathsep)}
            return subprocess.run(
                command, check=False, cwd=ROOT, env=environment
            ).returncode
        if private := getattr(arguments, "private", None):
            os.environ["PRIVATE"] = private
        return action(arguments.command)(arguments)
    except EnvironmentProblem as problem:
        print(f"bookbuild: {problem}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
