"""What both languages must share, and the mistakes a bilingual source can hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from markdown_it.token import Token

from bookbuild import ROOT
from bookbuild.source import CODE_CELLS, Cell, SourceError, cells, walk

REFERENCES = {"ref", "numref", "eq", "doc"}
FENCES = ("fence", "colon_fence")
# directives whose argument is a key, not words
KEYED = {"plot", "solution", "figure", "image", "bibliography"}
# words inside an equation may be translated; the mathematics may not
WORDS = re.compile(r"\\(text|mathrm|operatorname)\{[^}]*\}")


# what a language cell holds that its pair must hold too, and what to call it
KINDS = {
    "label": "label",
    "equation": "equation",
    "directive": "directive",
    "citation": "citation",
    "reference": "cross-reference",
    "value": "quoted value",
    "heading": "heading level",
}


class Item(NamedTuple):
    """One thing that both languages must have, and its line (from 1)."""

    kind: str
    name: str
    line: int


def sources(root: Path = ROOT) -> list[Path]:
    """The pages of the table of contents, in the reader's order."""
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf8"))

    def entries(node: dict) -> Iterator[str]:
        for key in ("root", "file"):
            if key in node:
                yield node[key]
        for key in ("parts", "chapters", "sections"):
            for child in node.get(key, []):
                yield from entries(child)

    return [root / f"{entry}.md" for entry in entries(toc)]


def content(cell: Cell) -> Iterator[Item]:
    """What the cell holds that its pair must hold too."""
    body = "\n".join(["", *cell.text.split("\n")[1:]]) if cell.lang else cell.text
    for token, index in walk(body, cell.start):
        line = index + 1
        if token.type == "myst_target":
            yield Item("label", token.content, line)
        elif token.type == "heading_open":
            yield Item("heading", token.tag, line)
        elif token.type in ("math_block", "math_block_label", "amsmath"):
            yield Item("equation", _mathematics(token.content), line)
            if token.type == "math_block_label":
                yield Item("label", token.info, line)
        elif token.type in FENCES and token.info.startswith("{"):
            yield from _directive(token, line)
        elif token.type == "myst_role":
            yield from _role(token, line)


def _mathematics(latex: str) -> str:
    return re.sub(r"\s+", " ", WORDS.sub(r"\\text{}", latex)).strip()


def _directive(token: Token, line: int) -> Iterator[Item]:
    name, _, argument = token.info.partition("}")
    name, argument = name.lstrip("{"), argument.strip()
    yield Item("directive", f"{name} {argument}" if name in KEYED else name, line)
    if name == "plot":
        yield Item("label", argument, line)
    for option in re.finditer(r"^:(label|name): *(\S+)", token.content, re.MULTILINE):
        yield Item("label", option[2], line)


def _role(token: Token, line: int) -> Iterator[Item]:
    name = token.meta["name"]
    target = re.sub(r"^.*<(.+)>$", r"\1", token.content, flags=re.DOTALL)
    if name == "cite" or name.startswith("cite:"):
        for key in target.split(","):
            yield Item("citation", key.strip(), line)
    elif name in REFERENCES:
        yield Item("reference", target, line)
    elif name == "value":
        yield Item("value", target, line)


def check_file(path: Path, root: Path = ROOT) -> list[SourceError]:
    """Every mistake of one source file."""
    text, shown = path.read_text("utf8"), path.relative_to(root)
    try:
        found = cells(text, shown)
    except SourceError as error:
        return [error]
    errors = [*_structure(found, shown)]
    for number, cell in enumerate(found):
        errors += _headings(cell, shown)
        errors += _nested_code(cell, shown)
        if cell.lang == "en" and number + 1 < len(found):
            following = found[number + 1]
            if following.lang == "fr":
                errors += _parity(cell, following, shown)
    return sorted(errors, key=lambda error: error.line)


