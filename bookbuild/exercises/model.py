"""What an exercise is made of."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

ROLES = {
    "starter": "what the student completes, and how many points it is worth",
    "tests": "what the student sees checked",
    "solution": "the reference, unless it is withheld",
    "run": "what the page shows of the solution",
    "cases": "the inputs of check() and of the grading, and the mistakes it knows",
}
SENTENCE = re.compile(r"(?:`[^`]*`|\$[^$]*\$|[^`$])*?[.?!](?=\s|$)", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """The code of one cell, and the line of the file on which it starts."""

    code: str
    path: Path
    line: int
    tags: tuple[str, ...] = ()

    def functions(self) -> dict[str, ast.FunctionDef]:
        """The functions that the cell defines; none if its syntax is wrong."""
        try:
            tree = ast.parse(self.code)
        except SyntaxError:
            return {}
        return {
            node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)
        }


@dataclass(frozen=True)
class Statement:
    """What one language asks: a title, and MyST text that starts on a line."""

    title: str
    body: str
    line: int

    @property
    def asks(self) -> str:
        """The first sentence."""
        paragraph = self.body.strip().split("\n\n")[0]
        sentence = SENTENCE.match(paragraph)
        return one_line(sentence[0] if sentence else paragraph)


@dataclass(frozen=True)
class Exercise:
    """One exercise with code."""

    id: str
    path: Path
    line: int  # of its starter
    points: float
    difficulty: int
    minutes: int
    withheld: bool
    tolerance: float
    statements: dict[str, Statement]
    parts: dict[str, Part]

    @property
    def label(self) -> str:
        return f"ex-{self.id}"

    @property
    def chapter(self) -> str:
        return self.path.parent.name

    @property
    def function(self) -> str:
        """The name of the function that the student writes."""
        return next(iter(self.parts["starter"].functions()))

    @property
    def parameters(self) -> list[str]:
        return parameters(self.parts["starter"].functions()[self.function])


def one_line(text: str) -> str:
    """The text on one line; its no-break spaces stay."""
    return re.sub(r"[ \t\n]+", " ", text).strip(" ")


def parameters(function: ast.FunctionDef) -> list[str]:
    """The names of a function's parameters."""
    return [each.arg for each in (*function.args.posonlyargs, *function.args.args)]


def hints(function: ast.FunctionDef) -> dict[str, str]:
    """A declared mistake's hint in each language."""
    text = ast.get_docstring(function) or ""
    pieces = re.split(r"^(en|fr): *", text, flags=re.MULTILINE)[1:]
    return {
        lang: one_line(said)
        for lang, said in zip(pieces[::2], pieces[1::2], strict=True)
    }
