"""The pages of the book in the reader's order, each with its place in the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sphinx_external_toc.parsing import parse_toc_yaml

from bookbuild import LANGUAGES, ROOT


@dataclass(frozen=True)
class Entry:
    """A page of the table of contents."""

    docname: str
    depth: int  # 1 for a chapter, 2 for its sections, …
    part: str  # the caption of its part, in the edition's language
    chapter: str  # the page its chapter opens with

    @property
    def key(self) -> str:
        """What every id of the page starts with in the printed book."""
        return self.docname.replace("/", "-")


def contents(lang: str, root: Path = ROOT) -> list[Entry]:
    """The pages that ``_toc.yml`` lists, its root first.

    Args:
        lang: the language of the parts' captions.
        root: the book's folder.
    """
    site_map = parse_toc_yaml(root / "_toc.yml")

    def below(docname: str, depth: int, part: str, chapter: str) -> Iterator[Entry]:
        for tree in site_map[docname].subtrees:
            caption = _in_language(tree.caption or "", lang)
            for item in tree.items:
                if item not in site_map:  # an address outside the book
                    continue
                opening = chapter or item
                yield Entry(item, depth, part or caption, opening)
                yield from below(item, depth + 1, part or caption, opening)

    home = site_map.root.docname
    return [Entry(home, 1, "", home), *below(home, 1, "", "")]


def _in_language(caption: str, lang: str) -> str:
    """Captions are written ``"English || Français"``."""
    texts = [text.strip() for text in caption.split("||")]
    return texts[LANGUAGES.index(lang)] if len(texts) > 1 else texts[0]
