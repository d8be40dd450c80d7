"""The published addresses: a committed list that may grow and never loses one.

Whoever linked to a section, a figure, an equation or an exercise finds it again. An
address is a page and an anchor, the same in both languages.
"""

from __future__ import annotations

from pathlib import Path

from bookbuild import LANGUAGES, ROOT, references

LIST = Path("published_anchors.txt")
HEADER = """\
# Every address that was ever published, the same in both editions: one that is gone
# breaks somebody's link. `make anchors` adds the new ones; none is removed by hand.
"""


def known(root: Path = ROOT) -> set[str]:
    """The addresses of the committed list."""
    path = root / LIST
    lines = path.read_text("utf8").split("\n") if path.exists() else []
    return {line for line in lines if line and not line.startswith("#")}


def present(lang: str, root: Path = ROOT) -> set[str]:
    """The addresses of an edition, as its last build wrote them down.

    Raises:
        FileNotFoundError: the edition is not built.
    """
    return {
        entry["href"]
        for label, entry in references.read(lang, root).items()
        if label.startswith("doc:")
        or ("#" in entry["href"] and entry["kind"] != "citation")
    }


def lost(root: Path = ROOT) -> dict[str, set[str]]:
    """What each edition lacks of the list."""
    return {lang: known(root) - present(lang, root) for lang in LANGUAGES}


def new(root: Path = ROOT) -> set[str]:
    """What every edition has and the list does not."""
    return set.intersection(*(present(lang, root) for lang in LANGUAGES)) - known(root)


def write(root: Path = ROOT) -> set[str]:
    """Add the new addresses to the list; what was added."""
    added = new(root)
    lines = sorted(known(root) | added)
    (root / LIST).write_text(HEADER + "\n".join(lines) + "\n", "utf8")
    return added
