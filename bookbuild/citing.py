"""How a section is cited: a sentence and a BibTeX entry, in the page's language."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path

import yaml
from sphinx.application import Sphinx

from bookbuild.addresses import addresses
from bookbuild.history import written
from bookbuild.numbering import chapter_number
from bookbuild.search_index import plain

SPECIAL = str.maketrans({each: f"\\{each}" for each in "&%#_$"})
SENTENCE = "{author}. {quoted} ({section}). <cite>{book}</cite>, {note}. {url}"
WORDS = {
    "en": {
        "title": "“{title}”",
        "section": "section {number}",
        "chapter": "chapter {number}",
        "changed": "last changed on {day}",
        "source": "from the lecture notes of {source}",
    },
    "fr": {
        "title": "«\u00a0{title}\u00a0»",
        "section": "section {number}",
        "chapter": "chapitre {number}",
        "changed": "modifié le {day}",
        "source": "d’après les notes de cours de {source}",
    },
}


def source(root: Path) -> str:
    """Whose lecture notes the book is made from, as CITATION.cff says."""
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf8"))
    (notes,) = citation["references"]
    names = " & ".join(
        f"{author['given-names']}\u00a0{author['family-names']}"
        for author in notes["authors"]
    )
    return f"{names} ({notes['institution']['name']}, {notes['year']})"


def citation(
    facts: dict[str, str], page: str, lang: str, year: int, day: date | None
) -> dict[str, str]:
    """The sentence, in HTML, and the BibTeX entry of a page.

    Args:
        facts: ``author``, ``title``, ``number``, ``book``, ``version``, ``source`` and
            ``url``.
        page: its Sphinx name.
        lang: the language of all of them.
        year: of publication, where the last change is not known.
        day: of the last change.
    """
    words = WORDS[lang]
    kind = "section" if "." in facts["number"] else "chapter"
    notes = [f"version {facts['version']}"]
    if day:
        notes.append(words["changed"].format(day=written(day, lang)))
    notes.append(words["source"].format(source=facts["source"]))
    facts = facts | {
        "quoted": words["title"].format(title=facts["title"]),
        "section": words[kind].format(number=facts["number"]),
        "note": ", ".join(notes),
    }
    fields = {
        "author": f"{{{facts['author']}}}".translate(SPECIAL),
        "title": f"{{{facts['title']}}}".translate(SPECIAL),
        "howpublished": f"{facts['book']}, {facts['section']}".translate(SPECIAL),
        "year": str(day.year if day else year),
        "url": facts["url"],
        "note": facts["note"].translate(SPECIAL),
    }
    key = f"ift6135-{page.split('/', 1)[1].replace('/', '-')}-{lang}"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return {
        "sentence": SENTENCE.format(**{key: escape(facts[key]) for key in facts}),
        "bibtex": "\n".join([f"@misc{{{key},", *lines, "}"]),
    }


def cite(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Let the end of a chapter's section say how it is cited."""
    number = app.env.toc_secnumbers.get(page, {}).get("")
    if chapter_number(page) is None or not number:
        return
    root, lang, config = Path(app.srcdir), app.config.language, app.config
    published = addresses(root)
    facts = {
        "author": config.author,
        "title": plain(app.env.titles[page]),
        "number": ".".join(map(str, number)),
        "book": config.html_title,
        "version": published.version,
        "source": source(root),
        "url": published.page(page, lang),
    }
    year, day = int(config.copyright), app.env.last_changes.get(page)
    made = citation(facts, page, lang, year, day)
    block = app.builder.highlighter.highlight_block(made["bibtex"], "bibtex")
    context["citation"] = made | {"block": block}


def setup(app: Sphinx) -> None:
    """Connect to each page."""
    app.connect("html-page-context", cite)
