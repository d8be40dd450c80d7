"""Every test: one thread, no denormals, shapes and types of the package checked."""

import os

os.environ.setdefault("MPLBACKEND", "agg")

from jaxtyping import install_import_hook

import tests.shapes  # noqa: F401 - the hook looks it up by name

hook = install_import_hook(
    [
        "ift6135_lib.conv",
        "ift6135_lib.data",
        "ift6135_lib.optim",
        "ift6135_lib.toys",
        "ift6135_lib.train",
    ],
    "tests.shapes.checked",
)

import pytest
import torch
from playwright.sync_api import sync_playwright

from bookbuild.environment import find_browser
from ift6135_lib.train import seed_everything

# every request outside this machine is refused
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items) -> None:
    """Run in a row, by one process, what is about a page; what else a module has."""
    for item in items:
        of_page = getattr(getattr(item, "callspec", None), "params", {})
        group = item.nodeid.partition("::")[0]
        if item.path.parent.name == "site" and {"lang", "page"} <= of_page.keys():
            group = f"{of_page['lang']}/{of_page['page']}"
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def chromium():
    """One headless browser for the whole process."""
    path = find_browser()
    if path is None:
        pytest.fail("no Chromium found: `make test` installs or names it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def deterministic():
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    seed_everything(0)
