"""What a notebook may hand to its page: a number, a figure or a slider, and no more.

Any cell can display under the companion package's own type, so that the type proves
nothing: each part is checked as if a stranger had written it. A figure is put into the
page as it came, hence it is refused when anything in it is not drawing.
"""

from __future__ import annotations

import base64
import re
import zlib
from typing import Any

from bookbuild import LANGUAGES
from bookbuild.clean_svg import clean_svg, is_clean, safe_attribute
from ift6135_lib.frames import CHILDREN, TEXT, unpack

NOT_IN_VALUES = re.compile(r"[<>&`$\\\[\]{}|*\x00-\x1f]")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.IGNORECASE)
CONTROLS = ("range", "select", "checkbox")
HEARD = 300_000  # bytes of a sound, in base 64


def check(content: dict[str, Any]) -> None:
    """Refuse what could do more on the page than be seen.

    Args:
        content: what a cell displayed under :data:`ift6135_lib.publish.MIME`.

    Raises:
        ValueError: with what is wrong.
    """
    try:
        kind = content["kind"]
        if kind not in ("value", "figure", "slider"):
            raise ValueError(
                f"its kind is {kind!r}; show(), explore() and glue() make it"
            )
        for lang in LANGUAGES:
            drawn = content[lang]
            if kind == "value":
                _check_value(drawn)
                continue
            if clean_svg(drawn["svg"]) != drawn["svg"]:
                raise ValueError("its SVG holds more than drawing")
            if kind == "slider":
                _check_slider(drawn)
            elif "sound" in drawn:
                _check_sound(drawn["sound"])
    except (KeyError, TypeError, AttributeError, zlib.error) as error:
        raise ValueError(
            f"it is not what show(), explore() or glue() make: {error!r}"
        ) from None


def _check_value(text: str) -> None:
    if found := NOT_IN_VALUES.search(text):
        raise ValueError(f"its text holds {found[0]!r}; it must be a number or words")


def _check_sound(sound: str) -> None:
    """A WAV file in base 64: nothing else can stand in the player's address."""
    if len(sound) > HEARD:
        raise ValueError(f"its sound weighs {len(sound)} bytes, more than {HEARD}")
    content = base64.b64decode(sound, validate=True)  # ValueError: another character
    if content[:4] != b"RIFF" or content[8:16] != b"WAVEfmt ":
        raise ValueError("its sound is no WAV file")


def _check_slider(drawn: dict[str, Any]) -> None:
    if drawn["encoding"] not in ("json", "deflate"):
        raise ValueError(f"its encoding is {drawn['encoding']!r}")
    for spec in drawn["controls"]:
        if not NAME.fullmatch(spec["name"]) or spec["kind"] not in CONTROLS:
            raise ValueError(
                f"its control {spec['name']!r} is not one of the package's"
            )
        if not isinstance(spec["start"], int):
            raise ValueError(
                f"its control {spec['name']!r} starts at {spec['start']!r}"
            )
    for _, name, values, _ in unpack(drawn["payload"], drawn["encoding"])["slots"]:
        if name == CHILDREN:
            clean = all(map(is_clean, values))
        else:
            clean = name == TEXT or all(safe_attribute(name, each) for each in values)
        if not clean:
            raise ValueError(
                f"it would change {name or 'elements'!r} to more than drawing"
            )
