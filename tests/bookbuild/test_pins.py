"""Pins renewed: what is chosen stays in its place, what it brings is listed after."""

import json
import shutil
import subprocess

import pytest

from bookbuild import ROOT
from bookbuild import pins as module
from bookbuild.environment import EnvironmentProblem
from bookbuild.pins import FILES, NODE, Change, changes, pins, renew, renewed

TEXT = """# The environment.
# the book
Sphinx==7.4.7
myst_nb==1.4.0
# the tests
pytest==9.0.0
# what these bring with them
babel==2.17.0
six==1.17.0
"""
RESOLVED = {
    "sphinx": "7.4.7",
    "myst-nb": "1.5.0",
    "pytest": "9.1.0",
    "babel": "2.17.0",
    "Zebra": "1.0",
    "attrs": "3.0",
}


def test_what_is_chosen_keeps_its_place_and_its_name():
    assert renewed(TEXT, RESOLVED) == (
        "# The environment.\n# the book\nSphinx==7.4.7\nmyst_nb==1.5.0\n"
        "# the tests\npytest==9.1.0\n# what these bring with them\n"
        "attrs==3.0\nbabel==2.17.0\nZebra==1.0\n"
    )


def test_a_package_without_a_version_is_named():
    with pytest.raises(EnvironmentProblem, match="pytest"):
        renewed(TEXT, {name: v for name, v in RESOLVED.items() if name != "pytest"})


def test_what_changed_is_said():
    found = changes("r.txt", pins(TEXT), pins(renewed(TEXT, RESOLVED)))
    assert [str(each) for each in found] == [
        "r.txt: attrs 3.0 (new)",
        "r.txt: myst_nb 1.4.0 → 1.5.0",
        "r.txt: pytest 9.0.0 → 9.1.0",
        "r.txt: six 1.17.0 (no longer needed)",
        "r.txt: Zebra 1.0 (new)",
    ]


def test_another_spelling_of_a_name_is_no_change():
    assert changes("r.txt", {"myst_nb": "1"}, {"Myst-NB": "1"}) == []


@pytest.fixture
def index(monkeypatch):
    """pip and npm answer as they do, without asking an index."""
    asked = []

    def run(command, **options):
        asked.append(command)
        names = command[command.index("-") + 1 :]
        report = [
            {"metadata": {"name": name, "version": version}}
            for name, version in [
                *((name.partition("=")[0].partition("<")[0], "99.1") for name in names),
                ("torch", "2.13.0+cpu"),
                ("nvidia-cublas-cu13", "1.0"),
                ("triton", "4.0"),
            ]
        ]
        return subprocess.CompletedProcess(command, 0, json.dumps({"install": report}))

    def npm(*words, root):
        asked.append(words)
        said = ["12.10.1", "12.2.3"] if "@12" in words[1] else "77.0.0"
        return subprocess.CompletedProcess(words, 0, json.dumps(said))

    monkeypatch.setattr(module.subprocess, "run", run)
    monkeypatch.setattr(module, "npm", npm)
    return asked


@pytest.fixture
def copy(tmp_path):
    (tmp_path / NODE).parent.mkdir(parents=True)
    for file in (*FILES, NODE, "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def test_a_trial_writes_nothing(index, copy):
    found = renew(copy, dry_run=True, say=list)
    before = pins((ROOT / FILES[0]).read_text())["numpy"]
    assert Change(FILES[0], "numpy", before, "99.1") in found
    for file in (*FILES, NODE):
        assert (copy / file).read_bytes() == (ROOT / file).read_bytes()


def test_what_is_held_is_asked_for_as_held(index, copy):
    found = renew(copy, say=list)
    asked = [word for words in index for word in words]
    assert "jupyter-book<2" in asked
    assert "torch==2.13.0" in asked
    assert "lighthouse@12" in asked
    after = json.loads((copy / NODE).read_text())["dependencies"]
    assert (after["lighthouse"], after["axe-core"]) == ("12.10.1", "77.0.0")
    text = (copy / FILES[0]).read_text()
    assert "torch==2.13.0\n" in text
    assert "nvidia" not in text
    assert "triton" not in text
    assert {change.file for change in found} == {*FILES, str(NODE)}
    assert ("update", "--package-lock-only") in [words[:2] for words in index]


@pytest.mark.parametrize("file", FILES)
def test_every_line_pins_one_version(file):
    lines = (ROOT / file).read_text("utf8").splitlines()
    assert module.BROUGHT in lines
    for line in lines:
        assert line.startswith("# ") or module.PIN.fullmatch(line), line
