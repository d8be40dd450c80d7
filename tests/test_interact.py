"""Sliders: their positions, and what the book's page receives."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from ift6135_lib import interact
from ift6135_lib.catalogue import UntranslatedLabel
from ift6135_lib.frames import unpack
from ift6135_lib.interact import (
    Checkbox,
    Dropdown,
    FloatLogSlider,
    FloatSlider,
    IntSlider,
    explore,
)
from ift6135_lib.plot import show, use_style

from .publishing import canonical, frame, parse, published, texts  # noqa: F401


@pytest.fixture(autouse=True)
def style():
    with mpl.rc_context():
        use_style()
        yield
    plt.close("all")


# --- controls ----------------------------------------------------------------


def test_a_float_slider_has_the_numbers_of_its_grid():
    control = FloatSlider(0.3, min=0, max=1, step=0.1)
    assert control.values == tuple(round(0.1 * k, 10) for k in range(11))
    assert control.values[control.start] == 0.3
    assert control.said("fr")[3] == "0,30"


def test_an_int_slider_has_whole_numbers():
    control = IntSlider(4, min=1, max=9, step=3, unit="steps")
    assert control.values == (1, 4, 7)
    assert all(isinstance(value, int) for value in control.values)
    assert control.said("en")[1] == "4\u00a0steps"
    assert control.said("fr")[1] == "4\u00a0pas"


def test_a_logarithmic_slider_takes_its_value_not_its_exponent():
    control = FloatLogSlider(0.01, min=-5, max=0, step=0.5)
    assert control.values[control.start] == 0.01
    np.testing.assert_allclose(np.diff(np.log10(control.values)), 0.5, rtol=1e-9)
    assert control.values[-1] == 1
    assert control.said("fr")[0] == "1\u00a0×\u00a010⁻⁵"
    assert FloatLogSlider(8, min=1, max=4, step=1, base=2).values == (2, 4, 8, 16)


def test_a_list_takes_texts_numbers_and_pairs():
    assert Dropdown(["SGD", "Adam"]).values == ("SGD", "Adam")
    assert Dropdown([1, 10], value=10).start == 1
    control = Dropdown([("momentum", 0.9), ("SGD", 0.0)], value=0.0)
    assert control.values[control.start] == 0.0
    assert control.said("fr") == ["inertie", "SGD"]


@pytest.mark.parametrize("ticked", [False, True])
def test_a_box_is_ticked_or_not(ticked):
    control = Checkbox(ticked)
    assert control.values[control.start] is ticked


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: FloatSlider(0.33, 0, 1, 0.1), r"value is 0\.33.*nearest is 0\.3"),
        (lambda: FloatSlider(2, 0, 1, 0.1), r"value is 2.*between 0(\.0)? and 1"),
        (lambda: IntSlider(0, 3, 1), "max is 1.*greater than min, 3"),
        (lambda: IntSlider(0, 0, 3, 0), "step is 0.*positive"),
        (lambda: FloatLogSlider(-2, -3, 0, 1), "value is -2"),
        (lambda: Dropdown([]), "options is empty"),
        (lambda: Dropdown(["SGD"], value="Adam"), r"'Adam'.*\['SGD'\]"),
    ],
)
def test_a_mistaken_control_says_what_is_accepted(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# --- what the page receives --------------------------------------------------


def lines(slope, kind="SGD", many=False):
    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, slope], marker="o" if kind == "Adam" else None, label=kind)
    for k in range(3 if many else 0):
        axes.plot([0, 1], [k, k], color="black")
    axes.set(xlabel="iteration", ylabel="loss", xlim=(0, 1), ylim=(-3, 3))
    axes.set_title(f"learning rate {slope:.1f}")
    axes.legend(loc="upper left")
    return figure


CONTROLS = {
    "slope": FloatSlider(0.5, -0.5, 0.5, 0.5, "learning rate", play=True),
    "kind": Dropdown(["SGD", "Adam"], description="optimizer"),
    "many": Checkbox(True, "noise"),
}


def describe(slope, kind, many):
    return f"{kind}, learning rate {slope:.1f}"


def test_every_position_is_the_figure_drawn_alone(published):
    explore(lines, "fig-a", **CONTROLS)
    number = 0
    for slope in CONTROLS["slope"].values:
        for kind in CONTROLS["kind"].values:
            for many in CONTROLS["many"].values:
                show(lines(slope, kind, many), "fig-a-still")
                for lang in ("en", "fr"):
                    still = published["fig-a-still"][lang]["svg"]
                    still = still.replace("fig-a-still-", "fig-a-")
                    assert frame(published["fig-a"][lang], number) == canonical(still)
                number += 1
    assert number == 12


def test_the_page_opens_at_the_default_position(published):
    explore(lines, "fig-a", describe=describe, **CONTROLS)
    handed = published["fig-a"]
    assert handed["kind"] == "slider"
    assert handed["en"]["start"] == (2 * 2 + 0) * 2 + 1
    assert "learning rate 0.5" in texts(handed["en"]["svg"])
    assert "taux d’apprentissage 0,5" in texts(handed["fr"]["svg"])
    assert handed["en"]["sentence"] == "SGD, learning rate 0.5"
    assert handed["fr"]["sentence"] == "SGD, taux d’apprentissage 0,5"


def test_there_is_a_sentence_for_each_position(published):
    explore(lines, "fig-a", describe=describe, **CONTROLS)
    slider = published["fig-a"]["fr"]
    sentences = unpack(slider["payload"], slider["encoding"])["sentences"]
    assert len(sentences) == 12
    assert sentences[0] == "SGD, taux d’apprentissage −0,5"
    assert sentences[-1] == "Adam, taux d’apprentissage 0,5"


def test_the_controls_are_translated(published):
    explore(lines, "fig-a", **CONTROLS)
    slope, kind, many = published["fig-a"]["fr"]["controls"]
    assert slope == {
        "name": "slope",
        "kind": "range",
        "label": "taux d’apprentissage",
        "values": ["−0,50", "0,00", "0,50"],
        "start": 2,
        "play": True,
    }
    assert (kind["kind"], kind["label"]) == ("select", "optimiseur")
    assert (many["kind"], many["label"], many["start"]) == ("checkbox", "bruit", 1)


def test_the_same_slider_is_the_same_twice(published):
    explore(lines, "fig-a", **CONTROLS)
    first = published["fig-a"]
    explore(lines, "fig-a", **CONTROLS)
    assert published["fig-a"] == first


def test_the_axes_stand_still_and_leave_room_for_every_label(published):
    def growing(power):
        figure, axes = plt.subplots()
        axes.plot([0, 1], [0, 10**power])
        axes.set(ylabel="loss", ylim=(0, 10**power))
        return figure

    explore(growing, "fig-a", power=IntSlider(0, 0, 4, description="step"))
    shared = box(published["fig-a"]["en"]["svg"])
    for power in (0, 4):
        show(growing(power), "fig-b")
        alone = box(published["fig-b"]["en"]["svg"])
        assert shared[0] >= alone[0] - 0.02 and shared[1] <= alone[1] + 0.02


def box(svg: str) -> tuple[float, float]:
    """The left and right of the only axes."""
    (clip,) = parse(svg).iter("clipPath")
    left, width = (float(clip[0].get(name)) for name in ("x", "width"))
    return left, left + width


def test_a_missing_translation_stops_the_book(published):
    with pytest.raises(UntranslatedLabel, match="no such sentence"):
        explore(
            lines,
            "fig-a",
            describe=lambda **values: "no such sentence",
            slope=IntSlider(1, 0, 1, description="step"),
        )
    with pytest.raises(UntranslatedLabel, match="no such control"):
        explore(lines, "fig-a", slope=IntSlider(1, 0, 1, description="no such control"))


def test_mistakes_are_named(published):
    with pytest.raises(ValueError, match="no control"):
        explore(lines, "fig-a")
    with pytest.raises(TypeError, match="slope is 3.*FloatSlider"):
        explore(lines, "fig-a", slope=3)
    with pytest.raises(TypeError, match="returned None.*must return the figure"):
        explore(lambda k: None, "fig-a", k=IntSlider(1, 0, 1, description="step"))
    with pytest.raises(ValueError, match="301 pictures"):
        explore(lines, "fig-a", slope=IntSlider(1, 0, 300))
    with pytest.raises(ValueError, match="lower-case"):
        explore(lines, "Fig", slope=IntSlider(1, 0, 1))


def test_no_figure_stays_open(published):
    explore(lines, "fig-a", slope=IntSlider(1, 0, 2, description="step"))
    assert not plt.get_fignums()


def test_the_module_offers_its_controls():
    assert set(interact.__all__) >= {"explore", "FloatSlider", "Dropdown", "Checkbox"}
