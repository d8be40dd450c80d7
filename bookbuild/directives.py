"""MyST's directives in plain Markdown: quotations, folds, captions and tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from markdown_it.token import Token
from myst_parser.parsers.directives import parse_directive_text

from bookbuild.inline import ABSOLUTE, Edition, plain_inline
from bookbuild.markdown import equation, plain
from bookbuild.source import tokens

# the admonitions' titles, as the pages have them
TITLES = {
    "attention": {"en": "Attention", "fr": "Attention"},
    "caution": {"en": "Caution", "fr": "Prudence"},
    "danger": {"en": "Danger", "fr": "Danger"},
    "error": {"en": "Error", "fr": "Erreur"},
    "hint": {"en": "Hint", "fr": "Indice"},
    "important": {"en": "Important", "fr": "Important"},
    "note": {"en": "Note", "fr": "Note"},
    "seealso": {"en": "See also", "fr": "Voir aussi"},
    "tip": {"en": "Tip", "fr": "Astuce"},
    "warning": {"en": "Warning", "fr": "Avertissement"},
}
SOLUTION = {"en": "Solution, on the page", "fr": "Solution, sur la page"}
SHOW = {"en": "Show", "fr": "Afficher"}


class _AnyOptions:
    """What the parser asks of a directive of which only the options matter."""

    option_spec, required_arguments, optional_arguments = {"": None}, 0, 0
    has_content = True


@dataclass(frozen=True)
class Block:
    """A directive of the source."""

    name: str
    argument: str
    options: dict[str, str]
    body: str
    line: int  # of its opening, from 1
    start: int  # of its body
    quoted: bool

    @classmethod
    def read(cls, token: Token, line: int, *, quoted: bool) -> Block:
        name, _, argument = token.info[1:].partition("}")
        parsed = parse_directive_text(
            _AnyOptions, "", token.content.rstrip("\n"), validate_options=False
        )
        options = {key: str(value or "") for key, value in parsed.options.items()}
        start = line + 1 + parsed.body_offset
        body = "\n".join(parsed.body)
        return cls(name, argument.strip(), options, body, line, start, quoted)

    @property
    def label(self) -> str | None:
        return self.options.get("label") or self.options.get("name")

    @property
    def folded(self) -> bool:
        return "dropdown" in self.options.get("class", "").split()


def convert(block: Block, edition: Edition) -> str:
    """A directive in plain Markdown.

    Raises:
        SourceError: it is unknown.
    """
    if block.name in TITLES:
        return _admonition(block, edition)
    if block.name not in CONVERTERS:
        raise edition.error(
            block.line,
            f"the notebooks do not know the directive {{{block.name}}}",
            "Use another one, or teach it to bookbuild/directives.py",
        )
    return CONVERTERS[block.name](block, edition)


def _inside(block: Block, edition: Edition, *, quoted: bool | None = None) -> str:
    quoted = block.quoted if quoted is None else quoted
    return plain(block.body, block.start, edition, quoted=quoted)


def _title(block: Block, edition: Edition) -> str:
    return plain_inline(block.argument, block.line, edition)


def _quote(title: str, text: str) -> str:
    lines = [f"**{title}**", "", *text.split("\n")] if title else text.split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _fold(title: str, text: str) -> str:
    summary = re.sub(r"[*`]", "", title)
    return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"


def _box(title: str, block: Block, edition: Edition) -> str:
    if block.folded:
        return _fold(title, _inside(block, edition))
    return _quote(title, _inside(block, edition, quoted=True))


def _admonition(block: Block, edition: Edition) -> str:
    """A note: what follows its name on the first line is the start of its text."""
    if block.argument:
        body = f"{block.argument}\n{block.body}"
        block = replace(block, argument="", body=body, start=block.start - 1)
    return _box(TITLES[block.name][edition.lang], block, edition)


def _titled(block: Block, edition: Edition) -> str:
    return _box(_title(block, edition), block, edition)


def _dropdown(block: Block, edition: Edition) -> str:
    title = _title(block, edition) or SHOW[edition.lang]
    return _fold(title, _inside(block, edition))


def _exercise(block: Block, edition: Edition) -> str:
    called = edition.entry(block.label or "", block.line)["text"]
    title = f"{called} ({_title(block, edition)})" if block.argument else called
    return _box(title, block, edition)


def _solution(block: Block, edition: Edition) -> str:
    """A link: the reader tries first, and a notebook that is handed in has none."""
    entry = edition.entry(block.label or block.argument, block.line)
    words = SOLUTION[edition.lang]
    return f"[{words}]({edition.url}{entry['href']})"


def _caption(label: str, text: str, line: int, edition: Edition) -> str:
    """The number in bold, the first paragraph in italics."""
    number = f"**{edition.entry(label, line)['called']}.** " if label else ""
    first, *others = re.split(r"\n\s*\n", text, maxsplit=1)
    return "\n\n".join([f"{number}<em>{first}</em>" if first else number, *others])


def _plot(block: Block, edition: Edition) -> str:
    """The figure itself is what the code cell above displays."""
    return _caption(block.argument, _inside(block, edition), block.line, edition)


def _picture(block: Block, edition: Edition) -> str:
    path = block.argument
    if not ABSOLUTE.match(path):
        path = f"{edition.url}_images/{PurePosixPath(path).name}"
    picture = f"![{block.options.get('alt', '')}]({path})"
    if block.name == "image":
        return picture
    text = _inside(block, edition)
    return f"{picture}\n\n{_caption(block.label, text, block.line, edition)}"


def _math(block: Block, edition: Edition) -> str:
    return equation(
        block.body.strip(), block.label, block.line, edition, quoted=block.quoted
    )


def _code(block: Block, edition: Edition) -> str:
    return f"```{block.argument}\n{block.body}\n```"


def _list_table(block: Block, edition: Edition) -> str:
    rows: list[list[str]] = []
    depth = 0
    for token in tokens(block.body):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        line = block.start + (token.map[0] if token.map else 0)
        if token.type == "list_item_open":
            rows.append([]) if depth == 1 else rows[-1].append("")
        elif token.type == "inline":
            made = " ".join(
                plain_inline(token.content, line, edition, cell=True).split()
            )
            rows[-1][-1] = f"{rows[-1][-1]}<br>{made}" if rows[-1][-1] else made
        elif token.type not in TABLE_PARTS:
            raise edition.error(
                line, "a cell of a table holds more than text", "Put it after the table"
            )
    if int(block.options.get("header-rows") or 0) == 0:
        rows.insert(0, [""] * len(rows[0]))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, f"|{' --- |' * len(rows[0])}")
    return _with_caption(block, "\n".join(lines), edition)


def _table(block: Block, edition: Edition) -> str:
    return _with_caption(block, _inside(block, edition), edition)


def _with_caption(block: Block, table: str, edition: Edition) -> str:
    if not block.argument:
        return table
    caption = _caption(block.label, _title(block, edition), block.line, edition)
    return f"{caption}\n\n{table}"


TABLE_PARTS = {
    f"{part}_{side}"
    for part in ("bullet_list", "list_item", "paragraph")
    for side in ("open", "close")
}
CONVERTERS: dict[str, Callable[[Block, Edition], str]] = {
    "admonition": _titled,
    "code": _code,
    "code-block": _code,
    "dropdown": _dropdown,
    "exercise": _exercise,
    "figure": _picture,
    "image": _picture,
    "list-table": _list_table,
    "margin": _titled,
    "math": _math,
    "plot": _plot,
    "sidebar": _titled,
    "solution": _solution,
    "table": _table,
    "toggle": _dropdown,
}
