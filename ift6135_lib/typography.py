"""Numbers as each language writes them."""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"
MINUS = "\u2212"
NUMBER = r"(?<![\w.])[-+\u2212]?\d+(?:[.,]\d+)*(?:e[-+\u2212]?\d+)?(?!\w)"
VARIABLE = re.compile(rf"\$[^$]*\$|{NUMBER}")
THOUSANDS = re.compile(r"[-+\u2212]?\d{1,3}(,\d{3})+(\.\d+)?$")
SUPERSCRIPTS = str.maketrans(f"{MINUS}0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def localise(text: str, lang: str) -> str:
    """Write the numbers of a text as a page in the language does.

    Args:
        text: a text whose numbers are written as Python's ``format`` writes them.
        lang: "en" or "fr".

    Returns:
        The text with true minus signs and powers of ten instead of ``e-05``; in French
        also decimal commas and no-break spaces between thousands and before %.

    Example:
        >>> localise("-0.5 to 95%", "fr")
        '−0,5 to 95\\xa0%'
    """
    said = VARIABLE.sub(lambda found: variable(found[0], lang), text)
    return re.sub(r"(?<=\d) ?%", f"{NO_BREAK}%", said) if lang == "fr" else said


def variable(text: str, lang: str) -> str:
    """Write a formula or a number as a page in the language does.

    Args:
        text: what :data:`VARIABLE` matches.
        lang: "en" or "fr".

    Returns:
        The same; in French with decimal commas.

    Example:
        >>> variable("$x = 0.5$", "fr"), variable("-1.2e-03", "fr")
        ('$x = 0{,}5$', '−1,2\\xa0×\\xa010⁻³')
    """
    french = lang == "fr"
    if text.startswith("$"):  # {,}: no space after a decimal comma in mathematics
        return re.sub(r"(?<=\d)\.(?=\d)", "{,}", text) if french else text
    digits, _, exponent = text.replace(MINUS, "-").partition("e")
    if not re.search(r"[1-9]", digits):
        digits = digits.removeprefix("-")
    if french:
        if THOUSANDS.match(digits):
            digits = digits.replace(",", NO_BREAK)
        digits = digits.replace(".", ",")
    if exponent:
        raised = str(int(exponent)).replace("-", MINUS).translate(SUPERSCRIPTS)
        digits += f"{NO_BREAK}×{NO_BREAK}10{raised}"
    return digits.replace("-", MINUS)
