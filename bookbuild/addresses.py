"""Where the book is published: all addresses derive from ``repository`` in _config.yml.

The published branch holds the site, with ``notebooks/`` beside the two editions:
``<lang>/<page>.html``, ``notebooks/<lang>/<chapter>/<section>.ipynb`` and the wheel.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml

from bookbuild import ROOT

PUBLISHED_BRANCH = "gh-pages"
GITHUB = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?")


@dataclass(frozen=True)
class Addresses:
    """The addresses of one repository's book."""

    owner: str
    repository: str
    version: str  # of the companion package

    @property
    def site(self) -> str:
        """The site's root, with its final slash."""
        host = f"{self.owner.lower()}.github.io"
        own_page = self.repository.lower() == host
        return f"https://{host}/" if own_page else f"https://{host}/{self.repository}/"

    @property
    def wheel_name(self) -> str:
        return f"ift6135_lib-{self.version}-py3-none-any.whl"

    @property
    def wheel(self) -> str:
        return f"{self.site}notebooks/{self.wheel_name}"

    def page(self, docname: str, lang: str) -> str:
        """A page of the published book."""
        return f"{self.site}{lang}/{docname}.html"

    def colab(self, docname: str, lang: str) -> str:
        """What opens a page's notebook in Colab, in the page's language."""
        return (
            f"https://colab.research.google.com/github/{self.owner}/{self.repository}"
            f"/blob/{PUBLISHED_BRANCH}/notebooks/{notebook_path(docname, lang)}"
        )


def notebook_path(docname: str, lang: str) -> PurePosixPath:
    """A page's notebook, from the folder of the notebooks."""
    chapter, section = PurePosixPath(docname).parts[-2:]
    return PurePosixPath(lang, chapter, f"{section}.ipynb")


def addresses(root: Path = ROOT) -> Addresses:
    """The addresses of this book.

    Raises:
        ValueError: the repository in ``_config.yml`` is not on GitHub.
    """
    config = yaml.safe_load((root / "_config.yml").read_text("utf8"))
    url = config["repository"]["url"]
    found = GITHUB.fullmatch(url)
    if not found:
        raise ValueError(
            f"repository.url in _config.yml is {url!r}; it must look like "
            "https://github.com/owner/repository"
        )
    project = tomllib.loads((root / "pyproject.toml").read_text("utf8"))["project"]
    return Addresses(found[1], found[2], project["version"])
