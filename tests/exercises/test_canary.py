"""Nothing withheld is published: looked for in everything, and found when planted.

One small book has a withheld exercise and a practice one. Its site in both languages,
search index and sources included, its PDFs, its zips, its notebooks, its wheel, its
source distribution and its student notebooks are searched for the solution, the hidden
cases and their numbers.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from bookbuild import LANGUAGES, ROOT, editions
from bookbuild.editions import output
from bookbuild.environment import ensure_grading, find_browser
from bookbuild.exercises.leaks import scan, secrets
from bookbuild.exercises.private import required, term_seed
from bookbuild.exercises.reference import PUBLIC, inputs, namespace, numbers
from bookbuild.exercises.verify import exercises, verify
from bookbuild.notebooks import export
from bookbuild.offline import pack
from bookbuild.printed.pdf import make
from grading.assignment import choose
from grading.release import publish, release
from tests.bookbuild import small_book
from tests.exercises.classroom import PRIVATE
from tests.exercises.small_exercise import SECTION, WITHHELD, withheld_section

CHAPTER = Path(small_book.PAGE).parent.name
CANARY = "PRACTICE_CANARY_ca11"
HANDED_OUT = ("student notebooks", "student archives", "gradebook")


def practice() -> str:
    """A second exercise, whose solution is public."""
    body = SECTION[SECTION.index("+++") :].replace("step", "stride")
    body = body.replace("(sec-stride)=\n# Steps", "(sec-stride)=\n## Strides")
    body = body.replace("(sec-stride)=\n# Pas", "(sec-stride)=\n## Foulées")
    # what the two exercises share is public
    body = body.replace("0.1 * (case + 1)", "0.2 * (case + 2)")
    body = body.replace("torch.randn(2, 3,", "torch.randn(2, 4,")
    code = "    return theta - eta * g"
    return body.replace(code, f"    {CANARY} = theta - eta * g\n    return {CANARY}")


def publish_all(root: Path, text: str, grader: Path) -> Path:
    """Make everything that leaves the repository from one page; the private folder."""
    small_book.write(root)
    (root / f"{small_book.PAGE}.md").write_text(text, "utf8")
    private = root / "private"
    (private / CHAPTER).mkdir(parents=True)
    (private / CHAPTER / "step.py").write_text(WITHHELD, "utf8")
    (private / "seed.txt").write_text("the seed of a winter term\n", "utf8")
    written, errors = verify(private, root)
    assert errors == [] and written
    small_book.build(root)
    hand_out(root)
    export(root)
    build = [sys.executable, "-m", "build", "--sdist", "--no-isolation"]
    said = subprocess.run(
        [*build, "--outdir", str(root / "dist"), str(root)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    chosen = choose(exercises(root)[0], CHAPTER)
    released = release(chosen, grader, root)
    publish(chosen, released, LANGUAGES, root)
    return private


def hand_out(root: Path) -> None:
    """The book on paper and in a zip."""
    for lang in LANGUAGES:
        editions.publish(lang, root)
    assert len(list(pack(root))) == len(LANGUAGES)
    with ThreadPoolExecutor(1) as aside:  # another test's Playwright may hold this one
        for lang in LANGUAGES:
            aside.submit(make, lang, find_browser(), root=root, say=list).result()


def published(root: Path) -> dict[str, list[Path]]:
    """What is published, by kind."""
    made = root / "_build"
    sites = [output(lang, root) for lang in LANGUAGES]
    return {
        "site": sites,
        "search index": [site / "searchindex.js" for site in sites],
        "sources": [site / "_sources" for site in sites],
        "PDFs": sorted((made / "pdf").glob("*.pdf")),
        "zips": sorted((made / "offline").glob("*.zip")),
        "notebooks": sorted((made / "notebooks").rglob("*.ipynb")),
        "wheel": sorted((made / "notebooks").rglob("*.whl")),
        "source distribution": sorted((root / "dist").iterdir()),
        "student notebooks": sorted((made / "assignments").rglob("*.ipynb")),
        "student archives": sorted((made / "assignments").rglob("*.zip")),
        "gradebook": sorted((made / "grading").rglob("*.db")),
        "check": [root / "ift6135_lib"],
    }


@pytest.fixture(scope="module")
def grader():
    return ensure_grading()


@pytest.fixture(scope="module")
def book(tmp_path_factory, grader):
    root = tmp_path_factory.mktemp("book")
    private = publish_all(root, withheld_section() + practice(), grader)
    return root, private


@pytest.fixture(scope="module")
def careless(tmp_path_factory, grader):
    """The same book by an author who withholds nothing and answers in the starter."""
    text = SECTION.replace(
        "def step(theta, g, eta):\n    return theta - eta * g",
        WITHHELD.split("\n\n\ndef inputs")[0],
    )
    text = text.replace(
        "    raise Unanswered", f"    # {WITHHELD.split()[0]}\n    raise Unanswered"
    )
    root = tmp_path_factory.mktemp("careless")
    private = publish_all(root, text, grader)
    return root, private


def hidden_numbers(root: Path, private: Path) -> set[str]:
    (exercise,) = (each for each in exercises(root)[0] if each.id == "step")
    names = namespace(*required(exercise, private))
    drawn, public = (
        numbers(inputs(names, exercise, seed)) for seed in (term_seed(private), PUBLIC)
    )
    return drawn - public


def test_nothing_withheld_is_published(book):
    root, private = book
    wanted = secrets(private) | hidden_numbers(root, private)
    assert any("CANARY" in each for each in wanted) and len(wanted) > 50
    for kind, paths in published(root).items():
        assert paths, kind
        assert scan(wanted, paths) == [], kind


def test_a_practice_solution_is_in_the_book_and_in_no_notebook(book):
    root, _ = book
    kinds = published(root)
    pages = [site / f"{small_book.PAGE}.html" for site in kinds["site"]]
    for path in (*pages, *kinds["PDFs"], *kinds["zips"]):
        assert scan({CANARY}, [path]), path.name
    for kind in (
        "notebooks",
        "student notebooks",
        "student archives",
        "wheel",
        "check",
    ):
        assert scan({CANARY}, kinds[kind]) == [], kind


@pytest.mark.parametrize(
    "kind",
    ["site", "search index", "sources", "PDFs", "zips", "notebooks", *HANDED_OUT],
)
def test_the_search_finds_what_is_not_withheld(careless, kind):
    root, private = careless
    assert scan(secrets(private), published(root)[kind])


def test_the_section_s_notebooks_ask_and_check(book):
    """In the page's notebook the reader completes the starter, then asks check()."""
    root, _ = book
    for path in published(root)["notebooks"]:
        sources = [cell["source"] for cell in nbformat.read(path, 4).cells]
        for id_ in ("step", "stride"):
            asked = f'Unanswered("{id_}")'
            (starter,) = (n for n, text in enumerate(sources) if asked in text)
            assert f'check("{id_}", {id_})' in sources[starter + 1]


def test_the_book_itself_holds_no_secret_of_the_sample():
    wanted = set(secrets(PRIVATE))
    drawn = set()
    for exercise in exercises()[0]:
        names = namespace(*required(exercise, PRIVATE))
        seeds = (term_seed(PRIVATE), PUBLIC)
        hidden, public = (numbers(inputs(names, exercise, seed)) for seed in seeds)
        drawn |= hidden - public
    assert len(drawn) > 300 and any("CANARY" in secret for secret in wanted)
    places = [ROOT / name for name in ("ift6135_lib", "chapters", "back", "bookbuild")]
    places.append(ROOT / "_build" / "html")
    assert scan(wanted | drawn, places) == []


def test_a_planted_number_is_found(book, tmp_path):
    root, private = book
    number = min(hidden_numbers(root, private))
    for name in ("page.html", "04.ipynb"):
        (tmp_path / name).write_text(f'{{"cells": ["x = {number}"]}}', "utf8")
    assert len(scan(hidden_numbers(root, private), [tmp_path])) >= 2
