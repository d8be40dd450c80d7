"""Figures, sliders and numbers on a page, in both editions of a small book."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from bookbuild import LANGUAGES, ROOT
from bookbuild.fonts import CHARACTERS, write_fonts
from bookbuild.pictures import picture
from ift6135_lib.frames import unpack

from ..publishing import canonical, frame

HEAD = """---
jupytext:
  text_representation: {extension: .md, format_name: myst, format_version: 0.13}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
(sec-page)=
# Page

"""
GOOD = (
    HEAD
    + """```{code-cell} ipython3
import matplotlib.pyplot as plt
from ift6135_lib.interact import *
from ift6135_lib.plot import glue, show, show_source, use_style
use_style()

def draw(slope, kind="SGD", noise=False):
    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, slope], "o" if kind == "Adam" else "-", label=kind)
    axes.set(xlabel="learning rate", xlim=(0, 1), ylim=(-2, 2))
    axes.set_title(f"loss {slope:.1f}", loc="left")
    if noise:
        axes.legend()
    return figure

def describe(slope, kind, noise):
    return f"{kind}, learning rate {slope:.1f}"

glue("rate", 0.05, ".2f")
glue("many", 12345, ",d")
show_source(describe)
show(draw(1), "fig-still")
explore(draw, "fig-move", describe=describe,
        slope=FloatSlider(0.5, -1, 1, 0.5, "learning rate", play=True),
        kind=Dropdown(["SGD", "Adam"], description="optimizer"),
        noise=Checkbox(False, "noise"))
explore(draw, "fig-other", slope=IntSlider(1, 0, 1, description="step"))
```

See {numref}`fig-still`, {numref}`fig-move` and {ref}`fig-still`; {value}`rate`,
{value}`many`. They say *{fr}`la perte`*.

```{plot} fig-still
:alt: A line of rate {value}`rate` & "more" <here>.
The *still* figure of {value}`rate`.
```

```{plot} fig-move
:alt: A line that turns.
The moving figure.
```

```{plot} fig-other
:alt: Another line.
Another slider.
```
"""
)
BAD = (
    HEAD
    + """```{code-cell} ipython3
import matplotlib.pyplot as plt
from ift6135_lib.plot import glue, show
glue("rate", 0.05)
for name in ("fig-a", "fig-b", "fig-c"):
    show(plt.figure(), name)
show(plt.figure(), "fig-forgotten")
```

```{plot} fig-a
The figure a.
```

```{plot} fig-b
:alt: The figure b.
The figure b.
```

```{plot} fig-unknown
:alt: Nothing.
The figure.
```

```{plot} rate
:alt: Nothing.
The figure.
```

```{plot} fig-c
:alt: Of {value}`nobody`.
```

One line.
Two: {value}`unknown`.

{value}`fig-a`
"""
)
CONFIGURATION = {
    "extensions": ["myst_nb", "bookbuild.foreign", "bookbuild.outputs"],
    "html_theme": "basic",
    "numfig": True,
    "nb_execution_mode": "cache",
    "nb_execution_timeout": 120,
    "nb_execution_raise_on_error": True,
    "suppress_warnings": ["config.cache"],
}


def build(folder: Path, source: str, lang: str, builder: str = "html") -> str:
    """Build a book of one page; its warnings."""
    folder.mkdir(exist_ok=True)
    (folder / "index.md").write_text(source, "utf8")
    warnings = io.StringIO()
    output = folder / "out" / lang
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IFT6135_BOOK", "1")
        patch.setenv("PYTHONPATH", str(ROOT))
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                srcdir=folder,
                confdir=None,
                outdir=output / builder,
                doctreedir=output / "doctrees",
                buildername=builder,
                confoverrides={
                    **CONFIGURATION,
                    "language": lang,
                    "exclude_patterns": ["out"],
                    "nb_execution_cache_path": str(folder / "out" / "cache"),
                },
                status=None,
                warning=warnings,
            )
            app.build()
    return re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The good book in both languages: lang -> page."""
    folder = tmp_path_factory.mktemp("good")
    pages = {}
    for lang in LANGUAGES:
        assert build(folder, GOOD, lang) == ""
        pages[lang] = folder / "out" / lang / "html" / "index.html"
    return pages


