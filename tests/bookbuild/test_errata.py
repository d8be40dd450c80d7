"""The errata: what the data file holds, and what is said of each mistake in it."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from bookbuild import LANGUAGES, ROOT
from bookbuild.check import content, sources
from bookbuild.errata import FILE, ErrataError, formulas, read
from bookbuild.source import cells

# numbers of the audit that were left out on purpose, each with its reason
LEFT_OUT: dict[str, str] = {}

GOOD = """\
[chapters]
04-optimization = { en = "Optimization", fr = "Optimisation" }

[[erratum]]
id = "E001"
documents = ["000", "002"]
where = { en = "the title", fr = "le titre" }
kind = "fact"
chapter = "04-optimization"
source = "Reddi & Kumar, 2018; Rosen et al., *This and that*, 1960"

[erratum.en]
said = 'It is $a$.'
right = 'It is $b \\text{ if even}$.'

[erratum.fr]
said = 'C’est $a$.'
right = 'C’est $b \\text{ si pair}$.'
"""
SECOND = GOOD[GOOD.index("[[erratum]]") :]


def problems(tmp_path, text: str) -> str:
    path = tmp_path / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf8")
    with pytest.raises(ErrataError) as raised:
        read(tmp_path)
    return str(raised.value)


def test_a_good_file(tmp_path):
    (tmp_path / "back").mkdir()
    (tmp_path / FILE).write_text(GOOD, "utf8")
    (entry,) = read(tmp_path).entries
    assert entry.anchor == "erratum-e001"
    assert entry.where == {"en": "the title", "fr": "le titre"}
    assert entry.sources[1] == "Rosen et al., *This and that*, 1960"
    assert (entry.label, entry.keys) == ("", ())


def test_a_book_without_errata(tmp_path):
    assert read(tmp_path).entries == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind =", "sort =", "E001: unknown field 'sort'"),
        ('kind = "fact"\n', "", "E001: the field 'kind' is missing"),
        ('id = "E001"\n', "", "entry 1, which has no id: the field 'id' is missing"),
        ('"E001"', '"E1"', "E1: an id is E and three digits"),
        ('["000", "002"]', '["003"]', "E001: documents are some of ['000'"),
        ('["000", "002"]', '["002", "000"]', "E001: documents are some of"),
        ('["000", "002"]', "[]", "E001: documents are some of"),
        ('"fact"', '"typo"', "E001: unknown kind 'typo': formula, fact"),
        ('r = "04-optimization"', 'r = "4"', "E001: unknown chapter '4'"),
        (', fr = "le titre"', "", "E001: 'where' has nothing in 'fr'"),
        ("said = 'C’est $a$.'\n", "", "E001: 'fr.said' is missing"),
        ("said = 'It is $a$.'", "said = ' '", "E001: 'en.said' is missing"),
        ("said = 'C’est", "dit = ''\nsaid = 'C’est", "E001: unknown field 'fr.dit'"),
        ("C’est $a$", "C’est $c$", "E001: 'fr.said' lacks the formula $a$"),
        ("C’est $a$", "C’est $a$, $c$", "E001: 'en.said' lacks the formula $c$"),
        ("Reddi &", "Reddi et", "E001: 'source' serves both languages"),
        ("Reddi &", "Reddi and", "E001: 'source' serves both languages"),
        ("source = ", 'label = " "\nsource = ', "E001: 'label' is empty"),
        (', fr = "Optimisation"', "", "'04-optimization' has no title in 'fr'"),
        ("[chapters]", "[books]", "unknown table [books]"),
        ("[chapters]", "[chapters", "this is not TOML"),
    ],
)
def test_a_mistake_is_named(tmp_path, old, new, said):
    assert old in GOOD
    assert said in problems(tmp_path, GOOD.replace(old, new, 1))


def test_ids_are_unique_and_go_up(tmp_path):
    assert "E001: this id is used twice" in problems(tmp_path, GOOD + SECOND)
    before = GOOD.replace("E001", "E002") + SECOND
    assert "E001: it comes after E002; ids go up" in problems(tmp_path, before)


def test_every_mistake_is_told_at_once(tmp_path):
    text = GOOD.replace('"fact"', '"typo"') + SECOND.replace("E001", "E3")
    assert len(problems(tmp_path, text).split("\n")) == 2


@pytest.fixture(scope="module")
def entries():
    return read(ROOT).entries


def test_no_number_is_missing(entries):
    found = [entry.id for entry in entries]
    last = int(found[-1][1:])
    assert last >= 86
    wanted = [f"E{n:03}" for n in range(1, last + 1)]
    assert found == [id_ for id_ in wanted if id_ not in LEFT_OUT]


def test_formulas_are_the_same_in_both_languages(entries):
    counted = Counter()
    for entry in entries:
        for text in (entry.said, entry.right):
            assert formulas(text["en"]) == formulas(text["fr"]), entry.id
            counted += formulas(text["en"])
    assert counted.total() > 100


def test_a_written_chapter_has_the_section_that_has_it_right(entries):
    pages = [path for path in sources() if path.parent.parent.name == "chapters"]
    written = {path.parent.name for path in pages}
    labels = {
        item.name
        for path in pages
        for cell in cells(path.read_text("utf8"), path)
        if cell.kind != "code"
        for item in content(cell)
        if item.kind == "label"
    }
    lacking = [e.id for e in entries if e.chapter in written and not e.label]
    unknown = [e.id for e in entries if e.label and e.label not in labels]
    assert (lacking, unknown) == ([], [])
    assert any(entry.chapter == "04-optimization" for entry in entries)


def test_french_typography(entries):
    wrong = re.compile(r"« |[^\u00a0]»|[^\u00a0:]:(?=\s|$)|\s[;!?]|'|\d\.\d|\d %")
    for entry in entries:
        for text in (entry.said["fr"], entry.right["fr"], entry.where["fr"]):
            prose = re.sub(r"\$[^$]+\$|§[\d.–]+|arXiv:\S+", "0", text)
            assert not wrong.search(prose), f"{entry.id}: {wrong.search(prose)}"


def test_nothing_of_the_audit_itself_is_published():
    text = (ROOT / FILE).read_text("utf8")
    assert not re.search(r"[\w.]+@[\w.]+\w|⟨|confidence|this machine", text)
    assert all(f"[erratum.{lang}]" in text for lang in LANGUAGES)
