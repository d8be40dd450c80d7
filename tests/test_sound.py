"""A signal becomes a WAV file, the file a player that needs nothing from elsewhere."""

import base64
import io
import math
import wave

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from bookbuild.pictures import picture
from bookbuild.policy import protect
from bookbuild.published import check
from ift6135_lib import plot
from ift6135_lib.sound import wav

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g /></svg>'
PAGE = '<!doctype html><html><head><meta charset="utf-8"></head><body>{}</body></html>'


def tone(seconds=0.25, rate=8000):
    return 0.5 * torch.sin(2 * math.pi * 440 * torch.arange(rate * seconds) / rate)


def test_the_file_holds_the_samples():
    signal = tone()
    with wave.open(io.BytesIO(wav(signal, 8000))) as file:
        assert file.getparams()[:4] == (1, 2, 8000, 2000)
        read = np.frombuffer(file.readframes(2000), "<i2") / 32767
    assert np.abs(read - signal.numpy()).max() <= 0.5 / 32767 + 1e-9


@pytest.mark.parametrize(
    ("signal", "rate", "message"),
    [
        ([0.0, 1.5], 8000, r"up to 1.5 .* \[-1, 1\]"),
        ([math.nan], 8000, "up to nan"),
        ([], 8000, r"shape \(0,\)"),
        ([[0.0]], 8000, r"shape \(1, 1\)"),
        ([0.0], 10, "rate is 10"),
    ],
)
def test_errors(signal, rate, message):
    with pytest.raises(ValueError, match=message):
        wav(signal, rate)


def heard(sound: str) -> dict:
    """A figure with a sound as a notebook hands it over."""
    svg = picture("fig-a", "figure", {"svg": DRAWING}, "alt", "en")
    assert "audio" not in svg
    return {"svg": DRAWING, "sound": sound}


def test_the_book_is_handed_the_figure_and_its_sound(monkeypatch):
    handed = {}
    monkeypatch.setenv("IFT6135_BOOK", "1")
    monkeypatch.setattr(
        plot, "publish", lambda label, kind, plain, **drawn: handed.update(drawn)
    )
    plot.show(plt.figure(), "fig-a", sound=wav(tone(), 8000))
    for lang in ("en", "fr"):
        assert base64.b64decode(handed[lang]["sound"]) == wav(tone(), 8000)
    check({"kind": "figure", **handed})
    with pytest.raises(ValueError, match="'fig-b' weighs"):
        plot.show(plt.figure(), "fig-b", sound=wav(tone(seconds=20), 8000))


def test_a_live_notebook_plays_it(monkeypatch):
    shown = []
    monkeypatch.delenv("IFT6135_BOOK", raising=False)
    monkeypatch.setattr("IPython.display.display", shown.append)
    plot.show(plt.figure(), "fig-a", sound=wav(tone(), 8000))
    plot.show(plt.figure(), "fig-b")
    assert [type(each).__name__ for each in shown] == ["Image", "Audio", "Image"]
    assert shown[1].data == wav(tone(), 8000)


@pytest.mark.parametrize(
    "sound",
    [
        '"><script>pwned(1)</script>',
        "AAAA",
        base64.b64encode(b"<svg onload=pwned(1)>      ").decode(),
        base64.b64encode(b"XXXX" + wav(tone(), 8000)[4:]).decode(),
        base64.b64encode(wav(tone(), 8000)).decode() + '" onerror="pwned(1)',
        base64.b64encode(wav(tone(seconds=20), 8000)).decode(),
        1,
    ],
)
def test_anything_else_is_refused(sound):
    drawn = heard(sound)
    with pytest.raises(ValueError, match="sound|base64|show"):
        check({"kind": "figure", "en": drawn, "fr": drawn})


@pytest.mark.parametrize(("lang", "name"), [("en", "Sound"), ("fr", "Son")])
def test_the_page_plays_it_from_the_disk_under_its_policy(
    chromium, tmp_path, lang, name
):
    drawn = heard(base64.b64encode(wav(tone(), 8000)).decode())
    path = tmp_path / "page.html"
    html = picture("fig-a", "figure", drawn, "alt", lang)
    path.write_text(protect(PAGE.format(html)), "utf8")
    context = chromium.new_context(java_script_enabled=True)
    page, errors = context.new_page(), []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(path.as_uri())
    player = page.locator("audio")
    page.wait_for_function("document.querySelector('audio').readyState >= 1")
    assert player.evaluate("a => a.duration") == pytest.approx(0.25, abs=0.01)
    assert player.get_attribute("aria-label").startswith(name)
    assert player.get_attribute("autoplay") is None
    context.close()
    assert errors == []