@pytest.fixture(scope="module")
def pages(book):
    return {lang: path.read_text("utf8") for lang, path in book.items()}


class Ids(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.ids, self.inline, self.scripts = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "style" in attributes or tag == "style":
            self.inline.append(tag)
        if tag == "script":
            self.scripts.append(attributes.get("type"))


def figures(html: str) -> dict[str, str]:
    found = re.findall(r'<figure class="[^"]*plot[^"]*" id="([^"]+)">(.*?)</figure>',
                       html, re.DOTALL)  # fmt: skip
    return dict(found)


# --- the page ----------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_are_numbered_and_can_be_referred_to(pages, lang):
    assert list(figures(pages[lang])) == ["fig-still", "fig-move", "fig-other"]
    for number, label in enumerate(figures(pages[lang]), 1):
        assert f"Fig. {number}" in figures(pages[lang])[label]
    for label in ("fig-still", "fig-move"):
        assert f'href="#{label}"' in pages[lang]


def test_each_edition_has_its_language_and_the_same_addresses(pages):
    assert ">learning rate</text>" in pages["en"]
    assert ">taux d’apprentissage</text>" in pages["fr"]
    assert "learning rate" not in "".join(figures(pages["fr"]).values())
    drawn = re.compile(r"-(p|m|C\d+_\d+_)[0-9a-f]{10}$")  # matplotlib's hashes
    ids = [[name for name in Ids(html).ids if not drawn.search(name)]
           for html in pages.values()]  # fmt: skip
    assert ids[0] == ids[1] and "fig-move-slope" in ids[0]


def test_numbers_are_quoted_in_the_edition_s_way(pages):
    text = {lang: re.sub(r"<[^>]+>", "", html) for lang, html in pages.items()}
    assert "; 0.05,\n12,345." in text["en"]
    assert "; 0,05,\n12\u00a0345. They" in text["fr"]
    assert "The still figure of 0.05." in text["en"]
    assert "The still figure of 0,05." in text["fr"]


def test_words_of_another_language_say_which(pages):
    assert '<em><span lang="fr">la perte</span></em>' in pages["en"]


def test_the_alternative_text_is_the_picture_s_name(pages):
    still = figures(pages["fr"])["fig-still"]
    assert 'role="img"' in still
    assert (
        'aria-label="A line of rate 0,05 &amp; &quot;more&quot; &lt;here&gt;."' in still
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_places_share_an_id_and_nothing_is_inline(pages, lang):
    found = Ids("".join(figures(pages[lang]).values()))
    assert found.ids and len(found.ids) == len(set(found.ids))
    assert not found.inline
    assert found.scripts == ["application/json"] * 2
    assert all(re.match("fig-(still|move|other)-", name) for name in found.ids)


def test_the_source_is_highlighted_and_without_docstring(pages):
    assert '<span class="k">def</span>' in pages["en"]
    assert "highlight-python" in pages["en"]


def test_axis_labels_can_be_searched(book):
    index = (book["fr"].parent / "searchindex.js").read_text("utf8")
    assert "apprentissag" in index


def test_only_what_is_needed_is_loaded(book, pages):
    static = book["en"].parent / "_static"
    for name in ("explore.js", "explore.css", "figures.css", "figure-fonts.css"):
        assert (static / name).is_file()
        assert f"_static/{name}" in pages["en"]
    search = (book["en"].parent / "search.html").read_text("utf8")
    assert "explore.js" not in search


# --- mistakes ----------------------------------------------------------------


@pytest.fixture(scope="module")
def warnings(tmp_path_factory):
    return build(tmp_path_factory.mktemp("bad"), BAD, "en")


def line_of(text: str) -> int:
    return BAD[: BAD.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("```{plot} fig-a", "fig-a has no :alt: text"),
        ("```{plot} fig-b", ":alt: of fig-b repeats its caption"),
        ("```{plot} fig-unknown", "no code cell of this page made 'fig-unknown'"),
        ("```{plot} rate", "'rate' is a value: quote it with {value}`rate`"),
        ("```{plot} fig-c", ":alt: of fig-c quotes the unknown value 'nobody'"),
        ("```{plot} fig-c", "fig-c has no caption"),
        ("One line.", "{value}`unknown`: no code cell"),
        ("{value}`fig-a`", "it is a figure: place it with {plot} fig-a"),
    ],
)
def test_a_mistake_is_a_warning_with_its_line(warnings, place, said):
    (warning,) = (line for line in warnings.splitlines() if said in line)
    assert f"index.md:{line_of(place)}: WARNING:" in warning


def test_a_figure_that_is_never_placed_is_a_warning_at_its_cell(warnings):
    said = "never places the figure 'fig-forgotten'"
    (line,) = re.findall(rf"index\.md:(\d+): WARNING: the page {said}", warnings)
    assert line_of("```{code-cell}") <= int(line) <= line_of('"fig-forgotten"')


def test_there_are_no_other_warnings(warnings):
    assert len(warnings.strip().splitlines()) == 9


# --- beyond HTML -------------------------------------------------------------


@pytest.mark.parametrize("builder", ["latex", "text"])
def test_elsewhere_a_slider_is_its_default_picture(book, builder):
    folder = book["fr"].parents[3]
    build(folder, GOOD, "fr", builder)
    built = folder / "out" / "fr" / builder
    if builder == "text":
        assert "A line that turns." in (built / "index.txt").read_text("utf8")
    else:
        (svg,) = built.glob("fig-move*.svg")
        assert 'width="460.8pt"' in svg.read_text("utf8")
        assert "includegraphics" in next(built.glob("*.tex")).read_text("utf8")


def test_the_fonts_hold_what_figures_write(tmp_path):
    from fontTools.ttLib import TTFont

    written = write_fonts(tmp_path)
    assert sum(path.stat().st_size for path in written) < 250_000
    letters = set(TTFont(tmp_path / "DejaVuSans.woff2").getBestCmap())
    wanted = "aéÉœŒ«»’−×≤∇∑θηρβ₁⁻⁵…→‖ℓ"
    assert {ord(letter) for letter in wanted} <= letters <= set(CHARACTERS)
    assert "Bitstream" in (tmp_path / "DejaVu-LICENSE.txt").read_text("utf8")
    before = [path.stat().st_mtime_ns for path in written]
    assert [path.stat().st_mtime_ns for path in write_fonts(tmp_path)] == before


def test_data_cannot_close_its_script():
    drawn = {"svg": "<svg />", "sentence": "", "controls": []}
    drawn |= {"payload": '{"slots":[[0,"",["</script><!--"],0]]}', "encoding": "json"}
    html = picture("fig-a", "slider", drawn, "alt", "en")
    data = html.partition('class="slider-data">')[2].partition("</script>")[0]
    assert "<!--" not in data
    assert unpack(data, "json")["slots"][0][2] == ["</script><!--"]


# --- in a browser ------------------------------------------------------------

SERIALIZE = "s => new XMLSerializer().serializeToString(s.querySelector('svg'))"
SETTLED = "s => new Promise(d => requestAnimationFrame(() => setTimeout(d, 30)))"


@pytest.fixture
def visit(chromium, book):
    contexts, errors = [], []

    def visit(lang="en", **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: m.type == "error" and errors.append(m.text))
        page.goto(book[lang].as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()
    assert errors == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_script_makes_every_picture(visit, pages, lang):
    page = visit(lang)
    slider = page.locator("#fig-move .slider")
    html = figures(pages[lang])["fig-move"]
    data = {
        "svg": re.search(r"<svg.*?</svg>", html, re.DOTALL)[0],
        "payload": re.search(r'slider-data">(.*?)</script>', html, re.DOTALL)[1],
        "encoding": re.search(r'data-slider="(\w+)"', html)[1],
    }
    number = 0
    for step in range(5):
        slider.locator("input[type=range]").fill(str(step))
        for kind in range(2):
            slider.locator("select").select_option(index=kind)
            for noise in (False, True):
                slider.locator("input[type=checkbox]").set_checked(noise)
                slider.evaluate(SETTLED)
                assert slider.get_attribute("data-frame") == str(number)
                assert canonical(slider.evaluate(SERIALIZE)) == frame(data, number)
                number += 1
    assert number == 20


def test_the_keyboard_moves_a_slider_and_its_words(visit):
    page = visit("fr")
    slider = page.locator("#fig-move .slider")
    control = slider.get_by_label("taux d’apprentissage", exact=True)
    assert slider.locator("output").inner_text() == "0,50"
    control.focus()
    page.keyboard.press("End")
    assert slider.locator("output").inner_text() == "1,00"
    assert control.get_attribute("aria-valuetext") == "1,00"
    sentence = slider.locator(".slider-sentence")
    assert sentence.get_attribute("aria-live") == "polite"
    page.wait_for_timeout(400)
    assert sentence.inner_text() == "SGD, taux d’apprentissage 1,0"


def test_the_button_plays_to_the_end(visit):
    page = visit("fr")
    slider = page.locator("#fig-move .slider")
    button = slider.locator("button")
    assert "Lecture" in button.get_attribute("aria-label")
    button.click()
    assert "Pause" in button.get_attribute("aria-label")
    assert slider.locator(".slider-sentence").get_attribute("aria-live") == "off"
    page.wait_for_timeout(700)
    assert slider.locator("input[type=range]").input_value() == "4"
    assert "Lecture" in button.get_attribute("aria-label")
    button.click()  # again, from the start
    assert slider.locator("input[type=range]").input_value() == "0"
    button.click()  # stopped
    page.wait_for_timeout(600)
    assert slider.locator("input[type=range]").input_value() == "0"


def test_two_sliders_move_apart(visit):
    page = visit()
    other = page.locator("#fig-other .slider").evaluate(SERIALIZE)
    page.locator("#fig-move input[type=range]").fill("0")
    page.wait_for_timeout(100)
    assert page.locator("#fig-other .slider").evaluate(SERIALIZE) == other


def test_without_script_the_default_picture_stands(visit):
    page = visit(java_script_enabled=False)
    assert page.locator("#fig-move svg").is_visible()
    assert not page.locator("#fig-move .slider-controls").is_visible()
    assert page.locator("#fig-move .slider-sentence").is_visible()


def test_on_paper_the_controls_are_left_out(visit):
    page = visit()
    assert page.locator("#fig-move .slider-controls").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("#fig-move .slider-controls").is_visible()
    assert page.locator("#fig-move svg").is_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_shows_it_all(visit, lang):
    page = visit(lang, viewport={"width": 390, "height": 844})
    for figure in page.locator("figure.plot").all():
        assert figure.evaluate("f => f.scrollWidth <= f.clientWidth")
    for control in page.locator(".slider :is(input[type=range], select, button)").all():
        box = control.bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    for text in page.locator(".picture svg text").all():
        box = text.bounding_box()
        assert box["x"] >= -1 and box["x"] + box["width"] <= 391


def test_the_figure_takes_the_page_s_ink_and_letters(visit):
    page = visit()
    page.add_style_tag(content=":root { --pst-color-text-base: rgb(1, 2, 3); }")
    text = page.locator("#fig-still svg text").first
    assert text.evaluate("t => getComputedStyle(t).fill") == "rgb(1, 2, 3)"
    page.evaluate("document.fonts.ready.then(() => 1)")
    loaded = "[...document.fonts].filter(f => f.status === 'loaded').length"
    assert page.evaluate(loaded) >= 1
