"""Gives the theme's markup the names and roles that screen readers need.

``tests/site/test_accessibility.py`` fails where a new version writes it otherwise.
"""

from __future__ import annotations

import re

WORDS = {
    "en": {"sidebar": "Book", "sections": "Sections:"},
    "fr": {"sidebar": "Livre", "sections": "Sections\u00a0:"},
}
# a name must contain what is written: these hide it, and say less
RENAMED = (
    (
        re.compile(
            r'(<button class="btn search-button-field[^>]*?) aria-label="[^"]*"'
        ),
        r"\1",
    ),
    (re.compile(r'<summary aria-label="[^"]*">'), "<summary>"),
)
# ARIA 1.2 has no list of bibliography entries but a list
ROLES = {'role="doc-biblioentry"': 'role="listitem"'}
SIDEBAR = '<div id="pst-primary-sidebar"'
BRANCH = re.compile(
    r"(<a [^>]*>)((?:(?!</a>).)*)(</a><details[^>]*>)<summary>"
    r"(?=<span class=\"toctree-toggle)"
)
TAG = re.compile(r"<[^>]*>")
# Sphinx makes a list of definitions without terms of a long signature
SIGNATURE = re.compile(
    r'(<span class="sig-paren">\(</span>)\s*<dl>(.*?)</dl>', re.DOTALL
)


def accessible(html: str, lang: str) -> str:
    """The page, its controls and regions named in its language."""
    words = WORDS[lang]
    for pattern, replacement in RENAMED:
        html = pattern.sub(replacement, html)
    for old, new in ROLES.items():
        html = html.replace(old, new)
    html = html.replace(
        SIDEBAR, f'{SIDEBAR} role="complementary" aria-label="{words["sidebar"]}"'
    )

    def lines(found: re.Match) -> str:
        held = found[2].replace("<dd>", '<span class="sig-line">')
        return found[1] + held.replace("</dd>", "</span>")

    html = SIGNATURE.sub(lines, html)

    def named(branch: re.Match) -> str:
        title = TAG.sub("", branch[2])
        name = f'<summary aria-label="{words["sections"]} {title}">'
        return f"{branch[1]}{branch[2]}{branch[3]}{name}"

    return BRANCH.sub(named, html)
