"""Figures, quoted numbers and their words, in both languages."""

import base64
import io
import re
import subprocess
import sys
import tomllib
from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from bookbuild.published import check as check_published
from ift6135_lib import catalogue, plot
from ift6135_lib.figures import draw
from ift6135_lib.svg import clean, compact_image, markup
from ift6135_lib.typography import localise

from .publishing import parse, published, texts  # noqa: F401

RED_BLIND = [  # Machado, Oliveira & Fernandes 2009, table 1, severity 1
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
]
GREEN_BLIND = [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881],
]


@pytest.fixture(autouse=True)
def style():
    with mpl.rc_context():
        plot.use_style()
        yield
    plt.close("all")


def figure(xlabel="learning rate", **settings):
    drawn, axes = plt.subplots()
    axes.plot([0, 0.5, 1], [1, 0.25, 0.125], label="training loss")
    axes.set(xlabel=xlabel, **settings)
    return drawn


# --- words -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("learning rate", "taux d’apprentissage"),
        ("learning rate 0.1", "taux d’apprentissage 0,1"),
        (r"learning rate $\eta = 0.1$", r"taux d’apprentissage $\eta = 0{,}1$"),
        ("loss: SGD (momentum 0.9)", "perte\u00a0: SGD (inertie 0,9)"),
        ("20 steps", "20 pas"),
        ("loss\niteration", "perte\nitération"),
        ("validation accuracy (%)", "exactitude de validation (%)"),
        (r"Adam, $\beta_1, \beta_2$", r"Adam, $\beta_1, \beta_2$"),
        ("0.5", "0,5"),
        ("1,000.5", "1\u00a0000,5"),
        ("50%", "50\u00a0%"),
        ("x", "x"),
        ("", ""),
    ],
)
def test_texts_are_said_in_french_and_kept_in_english(english, french):
    assert plot.translate(english, "fr") == french
    assert plot.translate(english, "en") == english


def test_french_may_put_the_numbers_in_another_order(monkeypatch):
    entries = {"{} of {} trials": "des {1} essais, {0}"}
    monkeypatch.setattr(catalogue, "catalogue", lambda: entries)
    assert plot.translate("3 of 9 trials", "fr") == "des 9 essais, 3"


def test_an_unknown_text_names_the_line_to_add():
    with pytest.raises(catalogue.UntranslatedLabel) as error:
        plot.translate('no "such" label 3', "fr")
    line = re.search(r'the line (.*") \(or', str(error.value))[1]
    assert list(tomllib.loads(line)) == ['no "such" label {}']
    assert "labels/common.toml" in str(error.value)
    assert catalogue.translate_live("no such label", "fr") == "no such label"


def test_the_chapter_s_own_file_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "04-optimization"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with pytest.raises(LookupError, match=r"labels/optimization\.toml"):
        plot.translate("no such label", "fr")


def test_an_unknown_language_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="'de'.*'en', 'fr'"):
        plot.translate("loss", "de")
    monkeypatch.setenv("IFT6135_LANG", "de")
    with pytest.raises(ValueError, match="IFT6135_LANG is 'de'"):
        catalogue.language()


def test_both_languages_of_an_entry_hold_the_same_variables():
    for english, french in catalogue.catalogue().items():
        assert catalogue.key(english) == english, f"{english!r} holds a number"
        wanted = english.count("{}")
        named = {int(number) for number in re.findall(r"\{(\d+)\}", french)}
        assert french.count("{}") == wanted or named == set(range(wanted)), english


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        ("-1.2e-05", "\u22121.2\u00a0×\u00a010⁻⁵", "\u22121,2\u00a0×\u00a010⁻⁵"),
        ("1e+10", "1\u00a0×\u00a010¹⁰", "1\u00a0×\u00a010¹⁰"),
        ("-0.00", "0.00", "0,00"),
        ("12,345.5", "12,345.5", "12\u00a0345,5"),
        ("95.3%", "95.3%", "95,3\u00a0%"),
        ("1375", "1375", "1375"),
        ("1e\u22125", "1\u00a0×\u00a010⁻⁵", "1\u00a0×\u00a010⁻⁵"),
    ],
)
def test_numbers_are_localise(number, english, french):
    assert (localise(number, "en"), localise(number, "fr")) == (english, french)


