"""The two editions: same pages and anchors, each wholly in its language."""

import re
from html.parser import HTMLParser

import pytest

from bookbuild import LANGUAGES

from .conftest import CHAPTER_PAGES, PAGES, SITE, url

SILENT = {"script", "style", "code", "pre", "mjx-container"}
BILINGUAL = {"math", "lexicon", "citation", "citation-list", "reference"}
SPOKEN = {"title", "alt", "aria-label", "placeholder", "data-bs-title"}


class Text(HTMLParser):
    """What a reader can meet on a page: its words, and those of its attributes."""

    def __init__(self, lang: str):
        super().__init__()
        self.lang, self.words, self.ids, self.depth = lang, [], [], []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "id" in found:
            self.ids.append(found["id"])
        foreign = found.get("lang", self.lang) != self.lang
        classes = (found.get("class") or "").split()
        silent = tag in SILENT or foreign or BILINGUAL & {*classes}
        if tag not in ("meta", "link", "img", "input", "br", "hr", "source"):
            self.depth.append(bool(silent) or bool(self.depth and self.depth[-1]))
        if not silent and not (self.depth and self.depth[-1]):
            self.words += [found[name] for name in SPOKEN if found.get(name)]

    def handle_endtag(self, tag):
        if self.depth:
            self.depth.pop()

    def handle_data(self, data):
        if not (self.depth and self.depth[-1]) and data.strip():
            self.words.append(data)


def read(site, lang, page) -> Text:
    text = Text(lang)
    text.feed((site / lang / f"{page}.html").read_text("utf8"))
    return text


NAMES = re.compile(r"Tan (and|&) Le|Du\s+et\s+al")  # authors, not articles


def words(text: str) -> set[str]:
    text = NAMES.sub(" ", text)
    text = re.sub(r"https?://\S+|\S+\.(py|md|yml|ipynb)\b", " ", text.lower())
    return set(re.findall(r"[a-zà-ÿœ]+", text))


# frequent words of one language that the other does not have
ENGLISH = words(
    "the and with from this that which are was were has have been not each "
    "loss step steps learning rate weights batch search toggle show hide previous "
    "next contents download close open edit copy accuracy training update value "
    "saddle of is it to in by for we you your its than when where after"
)
FRENCH = words(
    "le la les des une est sont avec dans pour sur qui que ne cette ces du au aux "
    "perte taux apprentissage pas itération itérations exactitude entraînement "
    "suivant précédent sommaire chercher afficher masquer poids lot valeur tableau "
    "vous votre vos il elle nous leur chaque entre mais donc"
)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("lang", "foreign"), [("en", FRENCH), ("fr", ENGLISH)], ids=LANGUAGES
)
def test_no_word_of_the_other_language(site, lang, foreign, page):
    spoken = read(site, lang, page).words
    strangers = [text.strip() for text in spoken if words(text) & foreign]
    assert strangers == []


@pytest.mark.parametrize(("lang", "foreign"), [("en", FRENCH), ("fr", ENGLISH)])
def test_scripts_insert_no_word_of_the_other_language(visit, address, lang, foreign):
    tab = visit(url(address, lang, CHAPTER_PAGES[1]))
    labels = tab.evaluate(
        """() => [...document.querySelectorAll("[aria-label], [title]")]
        .filter((e) => !e.closest("[lang]:not(html), mjx-container, .reference"))
        .flatMap((e) => [e.ariaLabel, e.title]).filter(Boolean)"""
    )
    assert [label for label in labels if words(label) & foreign] == []


def test_a_copied_cell_says_it_as_in_quebec(visit, address):
    tab = visit(url(address, "fr", CHAPTER_PAGES[1]))
    button = tab.locator("button.copybtn").first
    button.scroll_into_view_if_needed()
    assert button.get_attribute("data-tooltip") == "Copier"
    button.evaluate("each => each.click()")
    tab.wait_for_function(
        "document.querySelector('button.copybtn').dataset.tooltip !== 'Copier'"
    )
    said = button.get_attribute("data-tooltip")
    assert said in ("Copié!", "Échec de la copie")
    # what it says where the copy fails, and where its tip is written out
    script = (SITE / "fr" / "_static" / "copybutton.js").read_text("utf8")
    french = script.partition("'fr' : {")[2].partition("}")[0]
    assert "'Copié!'" in french and "presse-papiers'" in french
    assert " !" not in french


@pytest.mark.parametrize("page", PAGES)
def test_same_anchors_in_both_editions(site, page):
    generated = re.compile(
        r"^(id\d+|index-\d+|search-|codecell\d+|equation-)|-[a-z][0-9a-f]{10}$"
    )
    anchors = {
        lang: [id_ for id_ in read(site, lang, page).ids if not generated.search(id_)]
        for lang in LANGUAGES
    }
    assert sorted(anchors["en"]) == sorted(anchors["fr"])
    assert any(anchor.startswith("sec-") for anchor in anchors["en"])


def test_code_cells_are_identical(site):
    for page in CHAPTER_PAGES:
        cells = [
            re.findall(
                r'<div class="cell_input.*?<pre>(.*?)</pre>',
                (site / lang / f"{page}.html").read_text("utf8"),
                re.DOTALL,
            )
            for lang in LANGUAGES
        ]
        assert cells[0] == cells[1]


def press_switch(tab) -> None:
    """Where it stands: Playwright's own click scrolls the page first."""
    box = tab.locator("a.edition-switch").bounding_box()
    assert 0 <= box["y"] < 60, "the switch is out of reach"
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_switch_lands_on_the_same_section(visit, address, site, scheme):
    base = address if scheme == "http" else site
    page = CHAPTER_PAGES[1]
    tab = visit(url(base, "en", page))
    sections = tab.evaluate(
        "[...document.querySelectorAll('article section section[id^=sec-]')]"
        ".map((section) => section.id)"
    )
    assert len(sections) >= 3
    target = sections[len(sections) // 2]
    tab.evaluate("id => document.getElementById(id).scrollIntoView()", target)
    tab.wait_for_timeout(100)
    press_switch(tab)
    tab.wait_for_url(re.compile(rf"/fr/{page}\.html#{target}$"))
    assert tab.evaluate("document.documentElement.lang") == "fr"
    top = tab.evaluate(
        "id => document.getElementById(id).getBoundingClientRect().top", target
    )
    assert -50 < top < 400
    press_switch(tab)
    tab.wait_for_url(re.compile(rf"/en/{page}\.html#{target}$"))
