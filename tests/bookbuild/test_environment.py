"""What a bare machine is told, and what is installed on it."""

import subprocess
import sys

import pytest

from bookbuild import ROOT, environment
from bookbuild.__main__ import COMMANDS, action, parser
from bookbuild.environment import EnvironmentProblem, ensure, ensure_browser


def test_an_old_python_is_refused_with_a_command(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(EnvironmentProblem, match=r"3\.10\.4 is too old.*python3\.11"):
        ensure()


def test_commands_need_nothing_installed():
    """The first command runs on a Python without any package."""
    code = "import sys, bookbuild.__main__, bookbuild.environment; print(*sys.modules)"
    run = [sys.executable, "-S", "-c", code]
    said = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    roots = {name.split(".")[0] for name in said.stdout.split()}
    foreign = roots - set(sys.stdlib_module_names) - {"bookbuild", "__main__"}
    assert foreign == set()


def test_help_lists_every_command():
    said = subprocess.run(
        [sys.executable, "-m", "bookbuild", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for command in ("book", "test", "check", "serve", "notebooks", "bench", "clean"):
        assert command in said


def test_an_argument_nobody_knows_is_refused():
    said = subprocess.run(
        [sys.executable, "-m", "bookbuild", "book", "--laguage", "fr"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 2
    assert "--laguage" in said.stderr


def test_what_pytest_is_told_is_passed_on():
    arguments, others = parser().parse_known_args(["test", "--durations=5", "-x"])
    assert (arguments.command, others) == ("test", ["--durations=5", "-x"])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_function(command):
    assert action(command).__name__ == command


def test_make_help_lists_every_target():
    said = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for target in ("book", "test", "serve", "notebooks", "bench", "clean"):
        assert target in said


def test_a_missing_browser_is_named_with_its_command(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    with pytest.raises(
        EnvironmentProblem, match="apt-get install chromium|brew|winget"
    ):
        ensure_browser()


@pytest.fixture
def pip(monkeypatch, tmp_path):
    """A machine without GPU; records what pip is asked and fails on what it is told."""
    (tmp_path / "requirements.txt").write_text("torch==2.13.0\nnumpy==2\n")
    asked, fails = [], set()

    def fake(python, *arguments, root, quiet=False):
        asked.append(arguments)
        return int(arguments in fails)

    monkeypatch.setattr(environment, "_pip", fake)
    monkeypatch.setattr(environment, "has_nvidia_gpu", lambda: False)
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path, asked, fails


def test_without_a_gpu_the_cpu_build_comes_first(pip):
    root, asked, fails = pip
    environment._install_torch(root)
    assert asked == [("torch==2.13.0+cpu",)]
    asked.clear()
    fails |= {
        ("torch==2.13.0+cpu",),
        ("torch==2.13.0+cpu", "--index-url", environment.TORCH_CPU_INDEX),
    }
    environment._install_torch(root)
    assert asked[-1] == ("torch==2.13.0",) and len(asked) == 3
    fails.add(("torch==2.13.0",))
    with pytest.raises(EnvironmentProblem, match=r"torch==2\.13\.0 could not"):
        environment._install_torch(root)


def test_with_a_gpu_the_general_build_is_taken(pip, monkeypatch):
    root, asked, _ = pip
    monkeypatch.setattr(environment, "has_nvidia_gpu", lambda: True)
    environment._install_torch(root)
    assert asked == [("torch==2.13.0",)]


def test_npm_packages_are_installed_once_and_again_when_the_pins_change(
    tmp_path, monkeypatch
):
    folder = tmp_path / "tests" / "site"
    (folder / "node_modules").mkdir(parents=True)
    (folder / "package-lock.json").write_text("1")
    ran = []

    def npm(command, *, cwd, **_):
        ran.append((command[3], cwd))
        return environment.subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(environment.subprocess, "run", npm)
    for pins, runs in (("1", 1), ("1", 1), ("2", 2)):
        (folder / "package-lock.json").write_text(pins)
        environment.ensure_node_packages(tmp_path)
        assert ran == [("ci", folder)] * runs


def test_npm_packages_that_cannot_be_installed_are_said(tmp_path, monkeypatch):
    (tmp_path / "tests" / "site").mkdir(parents=True)
    (tmp_path / "tests" / "site" / "package-lock.json").write_text("1")
    failed = environment.subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(environment.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(EnvironmentProblem, match=r"package-lock\.json could not"):
        environment.ensure_node_packages(tmp_path)
