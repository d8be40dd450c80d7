"""What check() and Unanswered look like: languages, notebook, HTML, typography."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

from ift6135_lib import Unanswered, check
from ift6135_lib.exercises import reference
from ift6135_lib.exercises.verdict import Verdict
from ift6135_lib.exercises.words import KINDS, WORDS
from tests.exercises.sample_reference import momentum_step as right
from tests.exercises.sample_reference import write


@pytest.fixture(autouse=True)
def chapter(tmp_path, monkeypatch):
    """A chapter of the exercises momentum-step and total."""
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    monkeypatch.delenv("IFT6135_LANG", raising=False)
    return write(tmp_path)


def test_an_unknown_exercise_names_those_that_are_close(monkeypatch):
    with pytest.raises(ValueError, match=r"mean 'momentum-step'\?.*momentum-step, to"):
        check("momentum_step", right)
    with pytest.raises(ValueError, match="Vouliez-vous dire 'total'"):
        check("totl", right, lang="fr")
    with pytest.raises(ValueError, match="no exercise is called <function"):
        check(right, "momentum-step")
    with pytest.raises(ValueError, match="lang is 'de'"):
        check("total", right, lang="de")


def test_the_language_is_the_notebooks(monkeypatch):
    monkeypatch.setenv("IFT6135_LANG", "fr")
    assert "juste sur les 6 entrées" in check("momentum-step", right).text
    assert str(Unanswered("total")).startswith("○ Le total\u00a0: à vous d’écrire.")
    monkeypatch.setenv("IFT6135_LANG", "de")
    assert str(Unanswered("total")).startswith("○ The total: yours to write.")


def test_a_fresh_notebook_shows_one_line(capsys):
    shell = InteractiveShell()
    shell.run_cell('from ift6135_lib import Unanswered\nraise Unanswered("total")')
    shown = capsys.readouterr().out.strip()
    assert shown == "○ The total: yours to write. Write `total`, which steps."
    assert isinstance(Unanswered("total"), NotImplementedError)
    assert str(Unanswered("no-such")) == "○ no-such: yours to write."


def test_the_html_says_the_same_and_runs_nothing():
    def function(theta, v, g, eta, rho):
        raise ValueError("<script>alert(1)</script> `a` & b")

    verdict = check("momentum-step", function, lang="fr")
    page = verdict._repr_html_()
    assert "<script" not in page and "&lt;script&gt;" in page
    assert 'role="status"' in page and 'lang="fr"' in page
    plain = re.sub(r"<[^>]+>", "", page)
    assert verdict.headline in plain
    assert all(name in plain for name, _ in verdict.facts)
    hinted = Verdict(False, "✗ A `b`", (("Got", "1 < 2"),), "Use `c < d`.")
    assert ">c &lt; d</code>." in hinted._repr_html_()
    assert ">b</code>" in hinted._repr_html_()


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("passed", [True, False])
def test_the_edge_is_seen_on_white_and_on_dark_and_is_not_alone(passed):
    page = Verdict(passed, "✓ right" if passed else "✗ wrong")._repr_html_()
    (color,) = re.findall(r"solid (#\w{6})", page)
    assert not re.search(r"(?<!-)color:", page)  # the text has the page's own
    for ground in ("#ffffff", "#111111"):
        low, high = sorted([luminance(color), luminance(ground)])
        assert (high + 0.05) / (low + 0.05) >= 3
    assert ("✓" in page) == passed


def test_both_languages_say_the_same_things():
    for words in (WORDS, KINDS):
        assert words["en"].keys() == words["fr"].keys()
        for key, text in words["en"].items():
            holes = [sorted(set(re.findall(r"{(\w+)}", t))) for t in
                     (text, words["fr"][key])]  # fmt: skip
            assert holes[0] == holes[1], key


def test_french_is_set_as_in_quebec():
    for text in [*WORDS["fr"].values(), *KINDS["fr"].values()]:
        assert not re.search(r"[^\u00a0]:(?!\w)|\s[;?!]|'", text), text


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, ift6135_lib; from ift6135_lib import check, Unanswered\n"
    code += "str(Unanswered('x'))\n"
    code += "print([m for m in ('torch', 'matplotlib', 'IPython', 'numpy', "
    code += "'ipywidgets') if m in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == "[]"
