"""The printed book: complete, in its language, its links alive, nothing cut."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from bookbuild import LANGUAGES
from bookbuild.addresses import addresses
from bookbuild.editions import output
from bookbuild.environment import EnvironmentProblem, find_browser
from bookbuild.exercises.leaks import texts
from bookbuild.printed.assemble import DanglingLink, assemble
from bookbuild.printed.browser import page_numbers
from bookbuild.printed.contents import contents
from bookbuild.printed.hyphens import divide
from bookbuild.printed.pdf import make
from bookbuild.private_words import patterns, search
from tests.bookbuild import small_book
from tests.letters import letters, squashed, text_of

LEFT, RIGHT = 1.05 * 72, (8.5 - 1.05) * 72  # points: the sides of the text
TOLERANCE = 2
HINT = """
```{exercise} Twice
:label: ex-twice

Go on.

:::{hint}
:class: dropdown
Halve it again.
:::
```
"""
WIDE = r"""
$$
a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t
+ a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t = 0
$$ (eq-wide)
"""
TALL = r"$\left|\frac{a}{b}\right|$" + "\n"
LONG = "total = " + " + ".join(f"number_{each:02d}" for each in range(14))
SLIDER = f"""
```{{code-cell}} ipython3
from ift6135_lib.interact import FloatSlider, explore

def draw(rate):
    fig, ax = plt.subplots()
    ax.plot([0, rate], [0, 1])
    return fig

explore(draw, "fig-move", rate=FloatSlider(0.5, 0, 1, 0.5, description="batch size"))
```

```{{code-cell}} ipython3
:tags: [skip-execution]

{LONG}
```
"""
PLACED = """
+++ {{"lang": "{lang}"}}

```{{plot}} fig-move
:alt: A line, {lang}.
{caption}
```
"""
CAPTIONS = {"en": "It moves.", "fr": "Elle bouge."}
TITLES = {
    "en": [
        "Home",
        "One",
        "4. Chapter",
        "4.1. Descent",
        "4.1.1. The rule",
        "Hints, solutions and answers",
        "Back",
        "Bibliography",
    ],
    "fr": [
        "Accueil",
        "Un",
        "4. Chapitre",
        "4.1. Descente",
        "4.1.1. La règle",
        "Indices, solutions et réponses",
        "Fin",
        "Bibliographie",
    ],
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    root = tmp_path_factory.mktemp("printed")
    page = small_book.write(root)
    text = page.read_text("utf8").rstrip("\n") + "\n"
    for lang in LANGUAGES:
        text += f'\n+++ {{"lang": "{lang}"}}\n{WIDE}{TALL}{HINT}'
    text += SLIDER + "".join(
        PLACED.format(lang=lang, caption=CAPTIONS[lang]) for lang in LANGUAGES
    )
    page.write_text(text, "utf8")
    small_book.build(root)
    return root


def print_aside(lang, browser, book):
    """Print in another thread: a test's Playwright may hold this one."""
    with ThreadPoolExecutor(1) as aside:
        options = {"root": book, "edition": output(lang, book), "say": list}
        return aside.submit(make, lang, browser, **options).result()


@pytest.fixture(scope="module", params=LANGUAGES)
def printed(request, book):
    lang = request.param
    path = print_aside(lang, find_browser(), book)
    return lang, path, PdfReader(path)


def outline(reader, items=None):
    for item in reader.outline if items is None else items:
        if isinstance(item, list):
            yield from outline(reader, item)
        else:
            yield item.title, reader.get_destination_page_number(item)


def test_the_bookmarks_are_the_contents_in_the_language(printed):
    lang, _, reader = printed
    assert [title for title, _ in outline(reader)] == TITLES[lang]


def test_a_bookmark_leads_to_its_heading(printed):
    _, _, reader = printed
    for title, page in outline(reader):
        assert squashed(title) in squashed(reader.pages[page].extract_text())


def test_title_and_language_are_declared(printed):
    lang, _, reader = printed
    assert reader.root_object["/Lang"] == f"{lang}-CA"
    expected = {"en": "Representation Learning", "fr": "Apprentissage de"}[lang]
    assert reader.metadata.title.startswith(expected)
    assert reader.root_object["/MarkInfo"]["/Marked"]


