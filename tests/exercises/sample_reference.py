"""A chapter's entries, written by hand where the tests can see them whole."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from ift6135_lib import Unanswered
from ift6135_lib.exercises.values import encode


def entry(name, parameters, function, inputs, mistakes=(), tolerance=1e-6) -> dict:
    """An entry as the book's tools write it.

    Args:
        name: of the exercise; that of its function has underscores.
        parameters: their names.
        function: the reference.
        inputs: the arguments of every case.
        mistakes: pairs of a function and its hint in English.
        tolerance: of the comparison.
    """

    def gives(wrong, arguments):
        try:
            return encode(wrong(*arguments))
        except Exception:
            return None

    return {
        "digest": "0",
        "function": name.replace("-", "_"),
        "parameters": list(parameters),
        "title": {"en": f"The {name}", "fr": f"Le {name}"},
        "asks": {
            "en": f"Write `{name}`, which steps.",
            "fr": f"Écrivez `{name}`, qui avance.",
        },
        "tolerance": tolerance,
        "cases": [
            {
                "inputs": [encode(each) for each in arguments],
                "expected": encode(function(*arguments)),
            }
            for arguments in inputs
        ],
        "mistakes": [
            {
                "hint": {"en": hint, "fr": f"FR {hint}"},
                "outputs": [gives(wrong, arguments) for arguments in inputs],
            }
            for wrong, hint in mistakes
        ],
    }


def momentum_step(theta, v, g, eta, rho):
    v = rho * v + g
    return theta - eta * v, v


def old_velocity(theta, v, g, eta, rho):
    if rho == 0.5:
        raise ValueError("this mistake fails on some cases")
    return theta - eta * v, rho * v + g


def never_half(theta, v, g, eta, rho):
    if rho == 0.5:
        raise ValueError("right wherever it gives a value")
    return momentum_step(theta, v, g, eta, rho)


def momentum_inputs(count: int = 6) -> list[tuple]:
    """At rest first, then anything; the fourth case is long."""
    generator = torch.Generator().manual_seed(3)
    cases = []
    for case in range(count):
        size = (1, 2, 5, 40)[case % 4]
        theta, v, g = torch.randn(3, size, generator=generator, dtype=torch.float64)
        if case == 0:
            v = torch.zeros_like(v)
        eta, rho = torch.rand(2, generator=generator, dtype=torch.float64).tolist()
        cases.append((theta, v, g, eta, 0.5 if case == 4 else rho))
    return cases


def total(x):
    return (x**2).sum()


def answer(body: str):
    """A function of the exercise's parameters, from the text of its body."""
    code = "def momentum_step(theta, v, g, eta, rho):\n" + "".join(
        f"    {line}\n" for line in body.split("\n")
    )
    names: dict = {"torch": torch, "Unanswered": Unanswered}
    exec(compile(code, "the student's cell", "exec"), names)
    return names["momentum_step"]


def write(folder: Path) -> Path:
    """A chapter of two exercises."""
    names = ("theta", "v", "g", "eta", "rho")
    mistakes = [(never_half, "Never half."), (old_velocity, "Update `v` first.")]
    entries = {
        "momentum-step": entry(
            "momentum-step", names, momentum_step, momentum_inputs(), mistakes
        ),
        "total": entry(
            "total", ["x"], total, [(a[1] + a[2],) for a in momentum_inputs()]
        ),
    }
    folder.mkdir(exist_ok=True)
    path = folder / "01-steps.json"
    path.write_text(json.dumps(entries), "utf8")
    return path
