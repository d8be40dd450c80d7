"""Verifies the exercises that changed, and keeps what check() needs of them.

What an answer is compared with travels in the package as numbers: inputs, expected
outputs, and what each declared mistake gives. No code of a solution goes with them.
"""

from __future__ import annotations

import hashlib
import json
import traceback
from pathlib import Path

from bookbuild import ROOT
from bookbuild.check import sources
from bookbuild.exercises import private as folder
from bookbuild.exercises.model import Exercise, Part
from bookbuild.exercises.parse import collect
from bookbuild.exercises.reference import CASES, PRELUDE, PUBLIC, Wrong, entry
from bookbuild.exercises.structure import wrong_cases
from bookbuild.source import SourceError


def digest(exercise: Exercise, answer: list[Part]) -> str:
    """What the entry depends on; without the private folder, its public part."""
    said = [(each.title, each.asks) for each in exercise.statements.values()]
    public = [exercise.parts["starter"].code, exercise.parts["tests"].code]
    public += [str(said), str(exercise.tolerance), PRELUDE, str(CASES), PUBLIC]
    private = [part.code for part in answer]
    return ":".join(
        hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
        for texts in (public, private)
    )


def store(chapter: str, root: Path = ROOT) -> Path:
    """The file of the package that holds a chapter's entries."""
    return root / "ift6135_lib" / "exercises" / f"{chapter}.json"


def exercises(root: Path = ROOT) -> tuple[list[Exercise], list[SourceError]]:
    """Every exercise of the book, and what is wrong with the others."""
    found, errors, owners = [], [], {}
    for path in sources(root):
        own, mistakes = collect(path, root)
        errors += mistakes
        for exercise in own:
            shown = path.relative_to(root)
            if exercise.id in owners:
                errors.append(
                    SourceError(
                        shown,
                        exercise.line,
                        f"the exercise id {exercise.id!r} is used twice "
                        f"({owners[exercise.id]})",
                        "Give each exercise an id of its own",
                    )
                )
                continue
            owners[exercise.id] = f"{shown}:{exercise.line}"
            found.append(exercise)
    return found, errors


def verify(
    private: Path, root: Path = ROOT, *, everything: bool = False
) -> tuple[list[Path], list[SourceError]]:
    """Verify the exercises that changed and write their entries.

    Args:
        private: the instructor's folder; may be absent, what is withheld is then left.
        root: of the book.
        everything: whether to verify also what did not change.

    Returns:
        The files that were written, and the mistakes.
    """
    found, errors = exercises(root)
    written = []
    chapters: dict[str, list[Exercise]] = {}
    for exercise in found:
        chapters.setdefault(exercise.chapter, []).append(exercise)
    for chapter, own in chapters.items():
        path = store(chapter, root)
        known = json.loads(path.read_text("utf8")) if path.exists() else {}
        entries = {}
        for exercise in own:
            old = known.get(exercise.id)
            try:
                entries[exercise.id] = _entry(exercise, private, old, everything, root)
            except SourceError as error:
                errors.append(error)
        if entries != known and not errors:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_dumps(entries), "utf8")
            written.append(path)
    return written, errors


def _entry(
    exercise: Exercise, private: Path, old: dict | None, everything: bool, root: Path
) -> dict:
    shown = exercise.path.relative_to(root)
    answer = folder.answer(exercise, private)
    now, then = digest(exercise, answer), (old or {}).get("digest", "")
    if now == then and not everything:
        return old
    if not answer:
        if now.partition(":")[0] == then.partition(":")[0]:
            return old
        raise SourceError(
            shown,
            exercise.line,
            f"exercise {exercise.id!r} changed; its withheld solution is not here",
            "Verify it where the private folder is: make checks PRIVATE=folder",
        )
    asked = exercise.parts["starter"].functions()[exercise.function]
    if exercise.withheld:
        for mistake in wrong_cases(exercise.id, asked, answer[0], answer[0].path):
            raise mistake
    try:
        return {"digest": now} | entry(exercise, answer)
    except Wrong as wrong:
        line = wrong.part.line
        path, problem, remedy = wrong.part.path, wrong.problem, wrong.remedy
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if f.filename in {str(p.path) for p in answer}]
        line = own[-1].lineno if own else exercise.line
        path = Path(own[-1].filename) if own else shown
        problem, remedy = f"{type(error).__name__}: {error}", "Correct this line"
    if path.is_absolute() and path.is_relative_to(root):
        path = path.relative_to(root)
    raise SourceError(path, line, f"exercise {exercise.id!r}: {problem}", remedy)


def _dumps(entries: dict) -> str:
    """One exercise a line: the file is for programs, its diffs for people."""
    lines = [
        f"{json.dumps(id_)}: {json.dumps(entry, ensure_ascii=False)}"
        for id_, entry in entries.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"
