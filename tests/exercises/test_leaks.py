"""The search for leaks finds a secret wherever it is; a vain search is refused."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import zipfile
import zlib

import pytest

from bookbuild import ROOT
from bookbuild.exercises.guard import guard
from bookbuild.exercises.leaks import scan, secrets
from tests.exercises.small_exercise import WITHHELD, write_private

SECRET = "theta - eta * hidden_momentum_of_the_term"


def in_archive(kind):
    def write(path):
        if kind == "zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("module/solution.py", SECRET)
            return
        with tarfile.open(path, "w:gz") as archive:
            entry = tarfile.TarInfo("sdist/solution.py")
            entry.size = len(SECRET)
            archive.addfile(entry, io.BytesIO(SECRET.encode()))

    return write


def spans(text: str) -> str:
    return " ".join(f'<span class="n">{word}</span>' for word in text.split())


PLANTED = {
    "page.html": lambda path: path.write_text(f"<pre>{spans(SECRET)}</pre>"),
    "entities.html": lambda path: path.write_text(SECRET.replace("-", "&#45;")),
    "notebook.ipynb": lambda path: path.write_text(
        json.dumps({"cells": [{"source": [SECRET[:9], SECRET[9:]]}]})
    ),
    "metadata.ipynb": lambda path: path.write_text(
        json.dumps({"metadata": {"nbgrader": {"note": SECRET}}})
    ),
    "output.ipynb": lambda path: path.write_text(
        json.dumps({"cells": [{"outputs": [{"text": SECRET.replace(" ", "\n")}]}]})
    ),
    "_sources.txt": lambda path: path.write_text(SECRET.replace(" ", "\n   ")),
    "package.whl": in_archive("zip"),
    "edition.zip": in_archive("zip"),
    "source.tar.gz": in_archive("tar"),
    "objects.inv": lambda path: path.write_bytes(
        b"# zlib.\n" + zlib.compress(SECRET.encode())
    ),
    "book.pdf": lambda path: path.write_bytes(
        b"%PDF\nstream\n" + zlib.compress(SECRET.encode()) + b"\nendstream"
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_secret_is_found(tmp_path, name):
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "clean.html").write_text("theta - eta * momentum")
    assert scan({SECRET}, [folder]) == []
    PLANTED[name](folder / name)
    found = scan({SECRET}, [folder])
    assert found and all(name in place for place, _ in found)


def test_a_canary_is_found_as_a_word_of_the_search_index(tmp_path):
    index = tmp_path / "searchindex.js"
    index.write_text('Search.setIndex({"terms":{"secret_canary_f00d":0}})')
    assert scan({"SECRET_CANARY_f00d"}, [index])


def test_a_vain_search_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(ValueError, match="nothing to look for"):
        scan({" "}, [tmp_path])
    with pytest.raises(ValueError, match="nowhere to look"):
        scan({SECRET}, [tmp_path / "absent"])


def test_the_secrets_of_a_folder(tmp_path):
    private = write_private(tmp_path, seed="a seed of this term")
    found = secrets(private)
    assert {"SECRET_CANARY_f00d", "HIDDEN_CANARY_beef"} <= found
    assert "new_point = theta - eta * g" in found and "a seed of this term" in found
    # the hints of mistakes travel with check(); names of parameters are public
    assert not any("climbs" in secret or "def step" in secret for secret in found)


@pytest.fixture
def clone(tmp_path):
    """A repository with a private folder that git ignores, and the hook."""
    private = write_private(tmp_path, seed="a seed of this term")

    def git(*arguments):
        command = ["git", "-C", str(tmp_path), *arguments]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    git("init", "--quiet")
    git("config", "user.email", "a@example.org")
    git("config", "user.name", "A")
    (tmp_path / ".gitignore").write_text("private/\n")
    (tmp_path / "page.md").write_text("Nothing to hide.\n")
    git("add", ".")
    return tmp_path, private, git


def test_the_guard_lets_a_clean_commit_through(clone):
    root, private, _ = clone
    assert guard(private, root) == []


def test_the_guard_refuses_a_private_file(clone):
    root, private, git = clone
    git("add", "--force", "private/seed.txt")
    (problem,) = [each for each in guard(private, root) if "private folder" in each]
    assert "git rm --cached private/seed.txt" in problem
    # also where the folder in use has another name
    assert guard(root / "elsewhere", root)


def test_the_guard_refuses_a_repeated_solution(clone):
    root, private, git = clone
    (root / "page.md").write_text("Thus\n\n    new_point = theta - eta *  g\n")
    git("add", ".")
    (problem,) = guard(private, root)
    assert "page.md repeats" in problem


def test_git_refuses_the_commit(clone):
    root, _, git = clone
    hooks = root / "hooks"
    hooks.mkdir()
    hook = (ROOT / ".githooks" / "pre-commit").read_text()
    assert "python3 -m bookbuild guard" in hook
    # the guard of this repository, on that one
    code = (
        "from pathlib import Path; import sys; "
        "from bookbuild.exercises.guard import guard; "
        f"found = guard(Path({str(root / 'private')!r}), Path({str(root)!r})); "
        "print(*found, file=sys.stderr); sys.exit(bool(found))"
    )
    call = f"env PYTHONPATH='{ROOT}' '{sys.executable}' -c \"{code}\""
    text = hook.replace("python3 -m bookbuild guard", call)
    (hooks / "pre-commit").write_text(text)
    (hooks / "pre-commit").chmod(0o755)
    git("config", "core.hooksPath", str(hooks))
    assert git("commit", "--quiet", "-m", "clean").returncode == 0
    (root / "page.md").write_text(WITHHELD)
    git("add", ".")
    refused = git("commit", "--quiet", "-m", "leak")
    assert refused.returncode != 0 and "CANARY" in refused.stderr
    git("checkout", "--quiet", "HEAD", "page.md")
    git("add", "--force", "private")
    assert git("commit", "--quiet", "-m", "leak").returncode != 0
