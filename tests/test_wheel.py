"""The wheel holds the package and its data, and leaves a machine's torch alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from bookbuild import ROOT
from bookbuild.addresses import addresses
from bookbuild.wheel import WheelError, build_wheel

COLAB = {
    "torch": "2.11.0+cu128",
    "numpy": "2.1.3",
    "matplotlib": "3.10.0",
    "ipywidgets": "7.7.1",
    "ipython": "7.34.0",
    "tqdm": "4.67.1",
}
OLDEST = COLAB | {
    "torch": "2.2.0",
    "numpy": "1.26.0",
    "matplotlib": "3.8.0",
    "ipywidgets": "7.7.0",
}
REGISTRY = {
    "torch": "2.13.0",
    "numpy": "2.4.6",
    "matplotlib": "3.11.2",
    "ipywidgets": "8.1.9",
    "ipython": "9.18.1",
    "tqdm": "4.70.1",
    "jaxtyping": "0.3.11",
    "mnist1d": "0.0.2",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def contents(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def metadata(wheel: Path, contents: list[str]):
    (name,) = (name for name in contents if name.endswith(".dist-info/METADATA"))
    with zipfile.ZipFile(wheel) as archive:
        return Parser().parsestr(archive.read(name).decode("utf8"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel, contents):
    tops = {name.split("/")[0] for name in contents}
    assert tops == {"ift6135_lib", f"ift6135_lib-{addresses().version}.dist-info"}
    assert wheel.name == addresses().wheel_name
    ours = ROOT / "ift6135_lib"
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in ours.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in contents if name.startswith("ift6135_lib/")} == expected


def test_building_leaves_no_trace_in_the_tree(wheel):
    assert not [*ROOT.glob("build"), *ROOT.glob("ift6135_lib.egg-info")]


def test_the_licence_travels_with_the_wheel(contents, metadata):
    assert any(name.endswith("/LICENSE") for name in contents)
    assert metadata["License-Expression"] == "MIT"


def test_nothing_has_an_upper_bound(metadata):
    required = [*metadata.get_all("Requires-Dist"), metadata["Requires-Python"]]
    assert len(required) > 5
    for each in required:
        requirement = each.partition(";")[0]
        assert not any(sign in requirement for sign in ("<", "==", "~=", "!=")), each


def test_the_data_are_read_from_the_wheel(wheel, tmp_path):
    """From the archive's own files, with the checkout out of sight."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    code = (
        "import ift6135_lib\n"
        "from ift6135_lib.catalogue import catalogue\n"
        "from ift6135_lib.corpus import shakespeare\n"
        "from ift6135_lib.data import mnist\n"
        "images = mnist(device='cpu').train.x\n"
        "characters = shakespeare(device='cpu').vocabulary\n"
        "print(ift6135_lib.__file__, len(images), len(characters), len(catalogue()))"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}
    said = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        cwd=tmp_path,
        env=environment,
        text=True,
        capture_output=True,
    ).stdout.split()
    assert said[0].startswith(str(tmp_path))
    assert int(said[1]) > 5_000 and int(said[2]) > 50 and int(said[3]) > 10


def test_a_broken_project_says_why(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "pyproject.toml").write_text("[project]\nname = 'a b'\n")
    with pytest.raises(WheelError, match="project"):
        build_wheel(tmp_path / "out", tmp_path / "source")


def dist_info(name: str, version: str, *requirements: str) -> tuple[str, str]:
    """The folder and the METADATA of a distribution."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {each}" for each in requirements]
    return f"{name.replace('-', '_')}-{version}.dist-info", "\n".join(lines) + "\n"


def archive(folder: Path, name: str, version: str, *requirements: str) -> Path:
    """A wheel without code."""
    info, text = dist_info(name, version, *requirements)
    path = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(f"{info}/METADATA", text)
        tag = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        made.writestr(f"{info}/WHEEL", tag)
        made.writestr(f"{info}/RECORD", "")
    return path


def would_install(requirement: str, installed: dict[str, str], folder: Path) -> set:
    """What pip would change on a machine that has these distributions.

    The registry is a folder with a newer version of each: pip may take them, if asked.
    """
    machine, registry = folder / "machine", folder / "registry"
    venv.create(machine, with_pip=False)
    (packages,) = machine.glob("lib/python*/site-packages")
    for name, version in installed.items():
        info, text = dist_info(name, version)
        (packages / info).mkdir()
        (packages / info / "METADATA").write_text(text)
    registry.mkdir()
    for name, version in REGISTRY.items():
        archive(registry, name, version)
    report = folder / "report.json"
    command = [sys.executable, "-m", "pip", "--python", str(machine / "bin" / "python")]
    command += [
        "install",
        "--dry-run",
        "--quiet",
        "--no-index",
        "--report",
        str(report),
    ]
    subprocess.run(
        [*command, "--find-links", str(registry), requirement], check=True, cwd=folder
    )
    installs = json.loads(report.read_text())["install"]
    return {each["metadata"]["name"] for each in installs}


@pytest.mark.parametrize("machine", [COLAB, OLDEST], ids=["colab", "oldest"])
def test_installing_leaves_the_machine_as_it_is(wheel, machine, tmp_path):
    asked = f"ift6135-lib[data,live] @ {wheel.as_uri()}"
    changed = would_install(asked, machine, tmp_path)
    assert changed == {"ift6135-lib", "jaxtyping", "mnist1d"}


def test_a_narrow_range_would_be_seen(tmp_path):
    """The control of the test above: asking for a newer torch replaces it."""
    newer = archive(tmp_path, "newer", "1.0", "torch>=2.12", "numpy>=1.26")
    changed = would_install(f"newer @ {newer.as_uri()}", COLAB, tmp_path)
    assert changed == {"newer", "torch"}