def test_names_with_digits_are_not_numbers():
    assert catalogue.key("L2 on mnist1d, 3x") == "L2 on mnist1d, 3x"
    assert localise("v1.5", "fr") == "v1.5"


def test_light_modules_import_no_plotting_library():
    modules = ["catalogue", "typography", "controls", "frames", "publish"]
    code = "import sys\n" + "".join(f"import ift6135_lib.{m}\n" for m in modules[:2])
    code += "print({'matplotlib', 'ipywidgets', 'IPython'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout.strip() == "set()", ran.stderr


# --- style -------------------------------------------------------------------


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return linear(colour) @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("background", ["#ffffff", "#121212", "#14181e"])
def test_every_colour_stands_out_from_the_page(background):
    for colour in plot.PALETTE:
        light, dark = sorted([luminance(colour), luminance(background)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, colour


def lab(rgb):
    xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ) @ np.clip(rgb, 0, 1)
    ratio = xyz / [0.9505, 1, 1.089]
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("seen", [np.eye(3), RED_BLIND, GREEN_BLIND])
def test_the_colours_stand_out_from_each_other(seen):
    grey = plot.PALETTE[-1]
    for one, other in combinations(plot.PALETTE, 2):
        distance = np.linalg.norm(
            lab(np.array(seen) @ linear(one)) - lab(np.array(seen) @ linear(other))
        )
        assert distance >= (9 if other == grey else 20), (one, other)


# --- figures -----------------------------------------------------------------


def test_a_figure_is_handed_over_in_both_languages(published):
    plot.show(figure(), "fig-a")
    handed = published["fig-a"]
    assert handed["kind"] == "figure"
    assert "learning rate" in texts(handed["en"]["svg"])
    assert "0.2" in texts(handed["en"]["svg"])
    assert "taux d’apprentissage" in texts(handed["fr"]["svg"])
    assert "0,2" in texts(handed["fr"]["svg"])
    assert not [t for t in texts(handed["fr"]["svg"]) if re.search(r"\d\.\d", t)]
    assert not plt.get_fignums()


def test_ticks_legends_titles_and_annotations_are_translated(published):
    drawn, axes = plt.subplots()
    axes.bar(["Adam", "momentum"], [1, 2], label="training loss")
    axes.legend(title="optimizer")
    axes.set_title("loss landscape")
    axes.annotate("start", (0, 1))
    drawn.suptitle("validation loss")
    plot.show(drawn, "fig-a")
    said = texts(published["fig-a"]["fr"]["svg"])
    for french in (
        "inertie",
        "perte d’entraînement",
        "optimiseur",
        "paysage de perte",
        "départ",
        "perte de validation",
    ):
        assert french in said


def test_data_are_left_as_they_stand(published):
    drawn, axes = plt.subplots()
    said = "To be, or 1.5 $not$ to be"
    plot.verbatim(axes.text(0, 0.5, said, family="monospace"))
    axes.set_xticks([0], ["quoth"])
    plot.verbatim(axes.xaxis)
    plot.show(drawn, "fig-a")
    for lang in ("en", "fr"):
        assert {said, "quoth"} <= set(texts(published["fig-a"][lang]["svg"]))


def test_data_say_their_language(published):
    drawn, axes = plt.subplots()
    plot.verbatim(axes.text(0, 0.5, "to be"), "en")
    axes.text(0, 0.2, "loss")
    axes.set_xticks([0, 1], ["quoth", "thee"])
    axes.set_xlabel("step")
    plot.verbatim(axes.xaxis, "en")
    plot.show(drawn, "fig-a")
    root = parse(published["fig-a"]["fr"]["svg"])
    marked = ["".join(g.itertext()) for g in root.iter() if g.get("lang") == "en"]
    assert sorted(marked) == ["quoth", "thee", "to be"]
    check_published(published["fig-a"] | {"kind": "figure"})


def test_drawing_in_french_leaves_the_figure_english(published):
    drawn = figure("learning rate 0.1")
    before = draw(drawn)
    plot.show(drawn, "fig-a")
    assert draw(drawn) == before


def test_every_missing_translation_is_named_at_once(published):
    drawn = figure("no such label", title="nor this one")
    with pytest.raises(catalogue.UntranslatedLabel) as error:
        plot.show(drawn, "fig-a")
    assert "no such label" in str(error.value) and "nor this one" in str(error.value)
    assert drawn.axes[0].get_xlabel() == "no such label"
    assert not published


def test_the_same_figure_gives_the_same_svg(published):
    plot.show(figure(), "fig-a")
    first = published["fig-a"]
    plot.show(figure(), "fig-a")
    assert published["fig-a"] == first


def test_the_svg_inherits_the_page(published):
    drawn = figure()
    drawn.axes[0].plot([0, 1], [0, 1], "o", color="black")
    plot.show(drawn, "fig-a")
    svg = published["fig-a"]["en"]["svg"]
    root = parse(svg)
    assert set(root.attrib) == {
        "viewBox",
        "fill",
        "stroke-linejoin",
        "font-family",
    }
    assert root.get("viewBox") == "0 0 460.8 259.2"
    assert "currentColor" in svg
    for element in root.iter():
        assert element.tag not in ("style", "metadata", "script")
        assert "style" not in element.attrib
        for value in element.attrib.values():
            assert value not in ("#000000", "#ffffff")
            for number in re.findall(r"\d+\.(\d+)", value):
                assert len(number) <= 4
    ids = {each.get("id") for each in root.iter() if each.get("id")}
    assert ids and all(name.startswith("fig-a-") for name in ids)
    references = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg))
    assert {one or other for one, other in references} == ids


