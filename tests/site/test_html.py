"""Every page is valid HTML, as html-validate's rules of the standard say."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryFile

import pytest

HERE = Path(__file__).parent
VALIDATE = HERE / "node_modules" / ".bin" / "html-validate"


def problems(pages: list[Path]) -> list[str]:
    """What is wrong in the pages: file, line and rule."""
    if not VALIDATE.exists():
        pytest.fail("html-validate is not installed: run `make test`, or npm ci here")
    options = ["--config", HERE / "htmlvalidate.json", "--formatter", "json"]
    with TemporaryFile("w+", encoding="utf8") as said:  # a pipe would lose the end
        done = subprocess.run(
            [VALIDATE, *options, *pages],
            check=False,
            stdout=said,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode in (0, 1), done.stderr
        said.seek(0)
        report = json.load(said)
    return [
        f"{found['filePath']}:{mistake['line']}: {mistake['message']} "
        f"({mistake['ruleId']})"
        for found in report
        for mistake in found["messages"]
    ]


def test_every_page_is_valid(site):
    pages = sorted(site.rglob("*.html"))
    assert {site / "index.html", site / "404.html"} < {*pages}
    assert problems(pages) == []


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("</main>", "<p id=a></p><p id=a></p></main>", "no-dup-id"),
        ("</main>", "<p><div></div></p></main>", "close-order"),
        ("</main>", "<ul><p>x</p></ul></main>", "element-permitted-content"),
        ("</main>", "<img></main>", "element-required-attributes"),
        ("</main>", '<center align="left"></center></main>', "deprecated"),
        ("</main>", '<label for="nowhere">x</label></main>', "no-missing-references"),
    ],
)
def test_a_fault_of_each_kind_is_found(site, tmp_path, right, wrong, rule):
    html = (site / "en" / "index.html").read_text("utf8")
    assert html.count(right) == 1
    page = tmp_path / "page.html"
    page.write_text(html.replace(right, wrong), "utf8")
    assert any(f"({rule})" in problem for problem in problems([page]))
