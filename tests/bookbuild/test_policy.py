"""The policy in each page: exact digests, and nothing that it would refuse."""

import base64
import hashlib
import re

import pytest

from bookbuild.landing import root_page
from bookbuild.policy import POLICY, PolicyError, protect
from bookbuild.theme import mend

PAGE = '<html><head><meta charset="utf-8">{}</head><body></body></html>'


def policy(html: str) -> dict[str, str]:
    content = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    return dict(part.split(" ", 1) for part in content[1].split("; "))


def digest(body: str) -> str:
    sha = hashlib.sha256(body.encode()).digest()
    return f"'sha256-{base64.b64encode(sha).decode()}'"


def test_a_page_without_scripts_allows_only_files_of_the_book():
    assert policy(protect(PAGE.format(""))) == POLICY
    assert POLICY["default-src"] == "'none'"
    assert POLICY["script-src"] == "'self'"
    assert not any("http" in sources or "*" in sources for sources in POLICY.values())


def test_scripts_of_the_page_are_allowed_by_their_digest_and_data_is_not_a_script():
    body = "\n  let é = 'a < b';\n"
    scripts = f'<script>{body}</script><script src="a.js"></script>'
    data = '<script type="application/json">{"a": 1}</script>'
    found = policy(protect(PAGE.format(scripts + data)))
    assert found["script-src"] == f"'self' {digest(body)}"


@pytest.mark.parametrize(
    "html",
    [
        '<button onclick="window.print()">',
        '<img src="a.png" onerror="alert(1)">',
        '<a href="javascript:alert(1)">',
        '<a href=" JavaScript:alert(1)">',
    ],
)
def test_a_handler_in_the_page_stops_the_build(html):
    with pytest.raises(PolicyError, match="bookbuild/static"):
        protect(PAGE.format(html))


def test_a_page_without_an_encoding_is_refused():
    with pytest.raises(PolicyError, match="charset"):
        protect("<html><head></head></html>")


def test_the_policy_comes_before_any_script():
    html = root_page()
    assert html.index("Content-Security-Policy") < html.index("<script")


def test_the_theme_s_pages_are_mended():
    head = (
        '<script src="a.js"></script><script defer src="b.js"></script>'
        '<script src="_static/scripts/fontawesome.js?digest=5"></script>'
        "<script>kernelName = 'python3'</script>"
        '<script type="text/x-thebe-config">\n{requestKernel: true}\n</script>'
        "<script>DOCUMENTATION_OPTIONS.pagename = 'a/b';</script>"
        '<button onclick="window.print()"></button>'
        '<button\n onclick="toggle()"></button>'
    )
    html = mend(PAGE.format(head), "en")
    assert re.findall("<script[^>]*>", html) == [
        '<script defer src="a.js">',
        '<script defer src="b.js">',
    ]
    assert re.findall(r"<button\s[^>]*>", html) == [
        '<button data-action="print">',
        '<button\n data-action="toggle">',
    ]


def test_a_part_of_a_page_has_no_policy():
    assert mend("<nav></nav>", "fr") == "<nav></nav>"
