"""No published address is ever lost, in either edition."""

from __future__ import annotations

import json
import re

import pytest

from bookbuild import LANGUAGES
from bookbuild.anchors import LIST, known, lost, new, write
from bookbuild.references import refs_path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_published_address_leads_somewhere(site, lang):
    addresses = known()
    assert len(addresses) > 150
    ids: dict[str, set[str]] = {}
    for address in sorted(addresses):
        page, _, anchor = address.partition("#")
        if page not in ids:
            html = (site / lang / page).read_text("utf8")
            ids[page] = set(re.findall(r'\bid="([^"]+)"', html))
        assert not anchor or anchor in ids[page], f"{lang}/{address} is gone"


def test_new_addresses_are_in_the_list(site):
    assert new() == set(), "run `make anchors` and commit published_anchors.txt"


def test_a_lost_address_is_named(tmp_path):
    entry = {"kind": "section", "href": "a.html#sec-a", "text": "A"}
    other = {"kind": "section", "href": "a.html#sec-b", "text": "B"}
    for lang in LANGUAGES:
        path = refs_path(lang, tmp_path)
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"sec-a": entry, "sec-b": other}))
    assert write(tmp_path) == {"a.html#sec-a", "a.html#sec-b"}
    assert lost(tmp_path) == {"en": set(), "fr": set()}
    refs_path("fr", tmp_path).write_text(json.dumps({"sec-a": entry}))
    assert lost(tmp_path) == {"en": set(), "fr": {"a.html#sec-b"}}
    assert write(tmp_path) == set()  # and nothing is removed
    assert "a.html#sec-b" in (tmp_path / LIST).read_text("utf8")
