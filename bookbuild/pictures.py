"""The HTML of a figure, with its sound where it has one, and of a slider."""

from __future__ import annotations

import json
from html import escape

WORDS = {
    "en": {
        "controls": "Controls of the figure",
        "play": "Play",
        "pause": "Pause",
        "sound": "Sound of the figure",
    },
    "fr": {
        "controls": "Commandes de la figure",
        "play": "Lecture",
        "pause": "Pause",
        "sound": "Son de la figure",
    },
}


def picture(label: str, kind: str, drawn: dict, alternative: str, lang: str) -> str:
    """A picture ready for the page.

    Args:
        label: the figure's label, with which every id starts.
        kind: "figure" or "slider".
        drawn: what :func:`ift6135_lib.publish.publish` handed over in one language.
        alternative: what is to be seen, for those who cannot see it.
        lang: the edition's language.

    Returns:
        HTML that stands still without its script.
    """
    svg = drawn["svg"].replace(
        "<svg ", f'<svg role="img" aria-label="{escape(alternative)}" ', 1
    )
    if kind == "figure":
        return f'<div class="picture">{svg}{_player(drawn, lang)}</div>'
    controls = "".join(_row(label, spec, lang) for spec in drawn["controls"])
    sentence = ""
    if drawn["sentence"]:
        sentence = (
            '<p class="slider-sentence" aria-live="polite">'
            f"{escape(drawn['sentence'])}</p>"
        )
    payload = drawn["payload"].replace("</", "<\\/").replace("<!--", "\\u003c!--")
    return (
        f'<div class="picture slider" data-slider="{drawn["encoding"]}">'
        f'<div class="slider-controls" role="group" hidden '
        f'aria-label="{WORDS[lang]["controls"]}">{controls}</div>'
        f"{svg}{sentence}"
        f'<script type="application/json" class="slider-data">{payload}</script>'
        "</div>"
    )


def _player(drawn: dict, lang: str) -> str:
    """A figure's sound, in the page itself: heard without network or script."""
    if "sound" not in drawn:
        return ""
    return (
        f'<audio controls preload="metadata" aria-label="{WORDS[lang]["sound"]}" '
        f'src="data:audio/wav;base64,{drawn["sound"]}"></audio>'
    )


def _row(label: str, spec: dict, lang: str) -> str:
    """One control with its label, and what it reads."""
    name = f"{label}-{spec['name']}"
    start, values = spec["start"], spec["values"]
    common = f'id="{name}" data-control="{start}"'
    heading = f'<label for="{name}">{escape(spec["label"])}</label>'
    if spec["kind"] == "checkbox":
        ticked = " checked" if start else ""
        control = f'<input type="checkbox" {common}{ticked}>'
        return f'<div class="slider-row slider-tick">{control}{heading}</div>'
    common += ' autocomplete="off"'  # which HTML does not allow on a checkbox
    if spec["kind"] == "select":
        options = "".join(
            f"<option{' selected' if number == start else ''}>{escape(value)}</option>"
            for number, value in enumerate(values)
        )
        control = f"<select {common}>{options}</select>"
        return f'<div class="slider-row">{heading}{control}</div>'
    readouts = escape(json.dumps(values, ensure_ascii=False))
    control = (
        f'<input type="range" min="0" max="{len(values) - 1}" step="1" '
        f'value="{start}" aria-valuetext="{escape(values[start])}" '
        f'data-values="{readouts}" {common}>'
        f'<output for="{name}" aria-live="off">{escape(values[start])}</output>'
    )
    button = _play_button(name, spec["label"], lang) if spec["play"] else ""
    return f'<div class="slider-row">{heading}{button}{control}</div>'


def _play_button(name: str, label: str, lang: str) -> str:
    colon = "\u00a0: " if lang == "fr" else ": "
    play, pause = (f"{WORDS[lang][word]}{colon}{label}" for word in ("play", "pause"))
    return (
        f'<button type="button" class="slider-play" data-play="{name}" '
        f'data-words="{escape(json.dumps([play, pause], ensure_ascii=False))}" '
        f'aria-label="{escape(play)}"></button>'
    )
