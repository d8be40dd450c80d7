"""Every page of both editions: whole, offline, without errors, on any screen."""

import pytest

from bookbuild import LANGUAGES

from .conftest import CHAPTER_PAGES, PAGES, PHONE, url


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_is_whole(look, lang, page):
    tab = look(lang, page)
    assert tab.evaluate("document.documentElement.lang") == lang
    formulas = tab.locator(".math").count()
    assert tab.locator("mjx-container").count() >= formulas
    assert tab.locator("mjx-merror, .MathJax_Error").count() == 0
    for drawing in tab.locator("figure svg").all():
        box = drawing.bounding_box()
        assert box and box["width"] > 200 and box["height"] > 100
    assert "problematic" not in tab.content()
    assert tab.locator("main").inner_text().strip()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_the_disk(visit, site, lang):
    for page in CHAPTER_PAGES:
        tab = visit(url(site, lang, page))
        formulas = tab.locator(".math").count()
        assert tab.locator("mjx-container").count() >= formulas
        assert tab.locator("mjx-merror").count() == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dark_theme_changes_the_colours(visit, address, lang):
    page = url(address, lang, CHAPTER_PAGES[1])
    colours = []
    for scheme in ("light", "dark"):
        tab = visit(page, color_scheme=scheme)
        assert tab.evaluate("document.documentElement.dataset.theme") == scheme
        colours.append(
            tab.evaluate(
                """() => {
                const svg = document.querySelector("figure svg");
                const style = (e) => getComputedStyle(e);
                return [style(document.body).backgroundColor, style(svg).fill];
                }"""
            )
        )
    (light_page, light_ink), (dark_page, dark_ink) = colours
    assert light_page != dark_page and light_ink != dark_ink


@pytest.mark.parametrize(("lang", "query"), [("en", "momentum"), ("fr", "inertie")])
def test_search(visit, address, lang, query):
    tab = visit(f"{address}/{lang}/search.html?q={query}")
    tab.wait_for_selector("#search-results ul.search li a")
    found = tab.locator("#search-results ul.search li a").all_inner_texts()
    assert any(query.lower()[:6] in text.lower() for text in found), found


def test_the_front_door_follows_the_browser(visit, address):
    for locale, lang in (("fr-CA", "fr"), ("en-CA", "en"), ("de-DE", "en")):
        tab = visit(f"{address}/index.html", locale=locale)
        tab.wait_for_url(f"{address}/{lang}/index.html")


def test_an_outside_request_would_be_caught(chromium, address):
    """The negative control of every test above, on a page without its policy."""
    from .conftest import Watched

    watched = Watched(chromium.new_context(bypass_csp=True).new_page())
    tab = watched.open(url(address, "en", PAGES[0]))
    tab.evaluate("fetch('https://example.org/x').catch(() => {})")
    tab.wait_for_timeout(200)
    assert watched.outside == ["https://example.org/x"]
    assert watched.errors


@pytest.mark.parametrize("page", ["index.html", "404.html", "en/index.html"])
@pytest.mark.parametrize("base", ["served", "disk"])
def test_the_policy_refuses_what_is_not_the_book_s(chromium, address, site, base, page):
    """Requests, scripts and handlers put into the page do not run."""
    from .conftest import Watched

    root = address if base == "served" else site.as_uri()
    watched = Watched(chromium.new_context(locale="en").new_page())
    stopped = {}
    watched.page.on("requestfailed", lambda it: stopped.update({it.url: it.failure}))
    tab = watched.open(f"{root}/{page}")
    tab.evaluate(
        """() => {
          fetch("https://example.org/x").catch(() => {});
          new Image().src = "https://example.org/y.png";
          const script = document.createElement("script");
          script.textContent = "window.inside = true";
          document.body.append(script);
          const button = document.createElement("button");
          button.setAttribute("onclick", "window.inside = true");
          document.body.append(button);
          button.click();
          const remote = document.createElement("script");
          remote.src = "https://example.org/z.js";
          document.body.append(remote);
        }"""
    )
    tab.wait_for_timeout(200)
    assert {*watched.outside} == {*stopped}
    assert {*stopped.values()} == {"csp"}
    assert tab.evaluate("window.inside") is None
    refused = [error for error in watched.errors if "Content Security" in error]
    assert len(refused) >= 5, watched.errors


@pytest.mark.parametrize("page", CHAPTER_PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_formulas_fit_a_phone(visit, address, lang, page):
    """None has to be moved sideways."""
    tab = visit(url(address, lang, page), viewport=PHONE)
    tab.evaluate("document.fonts.ready.then(() => true)")
    beyond = tab.evaluate(
        """() => [...document.querySelectorAll("div.math")].map((block) => {
          const formula = block.querySelector("mjx-container");
          return [block.id, formula.scrollWidth - formula.clientWidth];
        }).filter(([, pixels]) => pixels > 1)"""
    )
    assert beyond == []


@pytest.mark.parametrize("page", CHAPTER_PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_formula_runs_into_its_number(look, lang, page):
    clashes = look(lang, page).evaluate(
        """() => [...document.querySelectorAll("div.math")].filter((block) => {
          const formula = block.querySelector("mjx-container mjx-math");
          const number = block.querySelector(".eqno");
          if (!formula || !number) return false;
          const a = formula.getBoundingClientRect();
          return a.right > number.getBoundingClientRect().left + 1;
        }).map((block) => block.id)"""
    )
    assert clashes == []
