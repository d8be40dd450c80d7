"""Numbers as each language writes them."""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"
NUMBER = r"(?<![\w.])[-+\u2212]?\d+(?:[.,]\d+)*(?:e[-+\u2212]?\d+)?(?!\w)"
VARIABLE = re.compile(rf"\$[^$]*\$|{NUMBER}")
THOUSANDS = re.compile(r"[-+\u2212]?\d{1,3}(,\d{3})+(\.\d+)?$")


def localise(text: str, lang: str) -> str:
    """Write the numbers of a text as the language does.

    Args:
        text: a text whose numbers are written as Python writes them.
        lang: "en" or "fr".

    Returns:
        The text; in French with decimal commas and no-break spaces between
        thousands and before %.

    Example:
        >>> localise("0.5", "fr")
        '0,5'
    """
    if lang == "en":
        return text
    french = VARIABLE.sub(lambda found: variable(found[0]), text)
    return re.sub(r"(?<=\d) ?%", f"{NO_BREAK}%", french)


def typeset(number: str, lang: str) -> str:
    """Write a formatted number as a page does.

    Args:
        number: a number as Python's ``format`` writes it.
        lang: "en" or "fr".

    Returns:
        The number with a true minus sign, powers of ten instead of ``e-05`` and, in
        French, a decimal comma.

    Example:
        >>> typeset("-1.2e-03", "fr")
        '\u22121,2\xa0×\xa010⁻³'
    """
    text = localise(number, lang)
    if not re.search(r"[1-9]", text):
        text = text.removeprefix("-")
    return re.sub(r"e([-+]?\d+)$", _power, text).replace("-", "\u2212")


def _power(found: re.Match) -> str:
    exponent = str(int(found[1])).replace("-", "\u2212")
    raised = exponent.translate(str.maketrans("\u22120123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{NO_BREAK}×{NO_BREAK}10{raised}"


def variable(text: str) -> str:
    """A formula or a number, in French.

    Args:
        text: what :data:`VARIABLE` matches.

    Returns:
        The same with decimal commas.

    Example:
        >>> variable("$x = 0.5$")
        '$x = 0{,}5$'
    """
    if text.startswith("$"):  # {,}: no space after a decimal comma in mathematics
        return re.sub(r"(?<=\d)\.(?=\d)", "{,}", text)
    if THOUSANDS.match(text):
        text = text.replace(",", NO_BREAK)
    return text.replace(".", ",")
