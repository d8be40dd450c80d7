"""``make assignment`` and ``make grade``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from bookbuild import LANGUAGES, ROOT
from bookbuild.environment import ensure_bubblewrap, ensure_grading
from bookbuild.exercises.leaks import scan, secrets
from bookbuild.exercises.private import NoPrivateFolder, private_folder
from bookbuild.exercises.verify import exercises
from bookbuild.notebooks import NotRun
from grading.assignment import Assignment, AssignmentError, choose
from grading.course import Course, course_folder
from grading.release import (
    AlreadyGraded,
    NbgraderError,
    publish,
    release,
    released,
    worth,
)


def assignment(arguments: argparse.Namespace) -> int:
    """Write the student notebooks of both languages, or of one."""
    from bookbuild import commands

    try:
        chosen = choose(exercises()[0], arguments.chapter, arguments.exercises)
        if code := commands.book(argparse.Namespace(language=None)):
            return code
        grader = ensure_grading()
        made = release(chosen, grader)
        _refuse_leaks(list(made.values()))
        languages = (arguments.edition,) if arguments.edition else LANGUAGES
        for path in publish(chosen, made, languages):
            print(f"  {path.relative_to(ROOT)}")
    except (AlreadyGraded, AssignmentError, NbgraderError, NotRun, Leak) as problem:
        print(f"assignment: {problem}", file=sys.stderr)
        return 1
    number, points = len(chosen.exercises), f"{chosen.points:g}"
    print(f"assignment: {number} exercises, {points} points")
    return 0


class Leak(RuntimeError):
    """A student notebook would hold something withheld."""


def _refuse_leaks(paths: list[Path]) -> None:
    private = private_folder()
    if private.is_dir() and (wanted := secrets(private)):
        for place, secret in scan(wanted, paths):
            raise Leak(f"{place} holds what {private} withholds: {secret!r}")


def grade(arguments: argparse.Namespace) -> int:
    """Grade a folder of submissions."""
    from grading.grade import grade as grade_all
    from grading.sandbox import NoSandbox, SandboxBroken
    from grading.score import SameInputs, hidden
    from grading.submissions import NoSubmissions, collect

    start = time.perf_counter()
    try:
        chosen = handed_out(arguments.chapter, arguments.exercises)
        submissions = collect(ROOT / arguments.submissions, arguments.chapter)
        cases = [hidden(each, private_folder()) for each in chosen.exercises]
        ensure_bubblewrap()
        grader = ensure_grading()
        folder = course_folder(arguments.chapter)
        if released(folder, arguments.chapter) != worth(chosen):
            release(chosen, grader)
        course = Course(folder, chosen, grader)
        path = grade_all(
            course, submissions, cases, lang=arguments.edition, jobs=arguments.jobs
        )
    except (
        AlreadyGraded,
        AssignmentError,
        NbgraderError,
        NoPrivateFolder,
        NoSandbox,
        SandboxBroken,
        NoSubmissions,
        NotRun,
        SameInputs,
        FileNotFoundError,
    ) as problem:
        print(f"grade: {problem}", file=sys.stderr)
        return 1
    seconds = time.perf_counter() - start
    print(f"grade: {len(submissions)} submissions in {seconds:.0f} s")
    print(f"  {path.relative_to(ROOT)}")
    print(f"  {(folder / 'feedback').relative_to(ROOT)}/<student>/{arguments.chapter}/")
    return 0


def handed_out(chapter: str, ids: list[str] | None) -> Assignment:
    """The exercises that are named, else those that were handed out, else all."""
    path = ROOT / "_build" / "assignments" / chapter / "assignment.json"
    if not ids and path.exists():
        ids = [each["id"] for each in json.loads(path.read_text("utf8"))]
    return choose(exercises()[0], chapter, ids)
