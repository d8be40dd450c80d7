"""Icons: those shown stay, the others go; nothing else of the style changes."""

import re
from pathlib import Path
from shutil import copyfile, copytree

import pydata_sphinx_theme
import pytest
from fontTools.ttLib import TTFont

from bookbuild.lighten import FORMULAS, SHEET, lighten
from bookbuild.mathjax import Typesetter

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"
ROCKET, GITHUB, ADDRESSES, BELL, CLOSE = 0xF135, 0xF09B, 0xF2B9, 0xF0F3, 0xF00D


@pytest.fixture(scope="module")
def formulas():
    """A formula, and the style sheet of all."""
    typesetter = Typesetter()
    yield typesetter.typeset("x + 1", display=False), typesetter.style_sheet()
    typesetter.close()


@pytest.fixture
def site(tmp_path, formulas):
    """An edition of one page, with the real style sheets and fonts."""
    (tmp_path / FORMULAS).parent.mkdir(parents=True)
    (tmp_path / FORMULAS).write_text(formulas[1], "utf8")
    (tmp_path / SHEET).parent.mkdir(parents=True)
    copyfile(THEME / "static" / SHEET.relative_to("_static"), tmp_path / SHEET)
    fonts = Path("vendor") / "fontawesome"
    copytree(THEME / "static" / fonts, tmp_path / "_static" / fonts)
    (tmp_path / "_static" / "a.js").write_text("add('fa-solid fa-xmark')")
    (tmp_path / "index.html").write_text(
        '<i class="fas fa-rocket"></i><i class="fab fa-github"></i>' + formulas[0]
    )
    return tmp_path


def letters(site: Path) -> set[int]:
    fonts = (site / "_static" / "vendor").rglob("*.woff2")
    return {code for font in fonts for code in TTFont(font).getBestCmap()}


def test_the_icons_that_are_shown_stay_and_the_others_go(site):
    before, style = letters(site), (site / SHEET).read_text("utf8")
    assert {ROCKET, GITHUB, ADDRESSES, BELL, CLOSE} <= before
    lighten(site)
    left, lighter = letters(site), (site / SHEET).read_text("utf8")
    assert {ROCKET, GITHUB, BELL, CLOSE} <= left  # BELL: an admonition of the style
    assert ADDRESSES not in left and len(left) < 60
    assert ".fa-rocket:before" in lighter and ".fa-xmark:before" in lighter
    assert ".fa-address-book:before" not in lighter
    assert 0.5 * len(style) < len(lighter) < 0.9 * len(style)
    rules = ".bd-header-article", "--pst-color-primary", ".admonition.note"
    assert all(lighter.count(rule) == style.count(rule) for rule in rules)


def test_the_letters_of_formulas_that_are_shown_keep_their_styles(site, formulas):
    lighten(site)
    before, left = formulas[1], (site / FORMULAS).read_text("utf8")
    for code in ("1D465", "2B", "31"):  # an italic x, a plus, a one
        rule = re.compile(rf"mjx-c\.mjx-c{code}\b")
        assert len(rule.findall(left)) == len(rule.findall(before)) > 0
    assert "mjx-c.mjx-c1D703" in before and "mjx-c.mjx-c1D703" not in left
    assert "mjx-assistive-mml" in left and left.count("@font-face") > 20
    assert len(left) < 0.25 * len(before)


def test_the_rules_of_letters_leave_whole(site, formulas):
    """No brace of a content, and nothing of a selector, stays behind."""
    lighten(site)
    rule = re.compile(r'([^{}]+)\{((?:"(?:\\.|[^"\\])*"|[^"}])*)\}')
    known = {(found[1].strip(), found[2]) for found in rule.finditer(formulas[1])}
    left = (site / FORMULAS).read_text("utf8")
    assert {(found[1].strip(), found[2]) for found in rule.finditer(left)} <= known
    assert 'content: "}"' in formulas[1] and not rule.sub("", left).strip()


def test_doing_it_again_changes_nothing(site):
    lighten(site)
    left, style = letters(site), (site / SHEET).read_text("utf8")
    lighten(site)
    assert letters(site) == left and (site / SHEET).read_text("utf8") == style


def test_a_theme_that_moved_its_style_is_noticed(tmp_path):
    with pytest.raises(FileNotFoundError):
        lighten(tmp_path)
