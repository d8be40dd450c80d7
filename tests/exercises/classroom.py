"""A class of thirty, twelve of them hostile: submissions made from the release.

Each student is a function that spoils or completes a notebook, and the exercises that
the work deserves points for: all of them, or a share of the cases of some.

``python -m tests.exercises.classroom FOLDER`` writes the class's submissions for the
assignment of chapter 4 that ``make assignment`` has just written.
"""

from __future__ import annotations

import ast
import copy
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from bookbuild import LANGUAGES, ROOT
from bookbuild.exercises.model import Exercise
from bookbuild.exercises.private import answer
from bookbuild.exercises.verify import exercises
from grading.submissions import identifier

PRIVATE = ROOT / "tests" / "exercises" / "private"


@dataclass
class Work:
    """A notebook to fill: what the release asks, and the answers that exist."""

    book: NotebookNode
    right: dict[str, str]  # the reference's code by exercise
    wrong: dict[str, str]  # that of a declared mistake

    def cell(self, id_: str) -> NotebookNode:
        return next(
            cell
            for cell in self.book.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") == id_
        )

    def answer(self, *ids: str) -> None:
        """Write the right answers, all of them by default."""
        for id_ in ids or self.right:
            self.cell(id_).source = self.right[id_]

    def add(self, id_: str, code: str, *, before: bool = True) -> None:
        """Add code to an answer."""
        cell = self.cell(id_)
        cell.source = f"{code}\n{cell.source}" if before else f"{cell.source}\n{code}"


@dataclass(frozen=True)
class Student:
    """What a student hands in, and which exercises fail."""

    name: str
    do: Callable[[Work], object]
    lost: frozenset[str] = frozenset()
    mistaken: bool = False  # every answer is a declared mistake
    nothing: bool = False
    says: tuple[str, ...] = ()  # words of the row that says why
    lang: str = "en"
    file: str = ""
    hostile: bool = False


@dataclass
class Classroom:
    """The students, in a list that grows by decoration."""

    students: list[Student] = field(default_factory=list)

    def student(self, **details):
        def add(function):
            name = function.__name__.replace("_", "-")
            lost = frozenset(details.pop("lost", ()))
            self.students.append(Student(name, function, lost, **details))
            return function

        return add


CLASS = Classroom()
A, B, C = "momentum-step", "largest-rate", "cosine-rate"


@CLASS.student()
def ada(work):
    work.answer()


@CLASS.student(lang="fr")
def benoit(work):
    work.answer()


@CLASS.student(lang="fr", file="Élodie Tremblay (1).ipynb")
def renamed(work):
    work.answer()


@CLASS.student(lost=[A, B], says=("not written",))
def two_left_out(work):
    work.answer(*(id_ for id_ in work.right if id_ not in (A, B)))


@CLASS.student(mistaken=True, says=("differs from the reference",))
def all_mistaken(work):
    for id_, code in work.wrong.items():
        work.cell(id_).source = code


@CLASS.student(nothing=True, says=("not written",))
def fresh(work):
    pass


@CLASS.student(lang="fr")
def with_helpers_and_notes(work):
    work.answer()
    work.book.cells.insert(3, new_code_cell("def double(x):\n    return 2 * x"))
    work.book.cells.insert(4, new_markdown_cell("Je <script>alert(1)</script> pense."))
    work.add(A, "unused = double(2)", before=False)


@CLASS.student()
def with_warnings(work):
    work.answer()
    noise = (
        "import sys, warnings\nwarnings.warn('careful')\nprint('x', file=sys.stderr)"
    )
    work.add(A, noise)


@CLASS.student(says=("found by the name",))
def metadata_lost(work):
    work.answer()
    for cell in work.book.cells:
        cell.metadata = NotebookNode()
    work.book.metadata = NotebookNode()


@CLASS.student(says=("were missing",))
def tests_deleted(work):
    work.answer()
    work.book.cells = [
        cell
        for cell in work.book.cells
        if not cell.metadata.get("nbgrader", {}).get("grade")
    ]


@CLASS.student(mistaken=True, says=("were changed", "differs"))
def tests_edited(work):
    for id_, code in work.wrong.items():
        work.cell(id_).source = code
        work.cell(f"{id_}-tests").source = "assert True"


@CLASS.student(says=("found by the name",))
def grade_ids_changed(work):
    work.answer()
    for number, cell in enumerate(work.book.cells):
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = f"mine-{number}"
            cell.metadata.nbgrader.points = 1000


@CLASS.student(lost=[B], says=("gave no value",))
def syntax_error(work):
    work.answer()
    work.cell(B).source = "def largest_rate(A):\nreturn 2 /"


@CLASS.student(lost=[C], says=("raises an error",))
def raises(work):
    work.answer()
    work.cell(C).source = "def cosine_rate(t, T, rate_max, rate_min):\n    return t / 0"


@CLASS.student(lost=[A], says=("modifies its arguments",))
def in_place(work):
    work.answer()
    code = "def momentum_step(theta, v, g, eta, rho):\n    v.mul_(rho).add_(g)\n"
    work.cell(A).source = code + "    return theta - eta * v, v.clone()"


@CLASS.student(nothing=True, says=("not a readable notebook",), file="photo.ipynb")
def not_a_notebook(work):
    return b"\x89PNG\r\n not a notebook at all"


@CLASS.student(nothing=True, says=("not a readable notebook",))
def truncated(work):
    work.answer()
    return nbformat.writes(work.book).encode()[:4000]


@CLASS.student(nothing=True, says=("empty",))
def empty_file(work):
    return b""


