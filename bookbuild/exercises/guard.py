"""Refuses a commit that would publish something of the private folder.

Two looks at what git tracks or is about to commit: no file stands in a private folder
(the worked sample of the tests apart), and no file repeats what a withheld solution
says, when the private folder is at hand to compare with.
"""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

from bookbuild import ROOT
from bookbuild.exercises.leaks import scan, secrets

SAMPLE = PurePosixPath("tests/exercises/private")


def staged(root: Path = ROOT) -> list[PurePosixPath]:
    """Every file of the index: what the next commit will hold."""
    command = ["git", "-C", str(root), "ls-files", "--cached", "-z"]
    listed = subprocess.run(command, check=True, capture_output=True).stdout
    return [PurePosixPath(name) for name in listed.decode().split("\0") if name]


def in_private(paths: list[PurePosixPath], private: Path, root: Path = ROOT):
    """The files that stand in a private folder: the one in use, or one of that name."""
    own = private.resolve()
    for path in paths:
        inside = (root / path).resolve().is_relative_to(own)
        if (inside or "private" in path.parts[:-1]) and SAMPLE not in path.parents:
            yield path


def guard(private: Path, root: Path = ROOT) -> list[str]:
    """What must not be committed, a sentence each."""
    paths = staged(root)
    problems = [
        f"{path} is part of a private folder: git rm --cached {path}"
        for path in in_private(paths, private, root)
    ]
    if private.is_dir() and private.resolve() != (root / SAMPLE).resolve():
        public = [root / path for path in paths if (root / path).is_file()]
        for place, secret in scan(secrets(private), public):
            problems.append(f"{place} repeats what {private} withholds: {secret!r}")
    return problems