def _structure(found: list[Cell], path: Path) -> Iterator[SourceError]:
    for number, cell in enumerate(found):
        previous = found[number - 1] if number else None
        following = found[number + 1] if number + 1 < len(found) else None
        if cell.lang == "en" and (following is None or following.lang != "fr"):
            what = (
                "a code cell" if following and following.kind == "code" else "no pair"
            )
            yield SourceError(
                path,
                cell.start + 1,
                f"this English cell is followed by {what}, not by its French cell",
                'Put the pair right after it, +++ {"lang": "fr"}, before any code',
            )
        elif cell.lang == "fr" and (previous is None or previous.lang != "en"):
            yield SourceError(
                path,
                cell.start + 1,
                "this French cell does not follow its English cell",
                'Put +++ {"lang": "en"} and the English text right before it',
            )
        elif cell.lang is None and cell.kind == "markdown" and _has_text(cell):
            yield SourceError(
                path,
                cell.start + 1,
                "Markdown without a language",
                'Open it with +++ {"lang": "en"} and give its French pair',
            )


def _has_text(cell: Cell) -> bool:
    lines = cell.text.strip("\n").split("\n")
    if cell.start == 0 and lines[0] == "---":  # front matter
        lines = lines[lines.index("---", 1) + 1 :] if "---" in lines[1:] else []
    return any(line.strip() and not line.startswith("+++") for line in lines)


def _headings(cell: Cell, path: Path) -> Iterator[SourceError]:
    if cell.kind == "code":
        return
    labelled = False
    for token, line in walk(cell.text, cell.start):
        if token.type == "heading_open" and not labelled:
            yield SourceError(
                path,
                line + 1,
                "this heading has no label",
                "Write (sec-name)= on the line before it, the same in both languages",
            )
        if token.type in ("myst_target", "heading_open") or token.nesting == 1:
            labelled = token.type == "myst_target"


def _nested_code(cell: Cell, path: Path) -> Iterator[SourceError]:
    if cell.kind == "code":
        return
    for token, line in walk(cell.text, cell.start):
        if token.type in FENCES and token.info.startswith(CODE_CELLS):
            yield SourceError(
                path,
                line + 1,
                "a code cell inside a language cell",
                "Move it out: code is written once, between pairs of language cells",
            )


def _parity(english: Cell, french: Cell, path: Path) -> Iterator[SourceError]:
    for lang, poor, rich in (("French", french, english), ("English", english, french)):
        has = Counter((item.kind, item.name) for item in content(poor))
        for item in content(rich):
            if has[item.kind, item.name]:
                has[item.kind, item.name] -= 1
                continue
            yield SourceError(
                path,
                poor.start + 1,
                f"the {lang} cell lacks the {KINDS[item.kind]} {item.name!r} of its "
                f"pair (line {item.line})",
                "Both languages carry the same labels, mathematics, figures, "
                "citations and references",
            )


def check(paths: list[Path], root: Path = ROOT) -> list[SourceError]:
    """Every mistake of the sources, labels used twice in the book included."""
    errors: list[SourceError] = []
    owners: dict[tuple[str, str | None], tuple[Path, int]] = {}
    for path in paths:
        shown = path.relative_to(root)
        if not path.exists():
            missing = f"this page of _toc.yml does not exist: {shown.with_suffix('')}"
            errors.append(SourceError(shown, 1, missing, "Write it, or take it out"))
            continue
        errors += check_file(path, root)
        try:
            found = cells(path.read_text("utf8"), shown)
        except SourceError:
            continue
        for cell in found:
            if cell.kind == "code":
                continue
            for kind, label, line in content(cell):
                if kind != "label":
                    continue
                if (label, cell.lang) in owners:
                    where = "{}:{}".format(*owners[label, cell.lang])
                    errors.append(
                        SourceError(
                            shown,
                            line,
                            f"the label {label!r} is used twice ({where})",
                            "Give each place a label of its own",
                        )
                    )
                owners[label, cell.lang] = (shown, line)
    return errors
