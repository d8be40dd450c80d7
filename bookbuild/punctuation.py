"""Typography of the prose, French above all: most of what it finds it can also mend.

French as the OQLF has it: a no-break space before a colon, inside guillemets, before a
percent sign or a unit and between thousands; none before ; ! ?; typographic
apostrophes; decimal commas. English keeps straight quotes in Markdown, which Sphinx
makes curly, and commas between thousands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from bookbuild import ROOT
from bookbuild.blanked import BLANK, NO_BREAK, OBJECT, Prose
from bookbuild.prose import files, read

N = NO_BREAK
THING = rf"\w{OBJECT}"
UNITS = "ms|min|s|h|Ko|Mo|Go|ko|km|cm|mm|kg|Hz|GHz|°C|€"
END = rf"(?=[\s{BLANK}]|\Z)"


class Rule(NamedTuple):
    """What not to write, and what to write instead; None: it depends."""

    name: str
    pattern: re.Pattern
    mended: Callable[[re.Match], str] | None


def _rule(name: str, pattern: str, mended: str | Callable | None = None) -> Rule:
    if isinstance(mended, str):
        text = mended
        mended = lambda found: found.expand(text)  # noqa: E731
    return Rule(name, re.compile(pattern, re.MULTILINE), mended)


def _grouped(separator: str) -> Callable[[re.Match], str]:
    return lambda found: f"{int(found[0]):,}".replace(",", separator)


# what a number with a point may be: a version's or a section's
NAMED = re.compile(
    rf"(?:§[ {N}]?|(?:[A-Z][\w-]*|\b(?:section|version|chapitre|licence)s?)[ {N}\n])"
    rf"(?:[\d.]+(?:,| et| ou| à|–)[ {N}\n])*\Z"
)


def _decimal(found: re.Match) -> str:
    before = found.string[max(0, found.start() - 40) : found.start()]
    return found[0] if NAMED.search(before) else found[0].replace(".", ",")


DECIMAL = rf"(?<![\w.,{OBJECT}-])\d+\.\d+(?!\w|\.\d|{OBJECT})"
NUMBER = rf"(?<![\w.,/#{OBJECT}-])[1-9]\d{{4,}}(?![\w/{OBJECT}-]|[.,]\d)"
FRENCH = (
    _rule("a typographic apostrophe", rf"(?<=[{THING}])'(?=[{THING}*«\[])", "’"),
    _rule("guillemets", r'"([^"\n]+)"', rf"«{N}\1{N}»"),
    _rule("a no-break space after «", rf"«(?![{N}\n])[ \u202f]*", f"«{N}"),
    _rule("a no-break space before »", rf"(?<![{N}\s])[ \u202f]*»", f"{N}»"),
    _rule(
        "a no-break space before :", rf"(?<=[^\s{BLANK}:|-])[ \u202f]*:{END}", f"{N}:"
    ),
    _rule(
        "no space before ; ! ?", rf"(?<=\S)\s+([;!?])(?=[\s.,)…»*{BLANK}]|\Z)", r"\1"
    ),
    _rule(
        "no space before a comma or a full stop", rf"(?<=[{THING}]) +([,.]){END}", r"\1"
    ),
    _rule("no line that begins with : or »", rf"^\s*[:»]{END}"),
    _rule("U+00A0 and no narrower space", r"\u202f", N),
    _rule("an ellipsis", r"(?<!\.)\.{3}(?!\.)", "…"),
    _rule("a dash", r"(?<=[^\s*|]) --? (?=\S)", " – "),
    _rule(
        "a decimal comma",
        DECIMAL,
        _decimal,
    ),
    _rule("a no-break space between thousands", r"(?<=\d) (?=\d{3}(?!\d))", N),
    _rule("a no-break space between thousands", NUMBER, _grouped(N)),
    _rule("a no-break space before %", rf"(?<=[\d{OBJECT}]) ?%", f"{N}%"),
    _rule(
        "a no-break space before a unit",
        rf"(?<=[\d{OBJECT}]) (?=(?:{UNITS})\b(?!’))",
        N,
    ),
    _rule("the ordinal 2e", r"\b(\d+)(?:i?[èe]me)(s?)\b", r"\1e\2"),
    _rule("the ordinal 1re", r"\b1(?:ère|ere)\b", "1re"),
    _rule("À", r"(?:^|(?<=[.!?:] ))A (?=[a-zà-ÿ])", "À "),
    _rule("Ça", r"\bCa (?=[a-zà-ÿ])", "Ça "),
    _rule("one space", rf"(?<=[{THING},;.]) {{2,}}(?=[{THING}])", " "),
)
ENGLISH = (
    _rule("no space before : ; ! ?", rf"(?<=[{THING})*])[ {N}]+([:;!?]){END}", r"\1"),
    _rule("no space before %", rf"(?<=[\d{OBJECT}])[ {N}]%", "%"),
    _rule("a comma between thousands", NUMBER, _grouped(",")),
    _rule(
        "no space before a comma or a full stop", rf"(?<=[{THING}]) +([,.]){END}", r"\1"
    ),
    _rule("one space", rf"(?<=[{THING},;.]) {{2,}}(?=[{THING}])", " "),
)
MARKDOWN = (
    _rule("a straight apostrophe", "[’‘]", "'"),
    _rule("straight quotation marks", "[“”]", '"'),
)


class Fault(NamedTuple):
    """Where something is not as it should be, and how to mend it."""

    path: Path
    line: int
    name: str
    context: str
    start: int
    end: int
    mended: str | None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.name}: {self.context}"


def faults(prose: Prose) -> Iterator[Fault]:
    """What a text of one language does not write as the language does."""
    if prose.lang == "en" and prose.path.suffix == ".toml":
        return  # the figures' own labels: they are what the code writes
    rules = {"fr": FRENCH, "en": ENGLISH + MARKDOWN * prose.markdown}.get(
        prose.lang, ()
    )
    taken: set[int] = set()
    for rule in rules:
        for found in rule.pattern.finditer(prose.text):
            span = range(found.start(), max(found.end(), found.start() + 1))
            mended = rule.mended(found) if rule.mended else None
            if mended == found[0] or taken.intersection(span):
                continue
            taken.update(span)
            around = prose.text[max(0, found.start() - 20) : found.end() + 20]
            context = " ".join(
                re.sub(f"{OBJECT}+", "…", around).replace(BLANK, "").split(" ")
            )
            yield Fault(
                prose.path,
                prose.line(found.start()),
                rule.name,
                context.replace("\n", " ").strip(),
                *found.span(),
                mended,
            )


def punctuation(paths: list[Path] | None = None, *, fix: bool = False) -> list[Fault]:
    """What the sources do not write as their languages do.

    Args:
        paths: the files to read; by default all that have prose.
        fix: mend what can be mended.

    Returns:
        The faults, or those that are left for a hand to mend.
    """
    left: list[Fault] = []
    for path in paths or files(ROOT):
        found = [fault for prose in read(path) for fault in faults(prose)]
        if fix and any(fault.mended is not None for fault in found):
            _mend(path, found)
            found = [fault for prose in read(path) for fault in faults(prose)]
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        left += [fault._replace(path=shown) for fault in found]
    return sorted(left, key=lambda fault: (str(fault.path), fault.line))


def _mend(path: Path, found: list[Fault]) -> None:
    text = path.read_text("utf8")
    for fault in sorted(found, key=lambda fault: fault.start, reverse=True):
        if fault.mended is None:
            continue
        # a group of the pattern holds what the mask hides: only its edges change
        old, new = text[fault.start : fault.end], fault.mended
        if OBJECT in new or BLANK in new:
            continue
        if path.suffix == ".py":
            new = new.replace(NO_BREAK, r"\u00a0")
        if old != new:
            text = text[: fault.start] + new + text[fault.end :]
    path.write_text(text, "utf8")
