"""Every test: one thread, no denormals, shapes and types of the package checked."""

import os

os.environ.setdefault("MPLBACKEND", "agg")

from jaxtyping import install_import_hook

import tests.shapes  # noqa: F401 - the hook looks it up by name

hook = install_import_hook(
    ["ift6135_lib.train", "ift6135_lib.data", "ift6135_lib.toys", "ift6135_lib.optim"],
    "tests.shapes.checked",
)

import pytest
import torch

from ift6135_lib.train import seed_everything


@pytest.fixture(autouse=True)
def deterministic():
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    seed_everything(0)
