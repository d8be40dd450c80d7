"""Formulas typeset at build: whole, readable, and refused when TeX is wrong."""

import re
from xml.etree import ElementTree as ET

import pytest

from bookbuild.mathjax import FONTS, MathError, Typesetter, components, displayed

from .attacks import FORMULAS

MATHML = "{http://www.w3.org/1998/Math/MathML}"


@pytest.fixture(scope="module")
def mathjax():
    typesetter = Typesetter()
    yield typesetter
    typesetter.close()


def mathml(html: str) -> ET.Element:
    found = re.search(r"<math.*?</math>", html, re.DOTALL)
    return ET.fromstring(found[0])


def test_a_formula_is_drawn_for_the_eye_and_written_for_the_ear(mathjax):
    html = mathjax.typeset(r"\hat v_t = \frac{v_t}{1 - \beta_2^t}", display=True)
    assert re.search(r'<mjx-math[^>]* aria-hidden="true"', html)
    formula = mathml(html)
    assert formula.get("display") == "block"
    fraction = formula.find(f".//{MATHML}mfrac")
    assert "".join("".join(fraction.itertext()).split()) == "vt1−β2t"


def test_a_formula_in_the_line_is_not_displayed(mathjax):
    assert mathml(mathjax.typeset("a", display=False)).get("display") != "block"


def test_macros_of_mathjax_s_own_still_work(mathjax):
    formula = mathml(mathjax.typeset(r"a \bmod b", display=False))
    assert "mod" in "".join(formula.itertext())


def test_the_same_formula_is_typeset_once(mathjax):
    first = mathjax.typeset("x + 1", display=False)
    mathjax._ask = None  # another question would fail
    try:
        assert mathjax.typeset("x + 1", display=False) is first
    finally:
        del mathjax._ask


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\frac{1", "Missing close brace"),
        (r"\nosuchmacro{x}", "Undefined control sequence"),
        (r"\left( x", r"missing \right"),
        (r"\href{javascript:alert(1)}{x}", "Undefined control sequence"),
        (r'\mmlToken{mi}[href="javascript:alert(1)"]{x}', "Undefined control sequence"),
        (r"\require{html}", "Undefined control sequence"),
        (r"\class{c}{x}", "Undefined control sequence"),
    ],
)
def test_wrong_or_dangerous_tex_is_refused(mathjax, tex, said):
    with pytest.raises(MathError, match=re.escape(said)):
        mathjax.typeset(tex, display=False)
    assert mathjax.typeset("y", display=False)  # and the next one goes on


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_that_attacks_is_refused(mathjax, name):
    with pytest.raises(MathError, match="Undefined control sequence"):
        mathjax.typeset(FORMULAS[name], display=True)


def test_text_is_not_markup(mathjax):
    html = mathjax.typeset(r"\text{<img src=x onerror=alert(1)>}", display=False)
    assert "<img" not in html


def test_the_style_sheet_names_fonts_that_exist(mathjax):
    sheet = mathjax.style_sheet()
    named = set(re.findall(r'url\("([^"]+)"\)', sheet))
    fonts = components() / "output" / "chtml" / "fonts"
    assert len(named) > 10
    assert all((fonts / name).is_file() for name in named)
    assert {name.split("/")[0] for name in named} == {FONTS}
    assert "mjx-assistive-mml" in sheet


def test_a_font_of_the_system_stands_in_for_each_of_mathjax_s(mathjax):
    sheet = mathjax.style_sheet()
    rules = re.findall(r"font-family: (MJXZERO, [^;]*);", sheet)
    assert len(rules) > 20
    assert all("MJXSTANDIN" in rule for rule in rules)
    faces = re.findall(r"@font-face[^{]*\{\s*font-family: ([^;]*);", sheet)
    assert "MJXSTANDIN" in faces and not any("," in face for face in faces)


def test_lines_and_equations_are_separated_as_sphinx_does():
    assert displayed("a = b") == "a = b"
    assert displayed("a \\\\ b") == r"\begin{split}a \\ b\end{split}"
    assert displayed("a\n\nb") == r"\begin{aligned}a\\b\end{aligned}"
