"""When each page last changed, as git says of its source."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from bookbuild import LANGUAGES
from bookbuild.check import sources

MONTHS = {
    "en": "January February March April May June July August September October "
    "November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre "
    "novembre décembre",
}


def changes(root: Path) -> dict[str, date]:
    """The day of the last change of each page, by its Sphinx name.

    Without the whole history (a zip, a shallow clone, a folder inside another
    repository), there is none: no date is better than a wrong one.
    """
    if (
        _git(root, "rev-parse", "--is-shallow-repository") != "false"
        or Path(_git(root, "rev-parse", "--show-toplevel")).resolve() != root.resolve()
    ):
        return {}
    days = {}
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        if day := _git(root, "log", "-1", "--format=%cs", "--", name):
            days[name.removesuffix(".md")] = date.fromisoformat(day)
    return days


def _git(root: Path, *command: str) -> str:
    """What git says; nothing where it fails, or is not installed."""
    try:
        done = subprocess.run(
            ["git", *command], cwd=root, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def written(day: date, lang: str) -> str:
    """A date in words: 21 November 2026, 1er novembre 2026."""
    number = "1er" if lang == "fr" and day.day == 1 else str(day.day)
    return f"{number} {MONTHS[lang].split()[day.month - 1]} {day.year}"


def outdated(app: Sphinx, env: BuildEnvironment, *names: set[str]) -> list[str]:
    """Read the dates; a page whose date alone has changed is written again."""
    before, now = getattr(env, "last_changes", {}), changes(Path(app.srcdir))
    env.last_changes = now
    return [page for page in env.found_docs if before.get(page) != now.get(page)]


def add_date(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Let the page's end and its head say when it last changed."""
    day = app.env.last_changes.get(page)
    if day is None or app.config.language not in LANGUAGES:
        return
    context["last_changed"] = {
        "iso": day.isoformat(),
        "written": written(day, app.config.language),
    }
    context["metatags"] = context.get("metatags", "") + (
        f'<meta property="article:modified_time" content="{day.isoformat()}" />\n'
    )


def setup(app: Sphinx) -> None:
    """Connect to the choice of the pages to read, and to each page."""
    app.connect("env-get-outdated", outdated)
    app.connect("html-page-context", add_date)
