"""MyST becomes Markdown that a notebook shows, or is refused with file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sphinx import package_dir
from sphinx.locale import admonitionlabels, init

from bookbuild.directives import TITLES
from bookbuild.inline import Edition
from bookbuild.markdown import plain
from bookbuild.source import SourceError

REFS = {
    "doc:chapters/04-a/b": {
        "kind": "page",
        "href": "chapters/04-a/b.html",
        "text": "B",
    },
    "doc:index": {"kind": "page", "href": "index.html", "text": "Home"},
    "sec-a": {"href": "a.html#sec-a", "text": "A [b]", "number": "4.2"}
    | {"called": "Section 4.2"},
    "sec-free": {"href": "c.html#sec-free", "text": "Free"},
    "eq-a": {"href": "a.html#equation-eq-a", "text": "(4.1)", "number": "4.1"},
    "fig-a": {"href": "a.html#fig-a", "text": "Figure 4.3", "number": "4.3"}
    | {"called": "Figure 4.3"},
    "tab-a": {"href": "a.html#tab-a", "text": "Table 4.1", "called": "Table 4.1"},
    "ex-a": {"href": "a.html#ex-a", "text": "Exercise 4.1", "number": "4.1"},
    "sol-a": {"href": "a.html#sol-a", "text": "Solution"},
    "cite:x2015": {"href": "z.html#id1", "text": "X and Y", "year": "2015"},
    "cite:z1964": {"href": "z.html#id2", "text": "Z", "year": "1964"},
}
EDITION = Edition(
    "en",
    "chapters/04-a/a",
    Path("chapters/04-a/a.md"),
    "https://b/en/",
    REFS,
    {"loss": "0,5 s"},
)


def show(text: str, edition: Edition = EDITION) -> str:
    return plain(text, 1, edition)


@pytest.mark.parametrize(
    ("myst", "markdown"),
    [
        ("{ref}`sec-a`", r"[A \[b\]](https://b/en/a.html#sec-a)"),
        ("{ref}`here <sec-a>`", "[here](https://b/en/a.html#sec-a)"),
        ("{numref}`fig-a`", "[Figure 4.3](https://b/en/a.html#fig-a)"),
        ("{numref}`picture %s <fig-a>`", "[picture 4.3](https://b/en/a.html#fig-a)"),
        ("{numref}`no {number} <fig-a>`", "[no 4.3](https://b/en/a.html#fig-a)"),
        ("{eq}`eq-a`", "[(4.1)](https://b/en/a.html#equation-eq-a)"),
        ("*{fr}`le mot`*", "*le mot*"),
        ("{doc}`b`", "[B](https://b/en/chapters/04-a/b.html)"),
        ("{doc}`/index`", "[Home](https://b/en/index.html)"),
        ("{doc}`go <../../index>`", "[go](https://b/en/index.html)"),
        ("[t](#sec-a)", "[t](https://b/en/a.html#sec-a)"),
        ("[t](sec-a)", "[t](https://b/en/a.html#sec-a)"),
        ("[t](b.md)", "[t](https://b/en/chapters/04-a/b.html)"),
        ("[t](https://x.org/a)", "[t](https://x.org/a)"),
        (
            "{cite:p}`z1964,x2015`",
            "([Z, 1964](https://b/en/z.html#id2); "
            "[X and Y, 2015](https://b/en/z.html#id1))",
        ),
        ("{cite:t}`x2015`", "[X and Y (2015)](https://b/en/z.html#id1)"),
        (
            "{cite:p}`{see}z1964{chap. 3}`",
            "(see [Z, 1964, chap. 3](https://b/en/z.html#id2))",
        ),
        ("takes {value}`loss`.", "takes 0,5\u00a0s."),
        ("{math}`x_1`", "$x_1$"),
        ("{term}`lot <batch>` and {abbr}`SGD (stochastic)`", "lot and SGD"),
        ("m{sup}`2`", "m<sup>2</sup>"),
        (
            "{cite:p}`z1964,\nx2015`\nand {eq}`eq-a`",
            "([Z, 1964](https://b/en/z.html#id2); "
            "[X and Y, 2015](https://b/en/z.html#id1))\n"
            "and [(4.1)](https://b/en/a.html#equation-eq-a)",
        ),
        ("`{ref}` and ``{eq}`eq-a` `` stay", "`{ref}` and ``{eq}`eq-a` `` stay"),
        (r"$\{a\}$ costs \$5, $b", r"$\{a\}$ costs \$5, $b"),
        ("$a\n= b$ here", "$a = b$ here"),
    ],
)
def test_inline(myst, markdown):
    assert show(myst) == markdown


@pytest.mark.parametrize(
    ("myst", "markdown"),
    [
        ("(sec-a)=\n## A title", "## 4.2 A title"),
        ("(sec-free)=\n## A title", "## A title"),
        ("% not for readers\ntext", "text"),
        ("$$\nx\n$$ (eq-a)", "$$\nx \\tag{4.1}\n$$"),
        ("$$ x $$", "$$\nx\n$$"),
        ("- item\n\n  $$\n  x\n  $$ (eq-a)", "- item\n\n  $$\n  x \\tag{4.1}\n  $$"),
        (
            "> said\n>\n> {eq}`eq-a`",
            "> said\n>\n> [(4.1)](https://b/en/a.html#equation-eq-a)",
        ),
        (
            "\\begin{align}\na &= b\n\\end{align}",
            "$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$",
        ),
        ("\\begin{equation}\nx\n\\end{equation}", "$$\nx\n$$"),
        ("```{math}\n:label: eq-a\n\nx\n```", "$$\nx \\tag{4.1}\n$$"),
        ("```{note}\ntext\n```", "> **Note**\n>\n> text"),
        (":::{warning}\ntext\n:::", "> **Warning**\n>\n> text"),
        ("```{note} starts\nhere\n```", "> **Note**\n>\n> starts\n> here"),
        (
            "```{admonition} My *title*\n:class: tip\n\nx\n```",
            "> **My *title***\n>\n> x",
        ),
        (
            "```{note}\n:class: dropdown\n\n$$\nx\n$$\n```",
            "<details>\n<summary>Note</summary>\n\n$$\nx\n$$\n\n</details>",
        ),
        ("```{margin}\n**The notes said** $x$.\n```", "> **The notes said** $x$."),
        ("```{note}\n$$\nx\n$$ (eq-a)\n```", "> **Note**\n>\n> $$ x \\tag{4.1} $$"),
        (
            "````{note}\n```{tip}\n$$\nx\n$$\n```\n````",
            "> **Note**\n>\n> > **Tip**\n> >\n> > $$ x $$",
        ),
        (
            "1. one\n\n   ```{note}\n   {eq}`eq-a`\n   ```",
            "1. one\n\n   > **Note**\n   >\n   > [(4.1)](https://b/en/a.html#equation-eq-a)",
        ),
        (
            ":::{dropdown} More `code`\ntext\n:::",
            "<details>\n<summary>More code</summary>\n\ntext\n\n</details>",
        ),
        ("```{exercise} Do\n:label: ex-a\n\nx\n```", "> **Exercise 4.1 (Do)**\n>\n> x"),
        (
            "```{solution} ex-a\n:label: sol-a\n:class: dropdown\n\nx\n```",
            "[Solution, on the page](https://b/en/a.html#sol-a)",
        ),
        (
            "```{plot} fig-a\n:alt: Seen: {value}`loss`.\nIt *falls*\nto {value}`loss`."
            "\n\nMore.\n```",
            "**Figure 4.3.** <em>It *falls*\nto 0,5\u00a0s.</em>\n\nMore.",
        ),
        (
            "```{figure} ../images/a.png\n:alt: Seen\n:name: fig-a\nCaption\n```",
            "![Seen](https://b/en/_images/a.png)\n\n**Figure 4.3.** <em>Caption</em>",
        ),
        ("```{image} a.png\n:alt: Seen\n```", "![Seen](https://b/en/_images/a.png)"),
        (
            "```{list-table} Sizes\n:name: tab-a\n:header-rows: 1\n\n* - a\n  - b\n"
            "* - $|x|$\n    and more\n  - c | {eq}`eq-a`\n```",
            "**Table 4.1.** <em>Sizes</em>\n\n| a | b |\n| --- | --- |\n"
            "| $\\vert x\\vert $ and more | c \\| "
            "[(4.1)](https://b/en/a.html#equation-eq-a) |",
        ),
        ("```{list-table}\n* - a\n  - b\n```", "|  |  |\n| --- | --- |\n| a | b |"),
        (
            "```{table} Sizes\n:name: tab-a\n\n| a |\n|---|\n| {value}`loss` |\n```",
            "**Table 4.1.** <em>Sizes</em>\n\n| a |\n|---|\n| 0,5\u00a0s |",
        ),
        (
            "| {eq}`eq-a` | {value}`loss` |\n|---|---|\n| 1 | {ref}`x <sec-a>` |",
            "| [(4.1)](https://b/en/a.html#equation-eq-a) | 0,5\u00a0s |\n|---|---|\n"
            "| 1 | [x](https://b/en/a.html#sec-a) |",
        ),
        ("```{code-block} python\n{x}`y`\n```", "```python\n{x}`y`\n```"),
        ("```python\n(a)=\n{x}`y`\n```", "```python\n(a)=\n{x}`y`\n```"),
        ("    {x}`y` indented", "    {x}`y` indented"),
    ],
)
def test_blocks(myst, markdown):
    assert show(myst) == markdown


@pytest.mark.parametrize(
    ("myst", "line", "problem"),
    [
        ("a\n\n{nope}`x`", 3, "role {nope}"),
        ("a\n{ref}`x`\nb {ref}`sec-none`", 2, "no 'x'"),
        ("a {ref}`sec-a`\nb {ref}`sec-none`", 2, "no 'sec-none'"),
        ("{numref}`sec-free`", 1, "no number"),
        ("a\n\n\n{value}`gain`", 4, "value 'gain'"),
        ("{cite:p}`nobody`", 1, "nobody"),
        ("text\n\n```{nope}\nx\n```", 3, "directive {nope}"),
        ("```{note}\n:class: tip\n\na\n{nope}`x`\n```", 5, "role {nope}"),
        ("````{note}\n\n```{tip}\n\n{value}`gain`\n```\n````", 5, "value 'gain'"),
        ("$$\nx\n$$ (eq-none)", 1, "no 'eq-none'"),
        ("```{plot} fig-none\ncaption\n```", 1, "no 'fig-none'"),
        ("```{solution} ex-none\nx\n```", 1, "no 'ex-none'"),
        ("a\n\n[t](nowhere)", 3, "leads nowhere"),
        ("Term\n: meaning", 1, "definition list"),
        ("a[^1]\n\n[^1]: note", 3, "footnote"),
        ("a\n\n```{note} `x`\nb\n```", 3, "not one for the parser"),
        ("```{list-table}\n* - a\n\n    $$\n    x\n    $$\n```", 4, "more than text"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_line(myst, line, problem):
    with pytest.raises(SourceError, match=re.escape(problem)) as caught:
        show(myst)
    assert caught.value.line == line and caught.value.path == EDITION.path


def test_a_text_that_two_readers_see_differently_is_refused():
    """For the parser this role stands inside a tag; the scanner sees a role."""
    with pytest.raises(SourceError, match="the roles of this text"):
        show('<b title="{eq}`eq-a`">bold</b>')


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_titles_are_those_of_the_book(lang):
    init([f"{package_dir}/locale"], lang, "sphinx")
    try:
        sphinx = {name: str(title) for name, title in admonitionlabels.items()}
    finally:
        init([], "en", "sphinx")
    sphinx |= {"hint": "Indice"} if lang == "fr" else {}  # bookbuild/folds.py
    assert {name: titles[lang] for name, titles in TITLES.items()} == sphinx
