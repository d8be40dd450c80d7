"""Places an exercise's code on its page: in the box of its statement or its solution.

The starter and the visible tests join the statement; the solution and what it shows
join the folded solution. Cases are taken out of the source before Sphinx reads it.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

from bookbuild.exercises.parse import without_cases
from bookbuild.exercises.quantities import NO_BREAK, count

TESTS = {"en": "Visible tests", "fr": "Tests visibles"}
DIFFICULTY = {"en": "difficulty", "fr": "difficulté"}
GRADED = {
    "en": "graded: the solution is not published",
    "fr": "noté: le corrigé n’est pas publié".replace(":", NO_BREAK + ":"),
}


def hide_cases(app: Sphinx, docname: str, source: list[str]) -> None:
    """Blank the cells that only the tools read."""
    source[0] = without_cases(source[0])


class PlaceExercises(SphinxTransform):
    """Moves the code cells of each exercise into its boxes."""

    default_priority = 320  # after the ids, before anything reads the cells

    def apply(self, **kwargs: Any) -> None:
        statements, solutions = {}, {}
        for node in self.document.findall(nodes.Element):
            if is_exercise_node(node):
                statements[node["label"]] = node
            elif is_solution_node(node):
                solutions[node["target_label"]] = node
        for cell in list(self.document.findall(nodes.container)):
            metadata = cell.get("cell_metadata") or {}
            if cell.get("nb_element") != "cell_code" or "exercise" not in metadata:
                continue
            label, role = f"ex-{metadata['exercise']}", metadata["role"]
            boxes = solutions if role in ("solution", "run") else statements
            if label in boxes:
                cell.parent.remove(cell)
                self._place(cell, role, metadata, boxes[label])

    def _place(self, cell, role: str, metadata: dict, box: nodes.Element) -> None:
        body = box[-1]
        if role == "starter":
            body.insert(0, _facts(metadata, self.config.language))
        if role == "tests":
            title = nodes.title("", TESTS[self.config.language])
            fold = nodes.admonition("", title, cell, classes=["dropdown", "tests"])
            body += fold
        else:
            body += cell


def _facts(metadata: dict, lang: str) -> nodes.paragraph:
    """Points, difficulty and time, on one line."""
    facts = [
        count("points", metadata["points"], lang),
        f"{DIFFICULTY[lang]} {metadata['difficulty']}/3".replace(" ", NO_BREAK),
        count("minutes", metadata["minutes"], lang),
    ]
    if metadata.get("withheld"):
        facts.append(GRADED[lang])
    return nodes.paragraph("", " · ".join(facts), classes=["exercise-facts"])


def setup(app: Sphinx) -> None:
    """Connect to the reading of sources and of documents."""
    app.connect("source-read", hide_cases, priority=400)
    app.add_transform(PlaceExercises)
