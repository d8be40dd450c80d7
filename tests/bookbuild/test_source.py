"""The bilingual source: cells, the kept language, and the mistakes it can hold."""

from textwrap import dedent

import pytest

from bookbuild.check import check, check_file, sources
from bookbuild.source import SourceError, cells, keep_language

GOOD = dedent(
    """\
    ---
    kernelspec: {name: python3, display_name: Python 3}
    ---

    +++ {"lang": "en"}

    (sec-a)=
    # A title

    See {eq}`eq-a`, {cite:p}`key2020a` and {value}`loss`.

    $$
    a = b \\quad \\text{if so}
    $$ (eq-a)

    +++ {"lang": "fr"}

    (sec-a)=
    # Un titre

    Voir {eq}`eq-a`, {cite:p}`key2020a` et {value}`loss`.

    $$
    a = b \\quad \\text{si oui}
    $$ (eq-a)

    ```{code-cell} ipython3
    print("both")
    ```

    +++ {"lang": "en"}

    ```{plot} fig-a
    :alt: A line.
    A caption.
    ```

    +++ {"lang": "fr"}

    ```{plot} fig-a
    :alt: Une ligne.
    Une légende.
    ```
    """
)


def mistakes(tmp_path, text, name="page.md"):
    path = tmp_path / name
    path.write_text(text, "utf8")
    return check_file(path, tmp_path)


def test_cells_of_a_source():
    found = [(cell.kind, cell.lang) for cell in cells(GOOD)]
    pair = [("markdown", "en"), ("markdown", "fr")]
    assert found == [("markdown", None), *pair, ("code", None), *pair]


@pytest.mark.parametrize(
    ("lang", "kept", "gone"),
    [("en", "# A title", "# Un titre"), ("fr", "# Un titre", "# A title")],
)
def test_keep_language_blanks_the_other_lines(lang, kept, gone):
    text = keep_language(GOOD, lang)
    assert kept in text and gone not in text and 'print("both")' in text
    before, after = GOOD.split("\n"), text.split("\n")
    assert len(before) == len(after)
    assert all(new in (old, "") for old, new in zip(before, after, strict=True))


def test_a_good_source_has_no_mistake(tmp_path):
    assert mistakes(tmp_path, GOOD) == []


def test_a_code_fence_that_shows_markup_is_not_a_cell():
    shown = '+++ {"lang": "en"}\n\n```text\n+++ {"lang": "xx"}\n```\n'
    assert [cell.lang for cell in cells(shown)] == ["en"]


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ('+++ {"lang": "fr"}', "+++ {lang: fr}", 16, "not JSON"),
        ('+++ {"lang": "fr"}', '+++ {"lang": "de"}', 16, "unknown language 'de'"),
        ('+++ {"lang": "fr"}', '+++ "fr"', 16, "not a JSON object"),
        ("(sec-a)=\n# A title", "# A title", 7, "no label"),
        ("Voir {eq}`eq-a`,", "Voir", 16, "reference 'eq-a'"),
        (", {cite:p}`key2020a` et", " et", 16, "citation 'key2020a'"),
        ("et {value}`loss`", "", 16, "'loss'"),
        ("a = b \\quad \\text{si oui}", "a = c", 16, "equation 'a = b"),
        ("$$ (eq-a)\n\n```{code", "$$\n\n```{code", 16, "label 'eq-a'"),
        ("```{plot} fig-a\n:alt: Une", "```{plot} fig-b\n:alt: Une", 38, "fig-a"),
        ("# Un titre", "### Un titre", 16, "heading level 'h1'"),
        ("Une légende.", "```{code-cell}\n1\n```", 42, "code cell inside"),
    ],
)
def test_each_mistake_gives_its_file_and_line(tmp_path, old, new, line, problem):
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    if "code-cell" in new:
        text = text.replace("```{plot} fig-a\n:alt: Une", "````{plot} fig-a\n:alt: Une")
        text = text.rstrip() + "`\n"
    found = mistakes(tmp_path, text)
    assert any(problem in str(error) for error in found), [str(e) for e in found]
    error = next(error for error in found if problem in str(error))
    assert str(error.path) == "page.md" and error.line == line
    assert str(error).startswith(f"page.md:{line}: ") and error.remedy


def test_a_cell_without_its_pair(tmp_path):
    alone = '+++ {"lang": "en"}\n\n(a)=\n# A\n\n```{code-cell}\n1\n```\n\n'
    alone += '+++ {"lang": "fr"}\n\n(a)=\n# A\n'
    problems = [str(error) for error in mistakes(tmp_path, alone)]
    assert len(problems) == 2
    assert problems[0].startswith("page.md:1: this English cell is followed by a code")
    assert problems[1].startswith("page.md:10: this French cell does not follow")


def test_markdown_without_a_language(tmp_path):
    text = GOOD + "\n+++\n\nWords of nobody.\n"
    (error,) = mistakes(tmp_path, text)
    assert "without a language" in str(error)


def test_a_label_used_twice_in_the_book(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(GOOD, "utf8")
    found = check([tmp_path / "one.md", tmp_path / "two.md"], tmp_path)
    assert "the label 'sec-a' is used twice (one.md:7)" in str(found[0])
    assert found[0].path.name == "two.md"


def test_a_page_that_does_not_exist(tmp_path):
    (error,) = check([tmp_path / "chapters" / "absent.md"], tmp_path)
    assert "chapters/absent" in str(error) and "_toc.yml" in str(error)


def test_the_book_itself_has_no_mistake():
    paths = sources()
    assert len(paths) > 5
    assert [str(error) for error in check(paths)] == []


def test_bad_metadata_raise_when_cells_are_read():
    with pytest.raises(SourceError, match=r"x\.md:1: .*'lang': 'de'|unknown language"):
        cells('+++ {"lang": "de"}\n', "x.md")
