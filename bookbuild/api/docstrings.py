"""Turns the docstrings into what the page shows: fields, and their language."""

from __future__ import annotations

import inspect
import re
import sys

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from bookbuild.api.signatures import fields, signature

# sections of one paragraph, whose text may hold colons: napoleon would take what comes
# before one for a type
SECTION = re.compile(r"^(Returns|Yields|Source):\n((?: {4}.*\n?)+)", re.MULTILINE)
# the star of Python's arguments, as in "(θ, *state)", emphasises nothing
STAR = re.compile(r"(?<=, )\*(?=\w+\))")
PARITY = re.compile(r"^Parity: (.+?)(?=^\w+:|\Z)", re.MULTILINE | re.DOTALL)
COUNTERPART = re.compile(r"``(torch\.[\w.]+\.[A-Z]\w*)(\([^`]+\))?``")
FIELDS = {
    "en": {
        "Yields": "Yields",
        "Source": "Source",
        "Parity": "Checked against",
        "Fields": "Fields",
    },
    "fr": {
        "Yields": "Produit",
        "Source": "Source",
        "Parity": "Comparé à",
        "Fields": "Champs",
    },
}


def write_signature(app, what, name, thing, options, given, returned):
    """The signature as the source writes it, for autodoc."""
    if what in ("attribute", "data", "property"):
        return None
    return signature(what, thing)


def skip(app, what, name, thing, skipped, options) -> bool | None:
    """Leave out what says nothing: what refers to its class, a named tuple's field."""
    text = inspect.getdoc(thing) or ""
    return True if text.startswith(("See :class:", "Alias for field")) else None


def rewrite(app: Sphinx, what, name, thing, options, lines: list[str]) -> None:
    """Before napoleon: make fields of what it would read otherwise, or not at all."""
    words = FIELDS[app.config.language]

    def field(found: re.Match) -> str:
        # Sphinx translates the fields that it knows
        return (
            f":{words.get(found[1], found[1].lower())}: {' '.join(found[2].split())}\n"
        )

    text = SECTION.sub(field, "\n".join(lines))
    text = STAR.sub(r"\\*", text)
    added = []
    if what == "class":
        added = _counterpart(thing, words)
        held = [each for each in fields(thing) if f"\n    {each[0]}: " not in text]
        if held:
            listed = [f"    * ``{n}``: {_field(t, c)}" for n, t, c in held]
            added += [f":{words['Fields']}:", *listed]
    lines[:] = _insert(text.split("\n"), added)


def _field(type_: str, comment: str) -> str:
    return f"``{type_}``" + (f", {comment}" if comment else "")


def _counterpart(thing: type, words: dict[str, str]) -> list[str]:
    """What the module's ``Parity:`` says, PyTorch's classes linked."""
    module = sys.modules[thing.__module__]
    found = PARITY.search(inspect.getdoc(module) or "")
    if not found:
        return []
    said = " ".join(found[1].split())
    said = COUNTERPART.sub(
        lambda name: f":class:`{name[1]}`" + (f" ``{name[2]}``" if name[2] else ""),
        said,
    )
    return [f":{words['Parity']}: {said}"]


def _insert(lines: list[str], added: list[str]) -> list[str]:
    """Put fields before the example."""
    if not added:
        return lines
    at = next((i for i, line in enumerate(lines) if line == "Example:"), len(lines))
    before = lines[:at]
    while before and not before[-1].strip():
        before.pop()
    is_field = before and (before[-1].startswith((":", " ")))
    gap = [] if is_field and before[-1].startswith(":") else [""]
    return [*before, *gap, *added, "", *lines[at:]]


def mark_language(document: nodes.Node) -> None:
    """Say that signatures and descriptions are in English, on a French page."""
    for line in document.findall(addnodes.desc_signature):
        line["classes"].append("language-en")
    for content in document.findall(addnodes.desc_content):
        for child in content.children:
            said = [child]
            if isinstance(child, nodes.field_list):
                said = child.findall(nodes.field_body)
            elif not isinstance(child, nodes.paragraph | nodes.bullet_list):
                continue
            for root in said:
                # docutils asks a paragraph for its quotes' language, and no parent
                for each in {root, *root.findall(nodes.paragraph)}:
                    each["classes"].append("language-en")


def setup(app: Sphinx) -> None:
    app.connect("autodoc-process-signature", write_signature)
    app.connect("autodoc-skip-member", skip)
    app.connect("autodoc-process-docstring", rewrite, priority=400)
