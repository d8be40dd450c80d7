"""The instructor's private folder: withheld solutions, and the seed of the term.

::

    private/
        seed.txt                        one line, changed each term
        04-optimization/
            adabound-bounds.py          the solution, ``inputs`` and the mistakes

It is never part of the repository: ``.gitignore`` and :mod:`bookbuild.exercises.guard`
see to it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from bookbuild import ROOT
from bookbuild.exercises.parse import Exercise, Part


class NoPrivateFolder(RuntimeError):
    """Something of the private folder is missing; the message says what to do."""


def private_folder(root: Path = ROOT) -> Path:
    """``$PRIVATE``, or ``private`` beside the book."""
    return root / os.environ.get("PRIVATE", "private")


def private_path(exercise: Exercise, private: Path) -> Path:
    """The module that has a withheld exercise's answer."""
    return private / exercise.chapter / f"{exercise.id}.py"


def answer(exercise: Exercise, private: Path) -> list[Part]:
    """The code of the reference and its cases; none if they are withheld elsewhere."""
    if not exercise.withheld:
        return [exercise.parts["solution"], exercise.parts["cases"]]
    path = private_path(exercise, private)
    return [Part(path.read_text("utf8"), path, 1)] if path.exists() else []


def required(exercise: Exercise, private: Path) -> list[Part]:
    """The code of the reference and its cases.

    Raises:
        NoPrivateFolder: they are withheld, and not in the folder.
    """
    found = answer(exercise, private)
    if not found:
        path = private_path(exercise, private)
        raise NoPrivateFolder(
            f"exercise {exercise.id!r} is withheld and {path} does not exist. Write it "
            "(a solution, inputs(case, generator) and mistakes), or give the folder "
            "that has it: PRIVATE=folder"
        )
    return found


def term_seed(private: Path) -> str:
    """What the hidden inputs of this term are drawn from.

    Raises:
        NoPrivateFolder: there is none.
    """
    path = private / "seed.txt"
    text = path.read_text("utf8").strip() if path.exists() else ""
    if not text:
        raise NoPrivateFolder(
            f"{path} is absent or empty: write any line in it, another one each term, "
            "for example with `openssl rand -hex 16`, or give the folder that has it: "
            "PRIVATE=folder"
        )
    return text


def number(seed: str, id_: str) -> int:
    """The generator's seed for one exercise."""
    digest = hashlib.sha256(f"{seed} {id_}".encode()).digest()
    return int.from_bytes(digest[:7], "big")
