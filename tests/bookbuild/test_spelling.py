"""Spelling mistakes are found where a reader would meet them, and only there."""

from __future__ import annotations

import pytest
from hunspell import Hunspell

from bookbuild import LANGUAGES, ROOT
from bookbuild.prose import files, read
from bookbuild.spelling import DICTIONARIES, MODULES, knows, own_words, spelling

PAGE = """\
---
kernelspec: {name: python3, display_name: pythonne}
---

+++ {"lang": "en"}

(sec-wrng)=
# The gradient of $\\text{wrng}$ `wrng`

{cite:p}`wrng2020` says at https://wrng.org/wrng: Adam's [step](wrng.html), {WORD}.

```{plot} fig-wrng
:alt: A curve.
:name: wrng
The caption.
```

+++ {"lang": "fr"}

(sec-wrng)=
# Le gradient de $\\text{wrng}$ `wrng`

{cite:p}`wrng2020` dit, sur https://wrng.org/wrng : l’[étape](wrng.html), le *learning
rate* d’Adam, aujourd’hui, va-t-il, c’est-à-dire.

```{plot} fig-wrng
:alt: Une courbe.
:name: wrng
La légende.
```

```{code-cell} ipython3
wrng = "wrng"
def mistake_wrng():
    \"\"\"
    en: The sign is wrong.
    fr: Le signe est faux.
    \"\"\"
```
"""


def written(tmp_path, right: str = "", wrong: str = "") -> list[tuple[int, str]]:
    """The mistakes of the page, after one change: line and word."""
    text = PAGE.replace("{WORD}", "here")
    assert not right or text.count(right) == 1
    path = tmp_path / "page.md"
    path.write_text(text.replace(right, wrong) if right else text, "utf8")
    return [(found.line, found.word) for found in spelling([path], tmp_path)]


def test_the_book_has_no_spelling_mistake():
    assert len(files()) > 30
    assert [str(mistake) for mistake in spelling()] == []


def test_code_mathematics_addresses_and_keys_are_not_read(tmp_path):
    assert written(tmp_path) == []


@pytest.mark.parametrize(
    ("right", "wrong", "line", "word"),
    [
        ("# The gradient", "# The grandient", 8, "grandient"),
        ("[step](", "[stepp](", 10, "stepp"),
        ("here.", "colors.", 10, "colors"),
        ("A curve.", "A curvve.", 13, "curvve"),
        ("The caption.", "The captoin.", 15, "captoin"),
        ("# Le gradient", "# Le grandient", 21, "grandient"),
        ("l’[étape]", "l’[etape]", 23, "etape"),
        ("d’Adam,", "d’opptimiseur,", 24, "d’opptimiseur"),
        ("*learning\nrate*", "learning\nrate", 23, "learning"),
        ("Une courbe.", "Une coubre.", 27, "coubre"),
        ("La légende.", "La legende.", 29, "legende"),
        ("The sign is", "The singn is", 36, "singn"),
        ("Le signe est", "Le sinne est", 37, "sinne"),
    ],
)
def test_a_mistake_is_found_in_each_place(tmp_path, right, wrong, line, word):
    assert written(tmp_path, right, wrong) == [(line, word)]


def test_a_mistake_comes_with_its_place_and_suggestions(tmp_path):
    path = tmp_path / "page.md"
    path.write_text('+++ {"lang": "fr"}\n\nLe grandient.\n', "utf8")
    (mistake,) = spelling([path], tmp_path)
    assert str(mistake).startswith("page.md:3: grandient (")
    assert "gradient" in mistake.suggestions


def test_strings_of_the_programs_and_of_the_figures_are_read():
    read_in = {
        (path.name, prose.lang)
        for path in files()
        for prose in read(path)
        if prose.text.strip("\0\n ")
    }
    for name in (
        "common.toml",
        "colophon.toml",
        "words.py",
        "lexicon.csv",
        "edition-switch.html",
    ):
        assert {(name, "en"), (name, "fr")} <= read_in


@pytest.mark.parametrize("lang", LANGUAGES)
def test_own_words_are_sorted_and_needed(lang):
    words = own_words(lang)
    assert words == sorted(set(words))
    folder = ROOT / MODULES / DICTIONARIES[lang]
    bare = Hunspell("index", hunspell_data_dir=str(folder))
    assert [word for word in words if bare.spell(word)] == []


def test_compounds_and_elisions():
    assert knows("sous-ensembles", "fr") and knows("jusqu’à", "fr")
    assert not knows("peut-etre", "fr") and not knows("l’etape", "fr")
    assert knows("Nesterov's", "en") and not knows("Nesterof's", "en")
