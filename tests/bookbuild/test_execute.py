"""Notebooks run once, again when what they depend on changes, and fail with a line."""

from pathlib import Path

import pytest

from bookbuild.execute import ExecutionError, cache_path, cached, execute, fingerprint

HEAD = "---\nkernelspec: {name: python3, display_name: Python 3}\n---\n\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "ift6135_lib").mkdir()
    (tmp_path / "ift6135_lib" / "__init__.py").write_text("ANSWER = 41\n")
    (tmp_path / "requirements.txt").write_text("torch==1\n")
    return tmp_path


def page(book: Path, code: str) -> Path:
    path = book / "page.md"
    path.write_text(f"{HEAD}```{{code-cell}} ipython3\n{code}\n```\n", "utf8")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ift6135_lib/__init__.py", "ANSWER = 42\n"),
        ("ift6135_lib/labels.toml", '"a" = "b"\n'),
        ("requirements.txt", "torch==2\n"),
    ],
)
def test_the_fingerprint_follows_library_and_pins(book, name, text):
    before = fingerprint(book)
    assert fingerprint(book) == before
    (book / name).write_text(text)
    assert fingerprint(book) != before


def test_the_fingerprint_does_not_follow_prose(book):
    before = fingerprint(book)
    page(book, "1")
    (book / "README.md").write_text("words")
    assert fingerprint(book) == before


def test_a_notebook_runs_once_until_its_library_changes(book):
    path = page(book, "import ift6135_lib\nprint(ift6135_lib.ANSWER)")
    (first,) = execute([path], book)
    (second,) = execute([path], book)
    assert not first.cached and second.cached
    notebook, seconds = cached(path, book)
    assert notebook.cells[0].outputs[0].text == "41\n" and seconds > 0
    (book / "ift6135_lib" / "__init__.py").write_text("ANSWER = 42\n")
    (third,) = execute([path], book)
    assert not third.cached
    assert cached(path, book)[0].cells[0].outputs[0].text == "42\n"
    assert cache_path(book).parent.name == "cache"


def test_prose_does_not_run_the_notebook_again(book):
    path = page(book, "print(1)")
    execute([path], book)
    path.write_text(path.read_text("utf8") + "\nMore words.\n", "utf8")
    (run,) = execute([path], book)
    assert run.cached


def test_a_failing_cell_is_named(book):
    path = page(book, "1 / 0")
    with pytest.raises(ExecutionError, match=r"page\.md:\d+: .*failed") as caught:
        execute([path], book)
    assert "ZeroDivisionError" in str(caught.value)
    assert cached(path, book) is None


def test_kernels_know_that_they_make_the_book(book):
    path = page(book, "import os\nprint(os.environ['IFT6135_BOOK'])")
    execute([path], book)
    assert cached(path, book)[0].cells[0].outputs[0].text == "1\n"


def test_kernels_are_reached_through_files_which_no_other_program_can_take(book):
    app = "ipykernel.kernelapp import IPKernelApp\napp = IPKernelApp.instance()"
    path = page(book, f"from {app}\nprint(app.transport, app.ip)")
    execute([path], book)
    transport, address = cached(path, book)[0].cells[0].outputs[0].text.split()
    assert transport == "ipc"
    folder, name = Path(address).parent, Path(address).name
    assert not list(folder.glob(f"{name}*")), "left behind"
