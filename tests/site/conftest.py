"""The built site in headless Chromium, with every request outside localhost refused."""

from __future__ import annotations

import functools
import re
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bookbuild import LANGUAGES, ROOT
from bookbuild.check import sources

SITE = ROOT / "_build" / "html"
PAGES = [path.relative_to(ROOT).with_suffix("").as_posix() for path in sources()]
CHAPTER_PAGES = [page for page in PAGES if page.startswith("chapters/")]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
LOCAL = re.compile(r"(http://(127\.0\.0\.1|localhost)[:/]|file:|data:|blob:|about:)")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def site() -> Path:
    missing = [lang for lang in LANGUAGES if not (SITE / lang / "index.html").exists()]
    if missing:
        pytest.fail(f"the site is not built ({missing}): run `make book` first")
    return SITE


@pytest.fixture(scope="session")
def address(site: Path):
    handler = functools.partial(Quiet, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


class Watched:
    """A page that remembers what it should not have done."""

    def __init__(self, page: Page):
        self.page, self.errors, self.outside = page, [], []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)

    def _console(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _request(self, request) -> None:
        if not LOCAL.match(request.url):
            self.outside.append(request.url)

    def open(self, url: str) -> Page:
        self.page.goto(url)
        return self.page


@pytest.fixture
def visit(chromium: Browser):
    """Opens pages in fresh contexts; fails the test on any error or outside request."""
    opened: list[Watched] = []

    def visit(url: str, *, viewport: dict = DESKTOP, **options) -> Page:
        context = chromium.new_context(viewport=viewport, **options)
        watched = Watched(context.new_page())
        opened.append(watched)
        return watched.open(url)

    yield visit
    for watched in opened:
        watched.page.context.close()
    assert [url for watched in opened for url in watched.outside] == []
    assert [error for watched in opened for error in watched.errors] == []


@pytest.fixture(scope="session")
def reading(chromium: Browser):
    """Keeps the page that is being read open, for the tests that only look at it."""
    open_now: dict[str, Watched] = {}

    def read(url: str) -> Watched:
        if url not in open_now:
            for watched in open_now.values():
                watched.page.context.close()
            open_now.clear()
            open_now[url] = Watched(chromium.new_context(viewport=DESKTOP).new_page())
            open_now[url].open(url)
            open_now[url].page.evaluate("document.fonts.ready.then(() => true)")
        return open_now[url]

    yield read
    for watched in open_now.values():
        watched.page.context.close()


@pytest.fixture
def look(reading, address):
    """A page of an edition on a desktop, in light: loaded once for several tests.

    What a test changes in it, it puts back. Fails on any error or outside request.
    """
    seen: list[Watched] = []

    def look(lang: str, page: str) -> Page:
        seen.append(reading(url(address, lang, page)))
        return seen[-1].page

    yield look
    assert [url for watched in seen for url in watched.outside] == []
    assert [error for watched in seen for error in watched.errors] == []


def url(base: Path | str, lang: str, page: str) -> str:
    """A page's address, served or on disk."""
    root = base.as_uri() if isinstance(base, Path) else base
    return f"{root}/{lang}/{page}.html"
