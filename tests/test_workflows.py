"""The workflows: pinned, with no right they do not need, and every command exists."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bookbuild import ROOT
from bookbuild.__main__ import COMMANDS

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
PUBLISHES = {"publish": {"contents"}, "report": {"issues"}}  # what a job may write
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf8"), re.M))


def problems(path: Path, text: str) -> Iterator[str]:
    """What a workflow does that it should not."""
    found = yaml.safe_load(text)
    triggers = found[True]  # YAML reads « on » so
    if "pull_request_target" in triggers or "workflow_run" in triggers:
        yield "runs with the repository's rights on somebody else's code"
    if found.get("permissions") not in ({}, {"contents": "read"}):
        yield "the permissions at the top are wider than reading"
    if "concurrency" not in found:
        yield "has no concurrency"
    for line in text.splitlines():
        if "uses:" in line and not PINNED.search(line.strip().removeprefix("- ")):
            yield f"is not pinned by a commit with its version: {line.strip()}"
    for name, job in found["jobs"].items():
        rights = job.get("permissions", {})
        wider = {right for right, kind in rights.items() if kind != "read"}
        if wider - PUBLISHES.get(name, set()):
            yield f"{name} may write {sorted(wider)}"
        if "timeout-minutes" not in job:
            yield f"{name} has no time limit"
        for step in job["steps"]:
            yield from _step(name, step)


def _step(job: str, step: dict) -> Iterator[str]:
    options = step.get("with", {})
    if step.get("uses", "").startswith("actions/checkout@") and (
        options.get("persist-credentials") is not False
    ):
        yield f"{job} leaves its token in the clone"
    command = step.get("run", "")
    if re.search(r"\$\{\{(?!\s*matrix\.)", command):
        yield f"{job} writes an expression into a command: {command}"
    for target in re.findall(r"\bmake (\w+)", command):
        if target not in TARGETS:
            yield f"{job}: there is no `make {target}`"
    for name in re.findall(r"-m bookbuild (\w+)", command):
        if name not in COMMANDS:
            yield f"{job}: there is no `bookbuild {name}`"
    for script in re.findall(r"\.ci/([\w./-]+)", command):
        if not (ROOT / ".ci" / script).is_file():
            yield f"{job}: there is no .ci/{script}"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_safe_and_whole(path):
    assert [*problems(path, path.read_text("utf8"))] == []


def test_each_place_of_the_matrix_has_its_script():
    night = yaml.safe_load((FOLDER / "nightly.yml").read_text("utf8"))
    places = night["jobs"]["run"]["strategy"]["matrix"]["where"]
    assert places and all((ROOT / ".ci" / place).is_file() for place in places)


def test_the_test_workflow_has_node():
    assert "actions/setup-node@" in (FOLDER / "test.yml").read_text("utf8")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("  pull_request:", "  pull_request_target:", "somebody else's code"),
        ("  contents: read", "  contents: write", "wider than reading"),
        ("@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2", "@v4", "not pinned"),
        (" # v5.6.0", "", "not pinned"),
        ("    timeout-minutes: 60\n", "", "no time limit"),
        ("credentials: false", "credentials: true", "leaves its token"),
        ("bash .ci/run", "bash .ci/walk", "there is no .ci/walk"),
        ("bash .ci/run", "make everything", "no `make everything`"),
        ("bash .ci/run", "python3 -m bookbuild fly", "no `bookbuild fly`"),
        ("bash .ci/run", "echo ${{ secrets.KEY }}", "an expression into a command"),
        (
            "    timeout-minutes",
            "    permissions:\n      issues: write\n    timeout-minutes",
            "test may write",
        ),
    ],
)
def test_a_fault_of_each_kind_is_found(right, wrong, said):
    path = FOLDER / "test.yml"
    text = path.read_text("utf8")
    assert right in text
    found = [*problems(path, text.replace(right, wrong, 1))]
    assert any(said in problem for problem in found), found


def test_zizmor_finds_nothing():
    """A well-kept auditor of workflows; it looks at no network here."""
    program = Path(sys.executable).parent / "zizmor"
    said = subprocess.run(
        [program, "--offline", "--no-progress", "--quiet", ROOT / ".github"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("name", ["run", "colab", "newest", "report"])
def test_the_scripts_are_valid_bash(name):
    subprocess.run(["bash", "-n", ROOT / ".ci" / name], check=True)
