"""Cuts a library's inventory of addresses down to the names that the book links.

    python -m bookbuild.api.inventories torch objects.inv [NAME ...]

rewrites ``bookbuild/inventories/torch.inv`` from the whole inventory, a file that its
documentation publishes; the names that it has already stay, those given are added.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import NamedTuple

from sphinx.util.inventory import InventoryFile

from bookbuild.api.links import INVENTORIES

# in this order, where a library describes a name in several ways
KINDS = ("class", "exception", "function", "data", "method", "attribute")


class Inventory(NamedTuple):
    """A project, its version, and the kind and the page of each name."""

    project: str
    version: str
    places: dict[str, tuple[str, str]]

    def text(self) -> str:
        """Version 1 of the format: plain, an anchor being its name."""
        return "\n".join(
            [
                "# Sphinx inventory version 1",
                f"# Project: {self.project}",
                f"# Version: {self.version}",
                *(f"{name} {kind} {page}" for name, (kind, page) in self._sorted()),
                "",
            ]
        )

    def _sorted(self) -> list[tuple[str, tuple[str, str]]]:
        return sorted(self.places.items())


def load(path: Path) -> Inventory:
    """An inventory of either version of the format, of Python's names only."""
    content = path.read_bytes()
    found = InventoryFile.load(io.BytesIO(content), "", lambda _, place: place)
    project, version = (
        line.decode().partition(": ")[2] for line in content.split(b"\n", 3)[1:3]
    )
    places: dict[str, tuple[str, str]] = {}
    for kind in KINDS:
        for name, (_, _, place, _) in found.get(f"py:{kind}", {}).items():
            places.setdefault(name, (kind, place.partition("#")[0]))
    return Inventory(project, version, places)


def cut(whole: Inventory, names: set[str]) -> tuple[Inventory, set[str]]:
    """What an inventory says of some names, and those of which it says nothing."""
    places = {name: at for name, at in whole.places.items() if name in names}
    return whole._replace(places=places), names - places.keys()


def regenerate(path: Path, source: Path, added: set[str]) -> set[str]:
    """Rewrite a cut inventory from a whole one.

    Args:
        path: the cut one; its names stay.
        source: the whole one.
        added: more names.

    Returns:
        Names that the whole one lacks, kept as they were.

    Raises:
        ValueError: it lacks one of those added.
    """
    before = load(path)
    made, lacking = cut(load(source), {*before.places} | added)
    if unknown := lacking - before.places.keys():
        raise ValueError(f"{source} has no {', '.join(sorted(unknown))}")
    made.places.update({name: before.places[name] for name in lacking})
    path.write_text(made.text(), "utf8")
    return lacking


def main(arguments: list[str]) -> int:
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    library, source, *added = arguments
    kept = regenerate(INVENTORIES / f"{library}.inv", Path(source), {*added})
    for name in sorted(kept):
        print(f"{name}: not in {source}, kept as it was")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