@CLASS.student(hostile=True, lost=[A], says=("did not end in time",))
def endless_loop(work):
    work.answer()
    loop = "def momentum_step(theta, v, g, eta, rho):\n    while True:\n        pass"
    work.cell(A).source = loop


@CLASS.student(hostile=True, lost=[B], says=("stopped",))
def stubborn_loop(work):
    work.answer()
    work.cell(B).source = (
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass"
    )


@CLASS.student(hostile=True, lost=[A])
def fork_bomb(work):
    work.answer()
    work.cell(A).source = "import os\nwhile True:\n    os.fork()"


@CLASS.student(hostile=True, lost=[C], says=("printed too much",))
def flood(work):
    work.answer()
    work.cell(C).source = "for _ in range(1_000_000):\n    print('x' * 1000)"


@CLASS.student(hostile=True, lost=[C])
def hoarder(work):
    work.answer()
    work.cell(
        C
    ).source = "hoard = []\nwhile True:\n    hoard.append(torch.ones(32 * 2**20))"


@CLASS.student(hostile=True)
def leaves_early(work):
    work.answer()
    work.book.cells.insert(3, new_code_cell("import sys\nsys.exit()"))


@CLASS.student(hostile=True, lost=[A], says=("ended the whole program",))
def leaves_hard(work):
    work.answer()
    work.cell(A).source = "import os\nos._exit(0)"


SPY = """
import os, socket
found = [k for k in os.environ if "PRIVATE" in k or "SEED" in k or "IFT6135" in k]
found.remove("IFT6135_LANG")  # our own set-up cell's
for folder, inside, files in os.walk("/"):
    inside[:] = set(inside) - {"usr", "proc", "sys", "dev", "lib", "site-packages"}
    wanted = {"gradebook.db", "seed.txt", "momentum.md", "score.py", "private"}
    found += [os.path.join(folder, each) for each in wanted & {*files, *inside}]
try:
    socket.create_connection(("1.1.1.1", 53), 1)
    found.append("network")
except OSError:
    pass
"""


@CLASS.student(hostile=True)
def spy(work):
    """Loses all its points if it finds anything: each answer asks for nothing found."""
    work.answer()
    for id_ in work.right:
        work.add(id_, "assert found == [], found")
    work.book.cells.insert(2, new_code_cell(SPY))


WRITER = """
import os
for path in ("/etc/owned", "/usr/owned", os.path.expanduser("~/../owned"), "/owned"):
    try:
        open(path, "w").write("x")
        wrote = path
    except OSError:
        continue
    assert path.startswith("/tmp"), path
"""


@CLASS.student(hostile=True)
def writes_outside(work):
    work.answer()
    work.add(A, WRITER)


PATCH = """
import sys, torch.testing, ift6135_lib
torch.testing.assert_close = lambda *a, **k: None
torch.allclose = lambda *a, **k: True
for name, module in list(sys.modules.items()):
    if name.startswith("ift6135_lib"):
        for key, value in list(vars(module).items()):
            if callable(value) and "differ" in key:
                setattr(module, key, lambda *a, **k: None)
"""


@CLASS.student(hostile=True, mistaken=True, says=("differs",))
def patches_the_checker(work):
    for id_, code in work.wrong.items():
        work.cell(id_).source = code
    work.add(A, PATCH)


@CLASS.student(hostile=True, mistaken=True)
def edits_the_points(work):
    for id_, code in work.wrong.items():
        work.cell(id_).source = code
        tests = work.cell(f"{id_}-tests")
        tests.metadata.nbgrader.points = 1000
        tests.metadata.nbgrader.checksum = "0" * 32
        tests.source = "1000"


@CLASS.student(hostile=True, lost=[A])
def kills_everyone(work):
    work.answer()
    work.cell(A).source = (
        "import os, signal\nfor pid in range(1, 300):\n    try:\n"
        "        os.kill(pid, signal.SIGKILL)\n    except OSError:\n        pass"
    )


def make(
    folder: Path,
    releases: dict[str, NotebookNode],
    right: dict[str, str],
    wrong: dict[str, str],
) -> dict[str, Student]:
    """Write every submission; the students by the name that the grader gives them."""
    folder.mkdir(parents=True)
    made = {}
    for student in CLASS.students:
        work = Work(copy.deepcopy(releases[student.lang]), right, wrong)
        data = student.do(work)
        if data is None:
            data = json.dumps(work.book).encode()
        path = folder / (student.file or f"{student.name}.ipynb")
        path.write_bytes(data)
        made[identifier(path.stem)] = student
    return made


def answers(exercise: Exercise) -> tuple[str, str]:
    """The reference, and the first declared mistake under the reference's name."""
    found: dict[str, str] = {}
    for part in answer(exercise, PRIVATE):
        for name, function in part.functions().items():
            found.setdefault(name, ast.unparse(function))
    mistake = next(name for name in found if name.startswith("mistake_"))
    wrong = found[mistake].replace(f"def {mistake}", f"def {exercise.function}")
    return found[exercise.function], wrong


def main(folder: Path, chapter: str = "04-optimization") -> None:
    """Write the class's submissions."""
    assignments = ROOT / "_build" / "assignments" / chapter
    releases = {
        lang: nbformat.read(assignments / lang / f"{chapter}.ipynb", 4)
        for lang in LANGUAGES
    }
    codes = {
        each.id: answers(each) for each in exercises()[0] if each.chapter == chapter
    }
    right = {id_: code for id_, (code, _) in codes.items()}
    wrong = {id_: code for id_, (_, code) in codes.items()}
    print(f"{len(make(folder, releases, right, wrong))} submissions in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
