"""Sliders in the built pages: they move without a kernel, at once, for everyone."""

import re

import pytest

from bookbuild import LANGUAGES

from .conftest import CHAPTER_PAGES, PHONE, SITE, url

SLIDER = ".slider[data-slider]"
BUDGET = 300_000  # bytes of one slider's HTML
CHANGES = 600  # of the page by one move: what is painted in one frame of the screen

MOVE = """([slider, value]) => {
  const control = slider.querySelector("input[type=range]");
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
    () => setTimeout(() => done(slider.querySelector("svg").outerHTML), 0))));
}"""
COUNT = """async (slider) => {
  const control = slider.querySelector("input[type=range]");
  let count = 0;
  const seen = new MutationObserver((records) => { count += records.length; });
  seen.observe(slider, { attributes: true, characterData: true, childList: true,
    subtree: true });
  const counts = [];
  for (let k = 0; k <= +control.max; k++) {
    count = 0;
    control.value = (k * 7) % (+control.max + 1);
    control.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
    counts.push(count);
  }
  return counts;
}"""


def with_sliders() -> list[str]:
    return [
        page
        for page in CHAPTER_PAGES
        if (SITE / "en" / f"{page}.html").exists()
        and "data-slider" in (SITE / "en" / f"{page}.html").read_text("utf8")
    ]


def test_the_chapter_has_sliders(site):
    assert len(with_sliders()) >= 4


@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_slider_changes_its_picture(visit, address, site, lang, scheme):
    for page in with_sliders():
        tab = visit(url(address if scheme == "http" else site, lang, page))
        for slider in tab.query_selector_all(SLIDER):
            control = slider.query_selector("input[type=range]")
            if control is None:
                continue
            start = control.get_attribute("value")
            last = control.get_attribute("max")
            other = "0" if start != "0" else last
            default = tab.evaluate(MOVE, [slider, start])
            moved = tab.evaluate(MOVE, [slider, other])
            assert moved != default, f"{page}: the picture does not change"
            output = slider.query_selector("output").inner_text()
            assert output == control.get_attribute("aria-valuetext")
            again = tab.evaluate(MOVE, [slider, start])
            assert again == default, f"{page}: not the same picture when moved back"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_move_changes_little_of_the_page(visit, address, lang):
    for page in with_sliders():
        tab = visit(url(address, lang, page))
        for slider in tab.query_selector_all(SLIDER):
            if slider.query_selector("input[type=range]"):
                counts = tab.evaluate(COUNT, slider)
                print(page, max(counts))
                assert 0 < max(counts) <= CHANGES, page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_keyboard_moves_a_slider_and_its_sentence(visit, address, lang):
    page = next(page for page in with_sliders() if page.endswith("momentum"))
    tab = visit(url(address, lang, page))
    slider = tab.query_selector(SLIDER)
    before = slider.query_selector(".slider-sentence").inner_text()
    slider.query_selector("input[type=range]").focus()
    for _ in range(3):
        tab.keyboard.press("ArrowLeft")
    tab.wait_for_timeout(600)
    assert slider.query_selector(".slider-sentence").inner_text() != before


def test_controls_are_labelled_and_large_enough(visit, address):
    for page in with_sliders():
        tab = visit(url(address, "fr", page), viewport=PHONE, has_touch=True)
        for control in tab.query_selector_all(f"{SLIDER} :is(input, select, button)"):
            name = control.get_attribute("aria-label") or tab.evaluate(
                "e => e.labels && e.labels[0] && e.labels[0].innerText", control
            )
            assert name and name.strip()
            box = control.bounding_box()
            assert box["height"] >= 24 and box["x"] + box["width"] <= PHONE["width"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_slider_is_light(site, lang):
    sizes = [
        len(slider.encode())
        for page in with_sliders()
        for slider in re.findall(
            r'<div class="picture slider".*?</figure>',
            (site / lang / f"{page}.html").read_text("utf8"),
            re.DOTALL,
        )
    ]
    assert len(sizes) >= 4
    assert max(sizes) <= BUDGET


def test_without_scripts_the_default_picture_stands(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(url(address, "en", with_sliders()[0]))
    assert tab.locator(f"{SLIDER} svg").first.is_visible()
    assert not tab.locator(".slider-controls").first.is_visible()
    context.close()


def test_french_readouts_have_decimal_commas(site):
    for page in with_sliders():
        html = (site / "fr" / f"{page}.html").read_text("utf8")
        readouts = re.findall(r"<output[^>]*>([^<]*)</output>", html)
        assert not [text for text in readouts if re.search(r"\d\.\d", text)]
