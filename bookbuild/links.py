"""Every link of the built site: the internal ones must lead somewhere.

A link is internal when it is relative, or when it leads to the address where the book
is published, or to a file of its repository. What is elsewhere is only listed: it is
for a weekly run to visit.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

from bookbuild import ROOT
from bookbuild.addresses import PUBLISHED_BRANCH, addresses

LINKS = {"href", "src", "poster", "data", "xlink:href"}
PAINT = re.compile(r"""url\(\s*['"]?([^'")]+)['"]?\s*\)""")
NO_FILE = ("data:", "mailto:", "javascript:", "about:", "blob:")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class Link(NamedTuple):
    """A link, and where it stands."""

    file: str  # from the site's root
    line: int
    url: str


class Document(HTMLParser):
    """The anchors and the links of one page."""

    def __init__(self, html: str):
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[tuple[int, str]] = []
        self.style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        line = self.getpos()[0]
        self.style = tag == "style"
        for name, value in attributes:
            value = value or ""
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name == "srcset" and value:
                self.links += [(line, each.split()[0]) for each in value.split(",")]
            elif name in LINKS:
                self.links.append((line, value))
            elif "url(" in value:
                self.links += [(line, url) for url in PAINT.findall(value)]

    def handle_data(self, data: str) -> None:
        if self.style:
            line = self.getpos()[0]
            self.links += [(line, url) for url in PAINT.findall(data)]
            self.style = False


@dataclass
class Site:
    """What is published: pages with their anchors, other files, links.

    Args:
        folder: the built site.
        root: the repository it was built from.
    """

    folder: Path
    root: Path = ROOT
    anchors: dict[str, set[str]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)

    def __post_init__(self) -> None:
        book = addresses(self.root)
        self.home = book.site
        self.repository = f"https://github.com/{book.owner}/{book.repository}/"
        self.colab = (
            f"https://colab.research.google.com/github/{book.owner}/{book.repository}"
            f"/blob/{PUBLISHED_BRANCH}/"
        )
        self.files = {
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file()
        }
        for name in sorted(self.files):
            self._read(name)

    def _read(self, name: str) -> None:
        path = self.folder / name
        if path.suffix == ".html":
            document = Document(path.read_text("utf8"))
            self.anchors[name] = document.anchors
            self.links += [Link(name, line, url) for line, url in document.links]
        elif path.suffix in (".css", ".svg"):
            # a comment's lines stay, so that those after it keep their numbers
            text = COMMENT.sub(
                lambda found: "\n" * found[0].count("\n"), path.read_text("utf8")
            )
            self._found(name, text, PAINT)
        elif name == "sitemap.xml":
            text = path.read_text("utf8")
            self._found(name, text, re.compile(r"<loc>([^<]+)</loc>"))
            self._found(name, text, re.compile(r'href="([^"]+)"'))

    def _found(self, name: str, text: str, pattern: re.Pattern) -> None:
        for found in pattern.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            self.links.append(Link(name, line, found[1]))

    def add_markdown(self, name: str, text: str) -> None:
        """Read the links of a Markdown text, such as a notebook's cell."""
        for token in MarkdownIt().parse(text):
            line = token.map[0] + 1 if token.map else 1
            for child in token.children or ():
                url = child.attrs.get("href") or child.attrs.get("src")
                if url:
                    self.links.append(Link(name, line, url))
                if child.type == "html_inline":
                    found = Document(child.content).links
                    self.links += [Link(name, line, url) for _, url in found]
            if token.type == "html_block":
                found = Document(token.content).links
                self.links += [Link(name, line + at - 1, url) for at, url in found]

    def internal(self, link: Link) -> str | None:
        """The path, from the site's root, with its anchor; None when it is outside."""
        url = link.url.strip()
        if url.startswith(self.home) or url + "/" == self.home:
            return url[len(self.home) :]
        if url.startswith(NO_FILE) or urlsplit(url).netloc:
            return None
        if url.startswith("#"):
            return link.file + url
        path, hash_, anchor = url.partition("#")
        path = path.partition("?")[0]
        folder = "" if path.startswith("/") else posixpath.dirname(link.file)
        return posixpath.normpath(posixpath.join(folder, path)) + hash_ + anchor

    def problem(self, link: Link) -> str | None:
        """Why a link leads nowhere; None when it is right, or outside."""
        if not link.url.strip():
            return "the address is empty"
        if link.url.startswith("/") and not link.url.startswith("//"):
            return "starts at the server's root, where the book may not be"
        target = self.internal(link)
        if target is None:
            return self._of_repository(link.url)
        path, _, anchor = target.partition("#")
        path = unquote(path.partition("?")[0])
        if path in ("", ".") or path.endswith("/") or (self.folder / path).is_dir():
            path = posixpath.normpath(posixpath.join(path, "index.html"))
        if path.startswith("notebooks/"):
            return self._notebook(path.removeprefix("notebooks/"))
        if path not in self.files:
            return f"there is no {path}"
        # a text fragment and a script's own state are not anchors
        if not anchor or path not in self.anchors or anchor.startswith(":~:"):
            return None
        known = anchor in self.anchors[path] or unquote(anchor) in self.anchors[path]
        return None if known else f"{path} has no #{anchor}"

    def _of_repository(self, url: str) -> str | None:
        if url.startswith(self.colab):
            return self._notebook(url[len(self.colab) :].removeprefix("notebooks/"))
        if url.startswith(self.repository):
            path = url.removeprefix(self.repository).partition("?")[0].partition("#")[0]
            kind, _, rest = path.partition("/")
            file = unquote(rest.partition("/")[2])  # after the branch
            if kind in ("blob", "edit", "tree") and not (self.root / file).exists():
                return f"the repository has no {file}"
        return None

    def _notebook(self, path: str) -> str | None:
        """A notebook is published for each page of chapters, beside the site."""
        if path.endswith(".whl"):
            return None if path == addresses(self.root).wheel_name else f"no {path}"
        lang, _, page = path.removesuffix(".ipynb").partition("/")
        source = self.root / "chapters" / f"{page}.md"
        if not source.exists() or f"{lang}/chapters/{page}.html" not in self.files:
            return f"no page has the notebook {path}"
        return None

    def broken(self) -> list[str]:
        """Every link that leads nowhere: file, line, address and why."""
        return [
            f"{link.file}:{link.line}: {link.url}: {why}"
            for link in dict.fromkeys(self.links)
            if (why := self.problem(link))
        ]

    def external(self) -> dict[str, list[Link]]:
        """The addresses elsewhere, each with the places that lead to it."""
        found = defaultdict(list)
        for link in self.links:
            own = link.url.startswith((self.repository, self.colab))
            if re.match(r"https?://", link.url) and not own and not self.internal(link):
                found[link.url.partition("#")[0]].append(link)
        return dict(sorted(found.items()))
