"""Dates come from the whole history of git, or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date

import pytest

from bookbuild.history import changes, written


def git(root, *command: str, day: str = "2026-03-01") -> None:
    dates = {f"GIT_{who}_DATE": f"{day}T12:00:00" for who in ("AUTHOR", "COMMITTER")}
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(
        ["git", *identity, *command], cwd=root, env=os.environ | dates, check=True
    )


@pytest.fixture
def book(tmp_path):
    """Two pages, changed on two days."""
    root = tmp_path / "book"
    root.mkdir()
    (root / "_toc.yml").write_text("root: index\nchapters:\n  - file: one\n")
    (root / "index.md").write_text("a")
    (root / "one.md").write_text("a")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / "one.md").write_text("b")
    git(root, "commit", "-qam", "second", day="2026-11-21")
    return root


def test_each_page_has_its_own_day(book):
    assert changes(book) == {"index": date(2026, 3, 1), "one": date(2026, 11, 21)}


def test_a_page_not_committed_has_no_day(book):
    (book / "_toc.yml").write_text("root: index\nchapters:\n  - file: new\n")
    (book / "new.md").write_text("a")
    assert changes(book) == {"index": date(2026, 3, 1)}


def test_a_shallow_clone_has_no_day(book, tmp_path):
    git(tmp_path, "clone", "-q", "--depth", "1", book.as_uri(), "shallow")
    assert changes(tmp_path / "shallow") == {}


def test_a_zip_has_no_day_even_inside_another_repository(book):
    inside = book / "unpacked"
    inside.mkdir()
    for name in ("_toc.yml", "index.md", "one.md"):
        shutil.copy(book / name, inside)
    git(book, "add", "-A")
    git(book, "commit", "-qm", "vendored")
    assert changes(inside) == {}
    shutil.rmtree(book / ".git")
    assert changes(book) == {}


def test_no_git_no_day(book, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert changes(book) == {}


def test_dates_are_in_words():
    assert written(date(2026, 11, 21), "en") == "21 November 2026"
    assert written(date(2026, 11, 21), "fr") == "21 novembre 2026"
    assert written(date(2026, 8, 1), "fr") == "1er août 2026"
    assert written(date(2026, 8, 1), "en") == "1 August 2026"