def test_two_figures_share_no_id(published):
    plot.show(figure(), "fig-a")
    plot.show(figure(), "fig-b")
    ids = [
        set(re.findall(r' id="([^"]+)"', published[label]["en"]["svg"]))
        for label in ("fig-a", "fig-b")
    ]
    assert ids[0] and not ids[0] & ids[1]


def test_formulas_stay_text_but_for_accents_and_rare_symbols(published):
    drawn = figure(r"learning rate $\eta_t / \sqrt{\hat{v}}$")
    plot.show(drawn, "fig-a")
    svg = published["fig-a"]["en"]["svg"]
    (label,) = [text for text in texts(svg) if "learning" in text]
    assert label == "learning rate ηt/v"
    for text in parse(svg).iter("text"):
        assert not [span for span in text if span.get("font-family")]
        assert "\u0302" not in "".join(text.itertext())


def test_images_lose_nothing_and_no_grid_hides_them(published):
    pixels = np.random.default_rng(0).integers(0, 256, (7, 9)).astype("uint8")
    drawn, axes = plt.subplots()
    axes.imshow(pixels, cmap="gray", vmin=0, vmax=255)
    plot.show(drawn, "fig-a")
    (image,) = parse(published["fig-a"]["en"]["svg"]).iter("image")
    data = base64.b64decode(image.get("href").partition(",")[2])
    kept = np.array(Image.open(io.BytesIO(data)).convert("L"))
    assert kept.shape == pixels.shape  # not resampled; the colour map rounds by 1
    assert np.abs(kept.astype(int) - pixels).max() <= 1
    assert not any(line.get_visible() for line in axes.get_xgridlines())


@pytest.mark.parametrize("colours", [2, 256, 4000])
def test_compact_images_keep_every_pixel(colours):
    palette = np.random.default_rng(1).integers(0, 256, (colours, 3)).astype("uint8")
    pixels = palette[np.arange(64 * 64) % colours].reshape(64, 64, 3)
    buffer = io.BytesIO()
    Image.fromarray(pixels).convert("RGBA").save(buffer, "PNG")
    uri = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    short = compact_image(uri)
    assert len(short) <= len(uri)
    again = Image.open(io.BytesIO(base64.b64decode(short.partition(",")[2])))
    assert np.array_equal(np.array(again.convert("RGB")), pixels)


