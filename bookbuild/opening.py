"""The two cells with which every exported notebook opens: where it is from, set-up."""

from __future__ import annotations

import textwrap
from string import Template

from bookbuild import LANGUAGES
from bookbuild.addresses import Addresses
from bookbuild.inline import Edition

WIDTH = 78
HEADER = {
    "en": Template(
        "*[$title]($page), from the executable notes of IFT6135, Representation "
        "Learning. [This notebook in French]($other).*\n\n"
        "*After the lecture notes of F. Wilhelmy, IFT6135, Mila, winter 2025. "
        "Code: MIT; text and figures: CC BY-SA 4.0.*"
    ),
    "fr": Template(
        "*[$title]($page), extrait des notes exécutables du cours IFT6135, "
        "Apprentissage de représentations. [Ce carnet en anglais]($other).*\n\n"
        "*D’après les notes de cours de F. Wilhelmy, IFT6135, Mila, hiver 2025. "
        "Code\u00a0: MIT; texte et figures\u00a0: CC BY-SA 4.0.*"
    ),
}
INSTALL = Template("""\
# $first
import importlib.util
import os

os.environ["IFT6135_LANG"] = "$lang"
if importlib.util.find_spec("ift6135_lib") is None:
    %pip install --quiet "ift6135-lib[data,live] @ $wheel"
    importlib.invalidate_caches()""")
DEVICE = Template("""\
from ift6135_lib.device import default_device

if default_device().type == "cpu":
    $cpu
else:
    $gpu""")
WORDS = {
    "en": {
        "first": "Set-up: run this cell first",
        "cpu": "Device: the processor. The whole notebook takes less than a "
        "minute on two cores.",
        "gpu": "Device: a graphics processor. Small examples take as long as on the "
        "processor; large ones are many times faster.",
        "cpu sizes": " Where a cell gives two sizes, by_device takes the small one; in "
        "Colab, Runtime > Change runtime type offers a graphics processor.",
        "gpu sizes": " Where a cell gives two sizes, by_device takes the large one.",
    },
    "fr": {
        "first": "Mise en place\u00a0: exécutez d’abord cette cellule",
        "cpu": "Appareil\u00a0: le processeur. Le carnet entier prend moins d’une "
        "minute sur deux cœurs.",
        "gpu": "Appareil\u00a0: un processeur graphique. Les petits exemples prennent "
        "autant de temps que sur le processeur; les grands vont bien plus vite.",
        "cpu sizes": " Là où une cellule donne deux tailles, by_device prend la "
        "petite; dans Colab, Exécution > Modifier le type d’exécution offre un "
        "processeur graphique.",
        "gpu sizes": " Là où une cellule donne deux tailles, by_device prend la "
        "grande.",
    },
}


def header(edition: Edition, published: Addresses) -> str:
    """The cell that leads to the published page and gives credit."""
    (other,) = set(LANGUAGES) - {edition.lang}
    return HEADER[edition.lang].substitute(
        title=edition.entry(f"doc:{edition.docname}", 1)["text"],
        page=published.page(edition.docname, edition.lang),
        other=published.colab(edition.docname, other),
    )


def install(lang: str, published: Addresses) -> str:
    """What sets the language, and installs the package if it is missing."""
    return INSTALL.substitute(
        first=WORDS[lang]["first"], lang=lang, wheel=published.wheel
    )


def setup(lang: str, published: Addresses, *, two_sizes: bool) -> str:
    """The cell that installs the package if it is missing and names the device.

    Args:
        lang: the notebook's language.
        published: where the wheel is.
        two_sizes: whether the notebook calls ``by_device``.
    """
    words = WORDS[lang]
    device = DEVICE.substitute(
        cpu=_print(words["cpu"] + words["cpu sizes"] * two_sizes),
        gpu=_print(words["gpu"] + words["gpu sizes"] * two_sizes),
    )
    return f"{install(lang, published)}\n\n{device}"


def _print(text: str) -> str:
    """The statement that prints a text, on lines that a notebook shows whole."""
    lines = textwrap.wrap(text, WIDTH - 10, drop_whitespace=False)
    strings = "\n".join(f'        "{line}"' for line in lines)
    return f"print(\n{strings}\n    )"
