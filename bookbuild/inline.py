"""MyST's inline syntax in plain Markdown: roles, links to labels, formulas.

The parser says which roles a text has; the scanner below only finds where they stand,
and refuses a text in which it does not find the same.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it.token import Token
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

from bookbuild import LANGUAGES
from bookbuild.source import SourceError

SYNTAX = re.compile(
    r"""\\.
    |\{(?P<role>[A-Za-z][\w:+.-]*)\}(?P<ticks>`+)(?P<body>.+?)(?<!`)(?P=ticks)(?!`)
    |(?P<code>`+)(?!`).+?(?<!`)(?P=code)(?!`)
    |(?P<math>\$(?!\$)(?:\\.|[^$\\])+\$)
    |\]\((?P<target>[^()\s]+)\)""",
    re.VERBOSE | re.DOTALL,
)
TITLED = re.compile(r"(?P<text>.*?)\s*<(?P<target>[^<>]+)>", re.DOTALL)
ABSOLUTE = re.compile(r"[a-z]+:")
REFUSED = {"footnote_ref": "a footnote", "substitution_inline": "a substitution"}


@dataclass(frozen=True)
class Edition:
    """What the text of one notebook needs to know."""

    lang: str
    docname: str
    path: Path  # of the source, for messages
    url: str  # of the published edition, with its final slash
    refs: dict[str, dict[str, str]]
    values: dict[str, str] = field(default_factory=dict)

    def error(self, line: int, problem: str, remedy: str) -> SourceError:
        return SourceError(self.path, line, problem, remedy)

    def entry(self, key: str, line: int) -> dict[str, str]:
        """What the book's build wrote down about a label."""
        if key not in self.refs:
            raise self.error(
                line, f"the book has no {key!r}", "Correct the label or build the book"
            )
        return self.refs[key]

    def link(self, key: str, line: int, text: str | None = None) -> str:
        """A link into the published book, by default with the text of its title."""
        entry = self.entry(key, line)
        shown = re.sub(r"([\[\]])", r"\\\1", entry["text"]) if text is None else text
        return f"[{shown}]({self.url}{entry['href']})"


def plain_inline(text: str, line: int, edition: Edition, *, cell: bool = False) -> str:
    """The text without MyST's inline syntax.

    Args:
        text: one or several lines of Markdown, without blocks of code.
        line: of its first line in the source, from 1.
        edition: labels and values.
        cell: whether it goes into a table, where ``|`` separates.
    """

    def replace(found: re.Match) -> str:
        here = line + text.count("\n", 0, found.start())
        if found["role"]:
            body = " ".join(found["body"].split())
            return role(found["role"], body, here, edition)
        if found["math"]:
            formula = found["math"].replace("\n", " ")
            return _without_bars(formula) if cell else formula
        if found["target"]:
            return f"]({_target(found['target'], here, edition)})"
        return found[0]

    plain = SYNTAX.sub(replace, text)
    return re.sub(r"(?<!\\)\|", r"\|", plain) if cell else plain


def _without_bars(formula: str) -> str:
    return formula.replace(r"\|", r"\Vert ").replace("|", r"\vert ")


def check_roles(
    parsed: list[Token], texts: list[str], line: int, edition: Edition
) -> None:
    """Refuse a text whose roles the scanner and the parser see differently.

    Args:
        parsed: the parser's tokens of the text.
        texts: its parts that hold inline syntax.
        line: of its first line in the source, from 1.
        edition: whose source the message names.
    """
    inline = [child for token in parsed for child in token.children or ()]
    roles = sorted(child.meta["name"] for child in inline if child.type == "myst_role")
    found = [match["role"] for text in texts for match in SYNTAX.finditer(text)]
    seen = sorted(filter(None, found))
    if roles != seen:
        raise edition.error(
            line,
            f"the roles of this text read as {roles} or as {seen}",
            "Look for a backtick or a dollar that has no pair",
        )
    for child in inline:
        if child.type in REFUSED:
            raise edition.error(
                line,
                f"the notebooks cannot show {REFUSED[child.type]}",
                "Write it in the text",
            )


def _target(target: str, line: int, edition: Edition) -> str:
    """The address of a Markdown link."""
    if ABSOLUTE.match(target):
        return target
    if target.startswith("#"):
        return edition.url + edition.entry(target[1:], line)["href"]
    if target.endswith(".md"):
        return edition.url + _page(target.removesuffix(".md"), line, edition)["href"]
    if target in edition.refs:
        return edition.url + edition.refs[target]["href"]
    raise edition.error(
        line, f"the link to {target!r} leads nowhere", "Link to a label: [text](#sec-x)"
    )


def _page(target: str, line: int, edition: Edition) -> dict[str, str]:
    folder = posixpath.dirname(edition.docname)
    path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
    return edition.entry(f"doc:{posixpath.normpath(path)}", line)


def role(name: str, body: str, line: int, edition: Edition) -> str:
    """A role in plain Markdown.

    Raises:
        SourceError: it is unknown, or what it names is.
    """
    titled = TITLED.fullmatch(body)
    text, target = (titled["text"], titled["target"]) if titled else (None, body)
    if name == "value":
        if body not in edition.values:
            raise edition.error(
                line, f"no cell of this page made the value {body!r}", "Call glue()"
            )
        return edition.values[body].replace(" ", "\u00a0")
    if name in ("ref", "eq"):
        return edition.link(target, line, text)
    if name == "numref":
        entry = edition.entry(target, line)
        if "called" not in entry:
            raise edition.error(line, f"{target!r} has no number", "Use {ref}")
        number = entry["number"]
        shown = text and text.replace("%s", number).replace("{number}", number)
        return edition.link(target, line, shown or entry["called"])
    if name == "doc":
        entry = _page(target, line, edition)
        return f"[{text or entry['text']}]({edition.url}{entry['href']})"
    if name in ("cite", "cite:p", "cite:t"):
        return _citation(body, line, edition, textual=name == "cite:t")
    if name == "math":
        return f"${body}$"
    if name == "abbr":
        return re.sub(r"\s*\(.*\)$", "", body)
    if name == "term":
        return text or body
    if name in LANGUAGES:
        return body
    if name in ("sub", "sup"):
        return f"<{name}>{body}</{name}>"
    raise edition.error(
        line,
        f"the notebooks do not know the role {{{name}}}",
        "Use another one, or teach it to bookbuild/inline.py",
    )


def _citation(body: str, line: int, edition: Edition, *, textual: bool) -> str:
    """(Kingma and Ba, 2015) or Kingma and Ba (2015), linked to the bibliography."""
    cited = []
    for key, before, after in parse_citation_targets(body):
        entry = edition.entry(f"cite:{key}", line)
        year = ", ".join(filter(None, [entry["year"], after]))
        form = "{} ({})" if textual else "{}, {}"
        link = edition.link(f"cite:{key}", line, form.format(entry["text"], year))
        cited.append(f"{before} {link}" if before else link)
    return ", ".join(cited) if textual else f"({'; '.join(cited)})"