def test_a_drawing_too_heavy_for_a_page_is_refused(published):
    drawn = figure()
    points = np.random.default_rng(0).random((2, 20_000))
    drawn.axes[0].scatter(*points)
    with pytest.raises(ValueError, match=r"'fig-a' weighs \d+ kB.*rasterized=True"):
        plot.show(drawn, "fig-a")
    drawn, axes = plt.subplots()
    axes.scatter(*points, rasterized=True)
    plot.show(drawn, "fig-a")
    assert "image" in published["fig-a"]["en"]["svg"]


def test_a_text_that_leaves_the_picture_is_refused(published):
    drawn = figure()
    drawn.axes[0].text(0.9, 0.9, "learning rate, cut at the axes", clip_on=True)
    draw(drawn)
    drawn = figure()
    for _ in range(2):
        drawn.axes[0].plot([0, 1], [1, 1], label="momentum, learning rate 0.1")
    drawn.legend(ncols=3, loc="outside upper center")
    with pytest.raises(ValueError, match="leaves the picture by .*fewer columns"):
        plot.show(drawn, "fig-a")


@pytest.mark.parametrize("label", ["Fig-a", "fig_a", "fig a", "", "-a", None])
def test_a_label_must_be_an_address(label):
    with pytest.raises(ValueError, match="lower-case"):
        plot.show(figure(), label)


def test_a_live_figure_is_displayed_in_the_notebook_s_language(monkeypatch):
    shown = []
    monkeypatch.delenv("IFT6135_BOOK", raising=False)
    monkeypatch.setattr("IPython.display.display", shown.append)
    for lang in ("en", "fr"):
        monkeypatch.setenv("IFT6135_LANG", lang)
        plot.show(figure("no such label"), "fig-a")
    english, french = (Image.open(io.BytesIO(image.data)) for image in shown)
    assert english.size == french.size == (1280, 720)
    assert shown[0].width == 640
    assert english.tobytes() != french.tobytes()


def test_the_drawing_is_matplotlib_s_own(published):
    """Outlines, joined glyphs and shortened numbers put every mark where it was."""
    drawn = figure(r"$\hat{m} / \sqrt{v}$", xscale="log")
    with mpl.rc_context({"svg.hashsalt": "x", "svg.fonttype": "none"}):
        buffer = io.StringIO()
        drawn.savefig(buffer, format="svg")
    theirs = parse(re.sub(r"<!DOCTYPE[^>]*>", "", buffer.getvalue()))
    ours = parse(markup(clean(draw(drawn), "fig-a")))

    def places(root):
        return sorted(
            round(float(place), 0)
            for text in root.iter("text")
            for place in text.get("x", "").split()
        )

    assert places(ours) == places(theirs)


# --- numbers and sources -----------------------------------------------------


def test_a_number_is_handed_over_in_both_languages(published):
    plot.glue("final-loss", np.float64(0.0512), ".2f")
    plot.glue("best", "momentum")
    assert published["final-loss"] == {"kind": "value", "en": "0.05", "fr": "0,05"}
    assert published["best"] == {"kind": "value", "en": "momentum", "fr": "inertie"}


def test_a_live_number_is_printed(monkeypatch, capsys):
    monkeypatch.delenv("IFT6135_BOOK", raising=False)
    monkeypatch.setenv("IFT6135_LANG", "fr")
    plot.glue("final-loss", 0.0512, ".2f")
    assert capsys.readouterr().out == "final-loss: 0,05\n"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.nan])
def test_a_number_to_quote_is_finite(value):
    with pytest.raises(ValueError, match="finite"):
        plot.glue("final-loss", value)


class Model:
    """A model.

    With a long description.
    """

    # kept
    width = 3

    @staticmethod
    def update(x):
        """Move.

        Returns:
            More.
        """
        return x + 1  # kept too


def test_a_source_is_shown_without_docstrings_and_decorators():
    assert (
        plot.source_of(Model.update) == "def update(x):\n    return x + 1  # kept too"
    )
    assert plot.source_of(Model) == (
        "class Model:\n    # kept\n    width = 3\n\n    @staticmethod\n"
        "    def update(x):\n        return x + 1  # kept too"
    )


def test_a_source_is_shown_highlighted(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    plot.show_source(Model.update)
    assert shown[0]["text/markdown"].startswith("```python\ndef update(x):")
    with pytest.raises(TypeError):
        plot.show_source(3)
