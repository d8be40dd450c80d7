"""The commands of ``python -m bookbuild`` that verify the sources and the site."""

from __future__ import annotations

import argparse
import subprocess
import sys

from bookbuild import ROOT
from bookbuild.check import check as find_mistakes
from bookbuild.check import sources
from bookbuild.environment import ensure_node_packages


def check(arguments: argparse.Namespace) -> int:
    """Mistakes of the sources, of language included."""
    return parity(arguments) or language(arguments)


def language(arguments: argparse.Namespace) -> int:
    """Typography and spelling, in both languages."""
    from bookbuild.punctuation import punctuation
    from bookbuild.spelling import spelling

    ensure_node_packages()
    faults = punctuation(fix=arguments.fix)
    mistakes = spelling()
    for found in (*faults, *mistakes):
        print(found, file=sys.stderr)
    if any(fault.mended for fault in faults):
        print("check: `make check FIX=1` mends the typography", file=sys.stderr)
    if mistakes:
        print(
            "check: correct these words, or add a name or a term to tests/words.*.txt",
            file=sys.stderr,
        )
    return bool(faults or mistakes)


def parity(arguments: argparse.Namespace) -> int:
    """What both languages must share, and the mistakes of exercises."""
    from bookbuild.exercises.verify import exercises

    paths = sources()
    mistakes = [*find_mistakes(paths), *exercises()[1]]
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    verdict = f"{len(mistakes)} mistakes" if mistakes else "both languages agree"
    print(f"check: {len(paths)} sources, {verdict}")
    return bool(mistakes)


def checks(arguments: argparse.Namespace) -> int:
    """Verify the exercises that changed; write what check() compares with."""
    from bookbuild.exercises.private import private_folder
    from bookbuild.exercises.verify import verify

    everything = getattr(arguments, "everything", False)
    written, mistakes = verify(private_folder(), everything=everything)
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    for path in written:
        print(f"  {path.relative_to(ROOT)}: written, commit it with its section")
    return bool(mistakes)


def anchors(arguments: argparse.Namespace) -> int:
    """Add the new addresses to the committed list; say which ones are gone."""
    from bookbuild.anchors import lost, write

    try:
        for address in sorted(write()):
            print(f"  {address}: new")
    except FileNotFoundError as problem:
        print(f"anchors: {problem}", file=sys.stderr)
        return 1
    gone = {address for each in lost().values() for address in each}
    for address in sorted(gone):
        print(f"anchors: {address} is gone: give its label back", file=sys.stderr)
    return bool(gone)


def links(arguments: argparse.Namespace) -> int:
    """Say which internal links lead nowhere, or list the external ones."""
    from bookbuild.editions import site
    from bookbuild.links import Site

    built = Site(site())
    if not built.anchors:
        print("links: the site is not built: run `make book` first", file=sys.stderr)
        return 1
    if arguments.external:
        print(*built.external(), sep="\n")
        return 0
    broken = built.broken()
    for link in broken:
        print(link, file=sys.stderr)
    print(f"links: {len(built.links)} read, {len(broken)} lead nowhere")
    return bool(broken)


def guard(arguments: argparse.Namespace) -> int:
    """Refuse what would publish something of the private folder."""
    from bookbuild.exercises.guard import guard as find_problems
    from bookbuild.exercises.private import private_folder

    problems = find_problems(private_folder())
    for problem in problems:
        print(f"guard: {problem}", file=sys.stderr)
    return bool(problems)


def hooks(arguments: argparse.Namespace) -> int:
    """Let git run the guard before each commit."""
    command = ["git", "config", "core.hooksPath", ".githooks"]
    code = subprocess.run(command, check=False, cwd=ROOT).returncode
    if code == 0:
        print("hooks: .githooks/pre-commit runs before each commit of this clone")
    return code


def lighthouse(arguments: argparse.Namespace) -> int:
    """Print Lighthouse's scores of the built site."""
    from bookbuild.editions import site
    from bookbuild.lighthouse import LighthouseError, table

    try:
        for line in table(arguments.runs, site()):
            print(line, flush=True)
    except LighthouseError as error:
        print(f"lighthouse: {error}", file=sys.stderr)
        return 1
    return 0
