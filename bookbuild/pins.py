"""Renews every pin: the book's packages, those that grade, the site tests' from npm.

``pyproject.toml`` says under ``[tool.pins]`` which ones are held, and where.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bookbuild import ROOT
from bookbuild.environment import EnvironmentProblem, npm

PIN = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>\S+)")
BROUGHT = "# what these bring with them"
# what only a build of torch for NVIDIA's GPUs asks for
CUDA = re.compile(r"(nvidia|cuda|triton)(-|$)")
FILES = "requirements.txt", "requirements-grading.txt"
NODE = Path("tests/site/package.json")


@dataclass(frozen=True)
class Change:
    """A pin before and after; None where there is none."""

    file: str
    name: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.file}: {self.name} {self.after} (new)"
        if self.after is None:
            return f"{self.file}: {self.name} {self.before} (no longer needed)"
        return f"{self.file}: {self.name} {self.before} → {self.after}"


def canonical(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, str]:
    """Each pinned package's version, by the name written."""
    return dict(match.group("name", "version") for match in PIN.finditer(text))


def changes(file: str, before: dict[str, str], after: dict[str, str]) -> list[Change]:
    """What moved between two sets of pins, by name."""
    old = {canonical(name): (name, version) for name, version in before.items()}
    new = {canonical(name): (name, version) for name, version in after.items()}
    found = []
    for key in sorted({*old, *new}):
        name, was = old.get(key, (None, None))
        written, now = new.get(key, (None, None))
        if was != now:
            found.append(Change(file, name or written, was, now))
    return found


def renewed(text: str, resolved: dict[str, str]) -> str:
    """The requirements with the versions resolved: what is chosen, then the rest.

    Raises:
        EnvironmentProblem: a package that was asked for was not resolved.
    """
    chosen, _, _ = text.partition(BROUGHT)
    versions = {canonical(name): version for name, version in resolved.items()}
    if missing := [name for name in pins(chosen) if canonical(name) not in versions]:
        raise EnvironmentProblem(f"pip found no version of {', '.join(missing)}")
    wanted = {canonical(name) for name in pins(chosen)}
    head = PIN.sub(
        lambda match: f"{match['name']}=={versions[canonical(match['name'])]}", chosen
    )
    rest = [
        f"{name}=={version}"
        for name, version in sorted(resolved.items(), key=lambda it: it[0].lower())
        if canonical(name) not in wanted
    ]
    return head + "\n".join([BROUGHT, *rest]) + "\n"


def resolve(names: list[str], held: dict[str, str]) -> dict[str, str]:
    """The newest versions that go together, as pip finds them; nothing is installed.

    Args:
        names: the packages asked for.
        held: the range that some of them may not leave, such as ``<2``.

    Raises:
        EnvironmentProblem: pip finds none.
    """
    wanted = [name + held.get(name, "") for name in names]
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet"]
    command += ["--ignore-installed", "--report", "-", *wanted]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise EnvironmentProblem("pip found no versions that go together: see above")
    found = [each["metadata"] for each in json.loads(done.stdout)["install"]]
    return {
        each["name"]: each["version"].partition("+")[0]  # +cpu names a build
        for each in found
        if not CUDA.match(canonical(each["name"]))
    }


def newest(name: str, held: dict[str, str], root: Path) -> str:
    """The newest version of an npm package, within the range that holds it.

    Raises:
        EnvironmentProblem: npm does not know it.
    """
    wanted = f"{name}@{held.get(name, 'latest')}"
    done = npm("view", wanted, "version", "--json", root=root)
    if done.returncode or not done.stdout.strip():
        raise EnvironmentProblem(f"npm knows no {wanted}: see its message")
    said = json.loads(done.stdout)
    found = [said] if isinstance(said, str) else said  # a range has several
    return max(found, key=lambda version: [*map(int, re.findall(r"\d+", version))])


def held(root: Path) -> dict[str, dict[str, str]]:
    """The pins that are not to move freely: ``python`` and ``node``."""
    return tomllib.loads((root / "pyproject.toml").read_text("utf8"))["tool"]["pins"]


def renew(root: Path = ROOT, dry_run: bool = False, say=print) -> list[Change]:
    """Find the newest versions, and write them unless it is a trial.

    Args:
        root: the repository.
        dry_run: say what would change, write nothing.
        say: told how far it is.

    Raises:
        EnvironmentProblem: versions cannot be found, or do not go together.
    """
    holds, found, texts = held(root), [], {}
    for file in FILES:
        say(f"{file}: asking the index (minutes)")
        text = (root / file).read_text("utf8")
        names = [*pins(text.partition(BROUGHT)[0])]
        texts[file] = renewed(text, resolve(names, holds["python"]))
        found += changes(file, pins(text), pins(texts[file]))
    say(f"{NODE}: asking npm")
    package = json.loads((root / NODE).read_text("utf8"))
    before = package["dependencies"]
    after = {name: newest(name, holds["node"], root) for name in before}
    found += changes(str(NODE), before, after)
    if dry_run:
        return found
    for file, text in texts.items():
        (root / file).write_text(text, "utf8")
    if after != before:
        text = json.dumps(
            package | {"dependencies": after}, indent=2, ensure_ascii=False
        )
        (root / NODE).write_text(text + "\n", "utf8")
    lock = ("update", "--package-lock-only", "--ignore-scripts", "--no-audit")
    if npm(*lock, root=root).returncode:
        raise EnvironmentProblem(f"npm could not renew {NODE.parent}/package-lock.json")
    return found
