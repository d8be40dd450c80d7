"""An entry is BibTeX, whatever its title holds; CITATION.cff is whole."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest
import yaml
from pybtex.database import parse_string

from bookbuild import ROOT
from bookbuild.citing import citation, source

FACTS = {
    "author": "IFT6135",
    "title": "Théorie & pratique_1 : 100 % de {l’œuvre}",
    "number": "4.5",
    "book": "Apprentissage de représentations",
    "version": "0.1.0",
    "source": "F.\u00a0Wilhelmy (Mila, 2025)",
    "url": "https://example.org/a_b/fr/chapters/04-x/a_b.html",
}
CFF_KEYS = """cff-version message title authors abstract commit contact date-released
doi identifiers keywords license license-url preferred-citation references repository
repository-artifact repository-code type url version"""
PAGE = "chapters/04-x/a_b"


def entry(bibtex: str):
    ((key, found),) = parse_string(bibtex, "bibtex").entries.items()
    return key, found


def test_the_entry_is_read_back():
    made = citation(FACTS, PAGE, "fr", 2020, date(2026, 11, 21))
    key, found = entry(made["bibtex"])
    assert re.fullmatch(r"[\w-]+", key) and found.type == "misc"
    assert found.fields["url"] == FACTS["url"], "an address has no escapes"
    assert found.fields["year"] == "2026"
    assert found.fields["title"] == r"{Théorie \& pratique\_1 : 100 \% de {l’œuvre}}"
    assert "modifié le 21 novembre 2026" in found.fields["note"]
    assert found.fields["howpublished"].endswith(", section 4.5")
    (author,) = found.persons["author"]
    assert str(author) == "{IFT6135}"


def test_without_a_date_the_year_of_publication():
    made = citation(FACTS | {"number": "4"}, PAGE, "fr", 2020, None)
    _, found = entry(made["bibtex"])
    assert found.fields["year"] == "2020"
    assert "modifié" not in made["bibtex"] + made["sentence"]
    assert found.fields["howpublished"].endswith(", chapitre 4")


def test_the_sentence_is_html():
    made = citation(FACTS, PAGE, "en", 2020, date(2026, 11, 21))
    assert "“Théorie &amp; pratique_1" in made["sentence"]
    assert "<cite>Apprentissage de représentations</cite>" in made["sentence"]
    assert "last changed on 21 November 2026" in made["sentence"]


@pytest.fixture
def cff() -> dict:
    return yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))


def check_people(people: list[dict]) -> None:
    assert people
    for person in people:
        entity = set(person) >= {"name"}
        assert entity or set(person) >= {"family-names", "given-names"}, person


def test_citation_file_has_what_its_format_requires(cff):
    assert set(cff) >= {"cff-version", "message", "title", "authors"}
    assert cff["cff-version"] == "1.2.0" and isinstance(cff["cff-version"], str)
    assert cff["type"] in ("software", "dataset")
    check_people(cff["authors"])
    for reference in cff["references"]:
        assert set(reference) >= {"type", "title", "authors"}
        check_people(reference["authors"])
    allowed = set(re.findall(r"[\w-]+", CFF_KEYS))
    assert set(cff) <= allowed


def test_citation_file_agrees_with_the_book(cff):
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    assert [author["name"] for author in cff["authors"]] == [config["author"]]
    assert cff["version"] == project["version"]
    assert cff["repository-code"] == config["repository"]["url"]
    assert "Wilhelmy" in source(ROOT)
