"""Each page's buttons lead where they say: its source, its issues, its notebook."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from bookbuild import LANGUAGES, ROOT
from bookbuild.addresses import PUBLISHED_BRANCH, addresses, notebook_path
from bookbuild.notebooks import docname, sections

from .conftest import PAGES

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["repository"]
PUBLISHED = addresses(ROOT)
WITH_CODE = {docname(path) for path in sections()}
LINK = re.compile(r'<a\b[^>]*\bhref="(?P<href>[^"]+)"[^>]*>', re.DOTALL)


def links(site, lang: str, page: str, button: str) -> list[str]:
    html = (site / lang / f"{page}.html").read_text("utf8")
    return [
        unescape(link["href"])
        for link in LINK.finditer(html)
        if re.search(rf'class="[^"]*\b{button}\b', link[0])
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_edit_leads_to_the_source(site, lang):
    start = f"{CONFIG['url']}/edit/{CONFIG['branch']}/"
    for page in PAGES:
        (href,) = links(site, lang, page, "btn-source-edit-button")
        assert href == f"{start}{page}.md"
        assert (ROOT / href.removeprefix(start)).is_file()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_issue_names_the_page(site, lang):
    seen = set()
    for page in PAGES:
        (href,) = links(site, lang, page, "btn-source-issues-button")
        address, asked = href.split("?")
        assert address == f"{CONFIG['url']}/issues/new"
        asked = parse_qs(asked)
        html = (site / lang / f"{page}.html").read_text("utf8")
        heading = re.search(r"<h1>([^\n]*?)<a class", html)[1]
        heading = unescape(re.sub(r"<[^>]+>", "", heading))
        words = re.sub(r"^([\d.]+)\. ", r"\1 ", heading)
        assert asked["title"] == [words.strip()]
        assert PUBLISHED.page(page, lang) in asked["body"][0]
        assert ("vous attendiez" in asked["body"][0]) == (lang == "fr")
        seen.add(href)
    assert len(seen) == len(PAGES)


@pytest.mark.parametrize("page", ["genindex", "search"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_issue_of_a_page_without_source_is_in_its_language(site, lang, page):
    (href,) = links(site, lang, page, "btn-source-issues-button")
    asked = parse_qs(urlsplit(href).query)
    names = {"genindex": ("Index", "Index"), "search": ("Search", "Recherche")}
    assert asked["title"] == [names[page][LANGUAGES.index(lang)]]
    assert PUBLISHED.page(page, lang) in asked["body"][0]
    assert ("vous attendiez" in asked["body"][0]) == (lang == "fr")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_colab_opens_the_notebook_of_the_page_and_language(site, lang):
    """Where the notebooks are written is where the published branch has them."""
    for page in PAGES:
        found = links(site, lang, page, "colab-button")
        assert len(found) == (page in WITH_CODE), page
        if found:
            path = urlsplit(found[0]).path
            owner, name, blob, branch, folder, rest = path.removeprefix(
                "/github/"
            ).split("/", 5)
            assert f"https://github.com/{owner}/{name}" == CONFIG["url"]
            assert (blob, branch, folder) == ("blob", PUBLISHED_BRANCH, "notebooks")
            assert rest == str(notebook_path(page, lang))
            assert rest.startswith(f"{lang}/") and rest.endswith(".ipynb")
            exported = ROOT / "_build" / "notebooks"
            assert not exported.exists() or (exported / rest).is_file()
