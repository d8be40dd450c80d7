"""What the printed book says of itself, in both languages."""

from __future__ import annotations

from datetime import date
from string import Template

from babel.dates import format_date

LOCALES = {"en": "en_CA", "fr": "fr_CA"}
WORDS = {
    "en": {
        "subtitle": "The executable notes of IFT6135",
        "credit": "After the lecture notes of F. Wilhelmy, IFT6135, Mila, winter 2025",
        "version": "Version",
        "changed": "Last changed on",
        "licence": "Code: MIT. Text and figures: ",
        "site": (
            "The figures with sliders move, and each section opens as a notebook, "
            "on the site of the book:"
        ),
        "place": (
            "In this printed form hints, solutions and answers stand at the end of "
            "each chapter, and a figure with sliders shows its first position."
        ),
        "contents": "Contents",
        "answers": "Hints, solutions and answers",
        "interactive": "With its sliders, on the site: ",
        "hint": "hint",
        "solution": "solution",
        "answer": "answer",
        "and": "and",
        "colon": ": ",
        "page": "p.",
        "subject": "Executable lecture notes in deep learning",
    },
    "fr": {
        "subtitle": "Les notes exécutables du cours IFT6135",
        "credit": (
            "D’après les notes de cours de F. Wilhelmy, IFT6135, Mila, hiver 2025"
        ),
        "version": "Version",
        "changed": "Dernière modification le",
        "licence": "Code\u00a0: MIT. Texte et figures\u00a0: ",
        "site": (
            "Les figures à curseurs bougent, et chaque section s’ouvre comme un "
            "carnet, sur le site du livre\u00a0:"
        ),
        "place": (
            "Sous cette forme imprimée, les indices, les solutions et les réponses se "
            "trouvent à la fin de chaque chapitre, et une figure à curseurs montre sa "
            "première position."
        ),
        "contents": "Table des matières",
        "answers": "Indices, solutions et réponses",
        "interactive": "Avec ses curseurs, sur le site\u00a0: ",
        "hint": "indice",
        "solution": "solution",
        "answer": "réponse",
        "and": "et",
        "colon": "\u00a0: ",
        "page": "p.",
        "subject": "Notes de cours exécutables en apprentissage profond",
    },
}

TITLE_PAGE = Template("""\
<section id="title-page">
<p class="title">$title</p>
<p class="subtitle">$subtitle</p>
<p class="credit">$credit</p>
<div class="imprint">
<p>$version</p>
<p>$licence<a
href="https://creativecommons.org/licenses/by-sa/4.0/">CC BY-SA 4.0</a>.</p>
<p>$site <a href="$address">$address</a></p>
<p>$place</p>
</div>
</section>
""")


def written_date(day: date, lang: str) -> str:
    """A date as prose writes it: November 1, 2026; 1er novembre 2026."""
    text = format_date(day, "long", locale=LOCALES[lang])
    if lang == "fr" and day.day == 1:
        text = text.replace("1 ", "1er ", 1)
    return text
