"""Lighthouse's scores of the built site, on three kinds of page in both editions.

Performance is simulated for a slow phone, and varies from run to run: it is printed as
a median. The other scores do not vary: the tests ask for 100.
"""

from __future__ import annotations

import functools
import gzip
import json
import os
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bookbuild import LANGUAGES, ROOT
from bookbuild.environment import ensure_browser, ensure_node_packages
from bookbuild.mathjax import node

PAGES = ("index", "chapters/04-optimization/momentum", "back/glossary")
STEADY = ("accessibility", "best-practices", "seo")
CATEGORIES = ("performance", *STEADY)
FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking"
TEXT = {".html", ".css", ".js", ".svg", ".txt", ".xml", ".json"}


class LighthouseError(RuntimeError):
    """Lighthouse did not finish; the message is its own."""


class Compressed(SimpleHTTPRequestHandler):
    """Serves as the published site is served: compressed."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix not in TEXT or not path.is_file():
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of a folder, served compressed on this machine."""
    handler = functools.partial(Compressed, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def audit(
    url: str, categories: tuple[str, ...] = CATEGORIES, root: Path = ROOT
) -> dict:
    """Lighthouse's report on a page.

    Args:
        url: of the page.
        categories: those to audit.
        root: the book's folder.

    Raises:
        LighthouseError: it did not finish.
        EnvironmentProblem: the browser or the npm packages are missing.
    """
    program = ensure_node_packages(root) / "lighthouse" / "cli" / "index.js"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [node(), program, url, "--quiet", "--output=json"]
        command += [f"--output-path={report}", f"--chrome-flags={FLAGS}"]
        command += ["--disable-full-page-screenshot"]
        command += [f"--only-categories={','.join(categories)}"]
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            env=os.environ | {"CHROME_PATH": ensure_browser()},
        )
        if not report.is_file():
            raise LighthouseError(f"{url}: {done.stderr.strip()[-500:]}")
        return json.loads(report.read_text("utf8"))


def scores(report: dict) -> dict[str, int]:
    """The score of each category of the report, out of 100."""
    found = report["categories"]
    return {name: round(100 * category["score"]) for name, category in found.items()}


def faults(report: dict) -> list[str]:
    """What keeps a category below 100, performance left out."""
    found = []
    for name in STEADY:
        for reference in report["categories"][name]["auditRefs"]:
            result = report["audits"][reference["id"]]
            if reference["weight"] and result["score"] not in (None, 1):
                items = result.get("details", {}).get("items", [])
                found.append(f"{name}: {result['title']}: {json.dumps(items)[:300]}")
    return found


def table(runs: int, site: Path) -> Iterator[str]:
    """A line a page: the median scores of some runs."""
    yield "  ".join(f"{name:>14}" for name in CATEGORIES) + "  page"
    with served(site) as address:
        for page in PAGES:
            for lang in LANGUAGES:
                url = f"{address}/{lang}/{page}.html"
                found = [scores(audit(url)) for _ in range(runs)]
                medians = (
                    statistics.median(each[name] for each in found)
                    for name in CATEGORIES
                )
                line = "  ".join(f"{median:>14g}" for median in medians)
                yield f"{line}  {lang}/{page}"
