"""Typography: each rule finds and mends its fault, and leaves what is right."""

from __future__ import annotations

import pytest

from bookbuild.punctuation import punctuation

N = "\u00a0"


def mended(tmp_path, lang: str, text: str) -> tuple[int, str]:
    """How many faults a page has, and its text once mended."""
    path = tmp_path / "page.md"
    head = f'+++ {{"lang": "{lang}"}}\n\n'
    path.write_text(head + text + "\n", "utf8")
    found = punctuation([path])
    assert all(fault.line >= 3 for fault in found)
    punctuation([path], fix=True)
    return len(found), path.read_text("utf8").removeprefix(head).removesuffix("\n")


def test_the_book_is_written_as_its_languages_are():
    assert [str(fault) for fault in punctuation()] == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("l'optimisation d'`Adam`", "l’optimisation d’`Adam`"),
        ('le "bruit" du gradient', f"le «{N}bruit{N}» du gradient"),
        ("le « bruit » du gradient", f"le «{N}bruit{N}» du gradient"),
        ("le «bruit» du gradient", f"le «{N}bruit{N}» du gradient"),
        ("une vallée : un fond", f"une vallée{N}: un fond"),
        ("une vallée: un fond", f"une vallée{N}: un fond"),
        ("le taux $\\eta$ : un pas", f"le taux $\\eta${N}: un pas"),
        ("**Terme** : sens", f"**Terme**{N}: sens"),
        ("Pourquoi ? Comment !", "Pourquoi? Comment!"),
        (f"un pas{N}; un autre", "un pas; un autre"),
        ("un pas , un autre .", "un pas, un autre."),
        ("un pas...", "un pas…"),
        ("un pas - le dernier - suffit", "un pas – le dernier – suffit"),
        ("il vaut 0.25 ou 3.5.", "il vaut 0,25 ou 3,5."),
        ("60 000 images", f"60{N}000 images"),
        ("60000 images", f"60{N}000 images"),
        ("95 % et 5%, {value}`x` %", f"95{N}% et 5{N}%, {{value}}`x`{N}%"),
        ("en 20 min et 30 s", f"en 20{N}min et 30{N}s"),
        ("la 2ème et la 1ère, les 3ièmes", "la 2e et la 1re, les 3es"),
        ("Fin. A chaque pas", "Fin. À chaque pas"),
        ("un  pas", "un pas"),
        ("un\u202fpas", f"un{N}pas"),
        ("```{plot} fig-a\n:alt: l'axe\nL'axe: x.\n```",
         f"```{{plot}} fig-a\n:alt: l’axe\nL’axe{N}: x.\n```"),
    ],
)  # fmt: skip
def test_french_is_mended(tmp_path, wrong, right):
    count, text = mended(tmp_path, "fr", wrong)
    assert count and text == right
    assert mended(tmp_path, "fr", right) == (0, right)


@pytest.mark.parametrize(
    "right",
    [
        "`l'axe : 0.5 ?` et $x = 0.5 ; y : z$, {cite:p}`a'b`",
        "$$\na : b ; 0.5\n$$",
        "Python 3.11, les sections 4.3 et 8.2, le §11.4, CC BY-SA 4.0",
        "à 12:30, voir https://example.org/a:b?c=0.5 et [là](a.html#b:c)",
        "- un\n- deux\n\n| a | b |\n| :- | -: |\n| 1 | 2 |",
        "```{list-table}\n* - a\n  - b\n```",
        "Jusqu’où? Le pas $t$ s’annule; l’an 2018, en 1964.",
        "```{code-cell} ipython3\nx = 'a : b ?'\n```",
        f"«{N}*learning rate*{N}», «{N}a{N}»",
        "(sec-a:b)=\n# Un titre",
    ],
)
def test_what_is_right_stays(tmp_path, right):
    assert mended(tmp_path, "fr", right) == (0, right)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Why ? Since : it", "Why? Since: it"),
        ("95 % of 60000, {value}`x` %", "95% of 60,000, {value}`x`%"),
        ("the ball’s “memory”", 'the ball\'s "memory"'),
        ("a step , another", "a step, another"),
    ],
)
def test_english_is_mended(tmp_path, wrong, right):
    count, text = mended(tmp_path, "en", wrong)
    assert count and text == right
    assert mended(tmp_path, "en", right) == (0, right)


def test_what_cannot_be_mended_is_named(tmp_path):
    path = tmp_path / "page.md"
    path.write_text('+++ {"lang": "fr"}\n\nun pas\n: un autre\n', "utf8")
    (fault,) = punctuation([path], fix=True)
    assert fault.line == 4 and fault.mended is None


def test_strings_of_a_program_keep_their_escapes(tmp_path):
    path = tmp_path / "words.py"
    path.write_text('W = {"en": "the axis : x", "fr": "l\'axe : {x}"}\n', "utf8")
    punctuation([path], fix=True)
    right = 'W = {"en": "the axis: x", "fr": "l’axe\\u00a0: {x}"}\n'
    assert path.read_text("utf8") == right
