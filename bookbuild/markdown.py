"""MyST's blocks in plain Markdown, as Colab and Jupyter show it.

The parser's block tokens say which lines are what; the lines of directives, equations
and labels are rewritten where they stand, all others are kept as they are written.
"""

from __future__ import annotations

import re

from markdown_it.token import Token

from bookbuild.inline import Edition, check_roles, plain_inline
from bookbuild.source import tokens

MATH = ("math_block", "math_block_label")
FENCES = ("fence", "colon_fence")
DROPPED = ("myst_target", "myst_line_comment", "myst_block_break")
REFUSED = {
    "dl_open": "a definition list",
    "field_list_open": "a field list",
    "footnote_block_open": "a footnote",
    "footnote_reference_open": "a footnote",
    "substitution_block": "a substitution",
}
UNREAD = re.compile(r"(`{3,}|:{3,})\s*\{")
# environments that number themselves, and what they are inside $$
INSIDE = {"equation": None, "align": "aligned", "gather": "gathered"}


def plain(text: str, line: int, edition: Edition, *, quoted: bool = False) -> str:
    """A Markdown cell without MyST's own syntax.

    Args:
        text: the cell.
        line: of its first line in the source, from 1.
        edition: labels, numbers and values.
        quoted: whether it goes into a quotation, where a formula fits on one line.

    Raises:
        SourceError: a directive, a role or a label that is unknown, with its line.
    """
    lines, parsed = text.split("\n"), tokens(text)
    edits: dict[tuple[int, int], list[str]] = {}
    label, inline = None, {}
    for token in parsed:
        if not token.map:
            continue
        first, last = token.map
        here = line + first
        if token.type in REFUSED:
            raise edition.error(
                here, f"the notebooks cannot show {REFUSED[token.type]}", "Use a list"
            )
        if token.type == "myst_target":
            label = token.content
        if token.type in DROPPED:
            edits[first, last] = []
        elif token.type in MATH or token.type == "amsmath":
            made = display(token, here, edition, quoted=quoted)
            if token.type == "amsmath":  # whose map stops one line short
                last = first + token.content.count("\n") + 1
            edits[first, last] = _placed(made, lines[first])
        elif token.type in FENCES and token.info.startswith("{"):
            made = _directive(token, here, edition, quoted)
            edits[first, last] = _placed(made, lines[first])
        elif token.type in ("inline", "tr_open"):
            if UNREAD.match(token.content):
                raise edition.error(
                    here, "this directive is not one for the parser", "Mend its fence"
                )
            source = inline[first, last] = "\n".join(lines[first:last])
            edits[first, last] = plain_inline(source, here, edition).split("\n")
        elif token.type == "heading_open" and label:
            lines[first] = _numbered(lines[first], label, edition)
        if token.type not in ("myst_target", "inline"):
            label = None
    check_roles(parsed, list(inline.values()), line, edition)
    for (first, last), made in sorted(edits.items(), reverse=True):
        lines[first:last] = made
    return "\n".join(lines).strip("\n")


def _placed(made: str, first_line: str) -> list[str]:
    """The lines inside the list item or quotation in which the block stood."""
    lead = re.match(r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+)?[\s>]*", first_line)[0]
    follow = re.sub(r"[^\s>]", " ", lead)
    head, *others = made.split("\n")
    return [lead + head, *((follow + each).rstrip() for each in others)]


def _numbered(heading: str, label: str, edition: Edition) -> str:
    number = edition.refs.get(label, {}).get("number")
    return re.sub(r"^(#+) ", rf"\1 {number} ", heading) if number else heading


def display(token: Token, line: int, edition: Edition, *, quoted: bool) -> str:
    """A displayed equation, with its number in the book."""
    latex = "\n".join(each.strip() for each in token.content.strip().split("\n"))
    label = token.info if token.type == "math_block_label" else None
    if token.type == "amsmath":
        latex = _inside(latex)
    return equation(latex, label, line, edition, quoted=quoted)


def _inside(latex: str) -> str:
    """A numbered environment as one that may stand between dollars."""
    name = re.match(r"\\begin\{(\w+)\*?\}", latex)[1]
    body = re.sub(r"^\\begin\{\w+\*?\}|\\end\{\w+\*?\}$", "", latex).strip()
    inner = INSIDE.get(name, name)
    return f"\\begin{{{inner}}}\n{body}\n\\end{{{inner}}}" if inner else body


def equation(
    latex: str, label: str | None, line: int, edition: Edition, *, quoted: bool
) -> str:
    """``$$`` around the LaTeX, with a ``\\tag`` if it has a label."""
    if label:
        latex += f" \\tag{{{edition.entry(label, line)['number']}}}"
    return f"$$ {latex} $$".replace("\n", " ") if quoted else f"$$\n{latex}\n$$"


def _directive(token: Token, line: int, edition: Edition, quoted: bool) -> str:
    # directives hold Markdown, and Markdown holds directives
    from bookbuild.directives import Block, convert

    return convert(Block.read(token, line, quoted=quoted), edition)
