"""The Content-Security-Policy of each page: nothing from elsewhere, our scripts only.

Scripts are files of the book, or stand in the page with their digest in its policy.
Styles stay ``unsafe-inline``: MathJax's formulas, matplotlib's drawings and the theme
hold ``style`` attributes, which no digest can allow one by one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)
DATA = {"application/json", "application/ld+json"}  # not run


class PolicyError(ValueError):
    """The page holds what its policy would refuse."""


class _Scripts(HTMLParser):
    """The scripts that stand in a page, and its handlers written as attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[str] = []
        self.handlers: list[str] = []
        self._inside = False

    def handle_starttag(self, tag, attributes) -> None:
        found = dict(attributes)
        self._inside = (
            tag == "script" and "src" not in found and found.get("type") not in DATA
        )
        if self._inside:
            self.bodies.append("")
        self.handlers += [name for name in found if name.startswith("on")]
        if (found.get("href") or "").strip().lower().startswith("javascript:"):
            self.handlers.append(found["href"])

    def handle_data(self, data) -> None:
        if self._inside:
            self.bodies[-1] += data

    def handle_endtag(self, tag) -> None:
        self._inside = False


def protect(html: str) -> str:
    """The page with its policy, first thing after its encoding.

    Raises:
        PolicyError: the page has no ``<meta charset>``, or a handler in an attribute.
    """
    scripts = _Scripts()
    scripts.feed(html)
    scripts.close()
    if scripts.handlers:
        raise PolicyError(
            f"the page holds {scripts.handlers}: listen from a file of bookbuild/static"
        )
    digests = sorted({_digest(body) for body in scripts.bodies})
    policy = POLICY | {"script-src": " ".join([POLICY["script-src"], *digests])}
    content = "; ".join(f"{name} {value}" for name, value in policy.items())
    meta = f'<meta http-equiv="Content-Security-Policy" content="{content}">'
    protected, found = CHARSET.subn(lambda match: match[0] + meta, html, count=1)
    if not found:
        raise PolicyError('the page has no <meta charset="utf-8">')
    return protected


def _digest(body: str) -> str:
    sha256 = hashlib.sha256(body.encode()).digest()
    return f"'sha256-{base64.b64encode(sha256).decode()}'"
