"""Points and minutes as each language writes them."""

from __future__ import annotations

NO_BREAK = "\u00a0"
UNITS = {"points": ("point", "points"), "minutes": ("minute", "minutes")}


def amount(number: float, lang: str) -> str:
    """A number without useless zeros, with the language's decimal sign.

    >>> amount(2.5, "fr"), amount(4.0, "en")
    ('2,5', '4')
    """
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if lang == "fr" else text


def count(unit: str, number: float, lang: str) -> str:
    """A number and its unit: the plural begins above one, in French at two.

    >>> count("points", 1.5, "fr"), count("points", 1.5, "en")
    ('1,5\\xa0point', '1.5\\xa0points')
    """
    plural = number >= 2 if lang == "fr" else number != 1
    return f"{amount(number, lang)}{NO_BREAK}{UNITS[unit][plural]}"
