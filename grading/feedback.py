"""Fills the graded notebook with what the student is to read, in their language.

Nothing hidden is shown: of the hidden inputs only how many were right, and the hint of
a declared mistake. What the student wrote is shown as text, never as HTML.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from latex2mathml.converter import convert
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from bookbuild.exercises.quantities import amount
from grading.words import WHY, WORDS, remarks

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n](?:[^$]*[^$])?)\$", re.DOTALL)
TEMPLATES = Path(__file__).parent / "templates"


class Explanation(NbGraderPreprocessor):
    """Gives the template its words, the outputs and the reasons for each score."""

    results = Unicode(help="the folder of the results").tag(config=True)

    def preprocess(self, nb, resources):
        path = Path(self.results, f"{resources['nbgrader']['student']}.json")
        result = json.loads(path.read_text("utf8"))
        lang = result["lang"]
        own = resources["nbgrader"]
        rows = []
        for number, cell in enumerate(nb.cells):
            shown = result["cells"].get(f"cell-{number:03d}")
            graded = cell.metadata.get("nbgrader", {})
            if cell.cell_type != "code":
                if not cell.metadata.get("student"):
                    cell.source = with_formulas(cell.source)
                continue
            cell.outputs = _outputs(shown, lang)
            if graded.get("grade"):
                id_ = graded["grade_id"].removesuffix("-tests")
                mark = result["exercises"][id_]
                cell.metadata["said"] = _said(mark, lang)
                cell.metadata["passed"] = bool(shown) and shown["status"] == "ok"
                title = _title(nb.cells[number - 2].source)
                anchor = f"{id_}-result"
                cell.metadata["anchor"] = anchor
                rows.append(
                    {
                        "title": title,
                        "anchor": anchor,
                        "score": amount(graded["score"], lang),
                        "points": amount(graded["points"], lang),
                    }
                )
        nb.cells = nb.cells[2:]  # the instructions and the set-up are the same for all
        resources["feedback"] = {
            "lang": lang,
            "words": WORDS[lang],
            "student": own["student"],
            "score": amount(own["score"], lang),
            "max_score": amount(own["max_score"], lang),
            "late": own["late_penalty"]
            and WORDS[lang]["late"].format(penalty=amount(own["late_penalty"], lang)),
            "remarks": remarks(result, lang),
            "css": (TEMPLATES / "feedback" / "feedback.css").read_text("utf8"),
            "rows": rows,
        }
        return nb, resources


def with_formulas(text: str) -> str:
    """Markdown whose formulas are MathML: the page needs no script and no network.

    >>> with_formulas("a $x$")[:30]
    'a <math xmlns="http://www.w3.o'
    """

    def formula(found: re.Match) -> str:
        display = "block" if found[1] else "inline"
        return convert(found[1] or found[2], display=display).replace("\n", "")

    return FORMULA.sub(formula, text)


def _title(statement: str) -> str:
    """The first line of a statement, without its marks and its link."""
    line = statement.split("\n")[0].lstrip("# ")
    called, _, rest = line.partition("](")
    return called.lstrip("[") + rest.partition(")")[2]


def _said(mark: dict, lang: str) -> list[str]:
    """The sentences under a graded cell."""
    words = WORDS[lang]["hidden"]
    said = [
        words.format(
            right=mark["right"],
            cases=mark["cases"],
            score=amount(mark["score"], lang),
            points=amount(mark["points"], lang),
        )
    ]
    if mark["why"]:
        why = WHY[lang][mark["why"]]
        said.append(why[0].upper() + why[1:])
    if mark["hint"]:
        said.append(mark["hint"][lang])
    return said


def _outputs(shown: dict | None, lang: str) -> list:
    """A cell's outputs as plain text and pictures."""
    if shown is None or shown["status"] == "skipped":
        return [new_output("stream", name="stdout", text=WORDS[lang]["not run"])]
    made = []
    if shown["text"]:
        made.append(new_output("stream", name="stdout", text=shown["text"]))
    for picture in shown["pictures"]:
        made.append(new_output("display_data", {"image/png": picture}))
    if shown["error"]:
        made.append(new_output("stream", name="stderr", text=shown["error"]))
    return made
