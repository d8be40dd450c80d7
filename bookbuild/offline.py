"""Packs each edition into one zip that opens from the disk, without a server.

The pages are those of the site. Only the switch of language changes: it leads to the
published book, since the other edition is not in the zip.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bookbuild import LANGUAGES, ROOT
from bookbuild.addresses import addresses

NAME = "ift6135-{lang}"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip


class NotBuilt(FileNotFoundError):
    """An edition is not in ``_build/html``."""


def pack(root: Path = ROOT) -> Iterator[Path]:
    """Write ``_build/offline/ift6135-<lang>.zip`` from the built site.

    Yields:
        Each zip, once written.

    Raises:
        NotBuilt: an edition has not been built.
    """
    folder = root / "_build" / "offline"
    folder.mkdir(parents=True, exist_ok=True)
    published = addresses(root).site
    for lang in LANGUAGES:
        site = root / "_build" / "html" / lang
        if not (site / "index.html").is_file():
            raise NotBuilt(f"{site.relative_to(root)} holds no book: run `make book`")
        name = NAME.format(lang=lang)
        target = folder / f"{name}.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zip:
            for path in sorted(site.rglob("*")):
                if path.is_file():
                    place = path.relative_to(site).as_posix()
                    entry = zipfile.ZipInfo(f"{name}/{place}", EPOCH)
                    entry.external_attr = 0o644 << 16
                    zip.writestr(entry, content(path, published), zipfile.ZIP_DEFLATED)
        yield target


def content(path: Path, published: str) -> bytes:
    """A file as it is packed: a page's switch of language leads to the published book.

    Args:
        path: a file of an edition.
        published: the address of the published book, with its final slash.
    """
    if path.suffix != ".html":
        return path.read_bytes()
    others = "|".join(LANGUAGES)
    link = re.compile(rf'(class="edition-switch" href=")(?:\.\./)+((?:{others})/)')
    return link.sub(rf"\g<1>{published}\g<2>", path.read_text("utf8")).encode()