def test_every_internal_link_has_its_place(printed):
    _, path, reader = printed
    html = BeautifulSoup(path.with_suffix(".html").read_text("utf8"), "html.parser")
    wanted = {link["href"][1:] for link in html.select('a[href^="#"]')}
    assert len(wanted) > 8 and wanted <= set(page_numbers(reader))
    links = [
        note.get_object()["/Dest"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/Dest" in note.get_object()
    ]
    assert links and {str(each).lstrip("/") for each in links} == wanted


def test_the_contents_give_the_pages(printed):
    lang, _, reader = printed
    said = squashed(reader.pages[1].extract_text())
    for title, page in outline(reader):
        if title not in (TITLES[lang][1], TITLES[lang][6]):  # the parts
            assert f"{squashed(title)}{page + 1}" in said


def test_each_equation_has_its_number_once_at_the_right(printed):
    _, path, _ = printed
    html = BeautifulSoup(path.with_suffix(".html").read_text("utf8"), "html.parser")
    numbers = [each.get_text() for each in html.select(".eqno")]
    assert len(numbers) == 4
    at_right = "".join(each.letter for each in letters(path) if each.left > RIGHT - 40)
    for number in numbers:
        assert at_right.count(number) == 1, (number, at_right)


def test_no_letter_is_outside_the_text(printed):
    _, path, _ = printed
    found = list(letters(path))
    assert len(found) > 1000
    beyond = [
        each
        for each in found
        if each.left < LEFT - TOLERANCE
        or each.right > RIGHT + TOLERANCE
        or not 0 < each.bottom < each.top < 11 * 72
    ]
    assert beyond == []


def test_a_tall_bar_is_a_glyph_of_its_height(printed):
    _, path, _ = printed
    bars = [each for each in letters(path) if each.letter in "|∣"]
    tall = [each.top - each.bottom for each in bars]
    assert sum(12 < height < 20 for height in tall) == 2, tall


def test_no_line_of_code_is_cut(printed):
    _, path, _ = printed
    said = text_of(path)
    html = BeautifulSoup(path.with_suffix(".html").read_text("utf8"), "html.parser")
    lines = [
        line for pre in html.find_all("pre") for line in pre.get_text().split("\n")
    ]
    assert LONG in lines
    assert [line for line in lines if squashed(line) not in said] == []


def test_a_slider_stands_still_and_says_where_it_moves(printed):
    lang, path, _ = printed
    said = text_of(path)
    place = f"{lang}/{small_book.PAGE}.html#fig-move"
    assert said.count(place) == 1
    # in the code, which is English, and on no control
    assert said.count("batchsize") == 1 and "tailledelot" not in said


def test_what_is_folded_stands_at_the_end_of_its_chapter(printed):
    lang, _, reader = printed
    pages = dict(outline(reader))
    start, end = pages[TITLES[lang][5]], pages[TITLES[lang][6]]
    said = [squashed(page.extract_text()) for page in reader.pages]
    for words in ("Halveitagain", {"en": "Byinduction", "fr": "Parrécurrence"}[lang]):
        (page,) = (number for number, text in enumerate(said) if words in text)
        assert start <= page < end


def test_the_letters_are_embedded(printed):
    _, _, reader = printed
    fonts = [
        font.get_object()
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        assert font["/Subtype"] == "/Type0", font
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile2" in described


def test_it_does_not_say_where_it_was_made(printed):
    _, path, _ = printed
    said = [text for _, text in texts(path.name, path.read_bytes())]
    assert any("IFT6135" in text for text in said)
    wanted = patterns() | {"the book's folder": re.compile(re.escape(str(path.parent)))}
    assert [hit for text in said for hit in search(text, wanted)] == []


def test_a_link_that_leads_nowhere_is_refused(book, tmp_path):
    site = output("en", book)
    page = site / f"{small_book.PAGE}.html"
    text = page.read_text("utf8")
    try:
        page.write_text(text.replace("index.html#sec-chapter", "index.html#gone"))
        with pytest.raises(DanglingLink, match="gone"):
            assemble(contents("en", book), site, "en", addresses(book))
    finally:
        page.write_text(text, "utf8")


def test_without_a_browser_the_remedy_is_said(book):
    with pytest.raises(EnvironmentProblem, match="CHROMIUM"):
        print_aside("en", "/nowhere/chromium", book)


def test_words_are_divided_in_prose_only():
    html = "<section><p>apprentissage <code>apprentissage</code></p></section>"
    section = BeautifulSoup(html, "html.parser").section
    divide(section, "fr")
    assert "\u00ad" in section.p.contents[0] and "\u00ad" not in section.code.string
