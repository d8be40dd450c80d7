"""What a published file must not say: keys, and where and by whom it was made."""

from __future__ import annotations

import getpass
import re
import socket
from pathlib import Path

from bookbuild import ROOT

# each begins with letters, which a search skips to; what comes before is looked at last
KEYS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a GitHub token": r"gh[pousr]_[A-Za-z0-9]{36}",
    "a newer GitHub token": r"github_pat_\w{40}",
    "a GitLab token": r"glpat-[\w-]{20}",
    "an AWS key": r"AKIA[A-Z0-9]{16}\b",
    "a passing AWS key": r"ASIA[A-Z0-9]{16}\b",
    "a Google key": r"AIza[\w-]{35}",
    "a Slack token": r"xox[abpr]-[\w-]{10}",
    "an API key": r"sk-(?<!\wsk-)(?:ant-|proj-)?[A-Za-z0-9_-]{20}",
    "a Hugging Face token": r"hf_[A-Za-z0-9]{30}",
    "a PyPI token": r"pypi-AgE[\w-]{20}",
    "an npm token": r"npm_[A-Za-z0-9]{36}",
    "a signed token": r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "a password in an address": r"https?://[^\s/:@\"'<>]+:[^\s/:@\"'<>]+@",
}
PATHS = {
    "a home folder": r"/home/(?<![\w.]/home/)[\w.-]+/",
    "a Mac's home folder": r"/Users/(?<![\w.]/Users/)[\w.-]+/",
    "root's home folder": r"/root/(?<![\w.]/root/)",
    "a scratch folder": r"/tmp/(?<![\w.]/tmp/)[\w.-]",
    "another scratch folder": r"/var/tmp/[\w.-]",
    "an environment": r"/site-packages/",
    "Debian's packages": r"/dist-packages/",
    "a Windows folder": r"\\Users\\",
    "a file's address": r"file:///[\w.]",
}
# what half of all machines and users are called proves nothing
COMMON = set(
    "admin build builder ci debian docker guest host linux localhost localdomain main "
    "node root runner server student test ubuntu user vagrant vm work worker".split()
)


def patterns(root: Path = ROOT) -> dict[str, re.Pattern]:
    """What to look for on this machine, and what to call it.

    Args:
        root: the repository.
    """
    found = {
        **KEYS,
        **PATHS,
        "this repository's folder": re.escape(str(root)),
        "the home folder": re.escape(str(Path.home())) + r"[/\\]",
    }
    names = {
        "the user's name": getpass.getuser(),
        "the host's name": socket.gethostname(),
    }
    for said, name in names.items():
        if len(name) > 3 and name.lower() not in COMMON:
            found[said] = rf"\b{re.escape(name)}\b"
    return {said: re.compile(each) for said, each in found.items()}


def search(text: str, wanted: dict[str, re.Pattern]) -> set[tuple[str, str]]:
    """What a text says that it must not: pairs of what it is and the words.

    Args:
        text: of a published file.
        wanted: of :func:`patterns`.

    Example:
        >>> search("see /home/ada/book", patterns())
        {('a home folder', '/home/ada/')}
    """
    hits = ((said, each.search(text)) for said, each in wanted.items())
    return {(said, found[0]) for said, found in hits if found}
