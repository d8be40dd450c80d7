"""Turns the bilingual sources of ``chapters/`` into the two editions of the book.

``python -m bookbuild --help`` lists the commands. Modules that run before the
environment exists (:mod:`bookbuild.__main__`, :mod:`bookbuild.environment`) use the
standard library only.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "fr")
