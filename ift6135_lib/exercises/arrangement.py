"""Kinds of mistakes in which the numbers are there, but not in their place."""

from __future__ import annotations

import numpy as np

from ift6135_lib.exercises.evidence import Detail, Kind, Seen


def unchanged(seen: Seen) -> set[Detail]:
    """An argument comes back as it went in."""
    return {name for name, array in seen.every() if seen.same(array, seen.got)}


def same_for_all(seen: Seen) -> set[Detail]:
    """The value does not depend on the input."""
    if not seen.got.size:
        return set()
    return {f"{seen.got.flat[0] + 0.0:.4g}"} if np.ptp(seen.got) == 0 else set()


def transposed(seen: Seen) -> set[Detail] | None:
    """Rows for columns."""
    if seen.expected.ndim != 2:
        return None
    return {()} if seen.same(seen.expected.T, seen.got) else set()


SHIFTS = {
    "late": {"en": "one position too late", "fr": "une position trop tard"},
    "early": {"en": "one position too early", "fr": "une position trop tôt"},
    "no first": {"en": "without the first one", "fr": "sans le premier"},
    "no last": {"en": "without the last one", "fr": "sans le dernier"},
    "one before": {
        "en": "with one more before them",
        "fr": "avec un de plus au début",
    },
    "one after": {"en": "with one more after them", "fr": "avec un de plus à la fin"},
}


def shifted(seen: Seen) -> set[Detail] | None:
    """Off by one along a sequence."""
    e, g = seen.expected, seen.got
    if e.ndim != 1 or g.ndim != 1 or min(len(e), len(g)) < 2:
        return None
    if len(g) == len(e):
        read = {"late": (e[:-1], g[1:]), "early": (e[1:], g[:-1])}
    else:
        read = {
            "no first": (e[1:], g),
            "no last": (e[:-1], g),
            "one before": (e, g[1:]),
            "one after": (e, g[:-1]),
        }
    return {name for name, (one, other) in read.items() if seen.same(one, other)}


def reversed_(seen: Seen) -> set[Detail] | None:
    """From last to first."""
    if seen.expected.ndim != 1:
        return None
    return {()} if seen.same(seen.expected[::-1], seen.got) else set()


def shuffled(seen: Seen) -> set[Detail] | None:
    """The same numbers in another order."""
    e, g = np.sort(seen.expected, axis=None), np.sort(seen.got, axis=None)
    return {()} if seen.expected.shape == seen.got.shape and seen.same(e, g) else set()


def reshaped(seen: Seen) -> set[Detail]:
    """The same numbers in the same order, another shape."""
    if seen.expected.size != seen.got.size:
        return set()
    return {()} if seen.same(seen.expected.reshape(-1), seen.got.reshape(-1)) else set()


def _reductions(array: np.ndarray) -> dict[str, list[np.ndarray]]:
    axes = [None, *range(array.ndim)]
    return {
        "sum": [array.sum(axis) for axis in axes],
        "mean": [array.mean(axis) for axis in axes] if array.size else [],
    }


def not_reduced(seen: Seen) -> set[Detail] | None:
    """A sum or a mean is missing at the end."""
    if seen.got.ndim <= seen.expected.ndim:
        return None
    return {
        name
        for name, results in _reductions(seen.got).items()
        if any(seen.same(seen.expected, np.asarray(each)) for each in results)
    }


def reduced(seen: Seen) -> set[Detail] | None:
    """A sum or a mean too many."""
    if seen.got.ndim >= seen.expected.ndim:
        return None
    return {
        name
        for name, results in _reductions(seen.expected).items()
        if any(seen.same(np.asarray(each), seen.got) for each in results)
    }


REDUCTIONS = {
    "sum": {"en": "sum", "fr": "la somme"},
    "mean": {"en": "mean", "fr": "la moyenne"},
}
ARRANGEMENT = (
    Kind(
        unchanged,
        "It is `{}`, as it was given. The new value is lost on the way.",
        "C’est `{}`, tel qu’il a été reçu. La nouvelle valeur se perd en chemin.",
    ),
    Kind(
        same_for_all,
        "It is always {}, whatever the input.",
        "C’est toujours {}, quelle que soit l’entrée.",
    ),
    Kind(
        transposed,
        "Rows and columns are exchanged (it is the transpose).",
        "Lignes et colonnes sont échangées (c’est la transposée).",
    ),
    Kind(
        shifted,
        "The right numbers are there, {}. Off by one?",
        "Les bons nombres y sont, {}. Un décalage de un?",
        SHIFTS,
    ),
    Kind(
        reversed_,
        "The right numbers are there, from last to first.",
        "Les bons nombres y sont, du dernier au premier.",
    ),
    Kind(
        reshaped,
        "The right numbers are there, in another shape. A dimension of size 1 too "
        "many or too few?",
        "Les bons nombres y sont, dans une autre forme. Une dimension de "
        "taille 1 de trop ou de moins?",
    ),
    Kind(
        not_reduced,
        "The right terms are there, their {} is missing.",
        "Les bons termes y sont, il manque {} à la fin.",
        REDUCTIONS,
    ),
    Kind(
        reduced,
        "You have taken the {} of numbers that had to stay apart.",
        "Vous avez pris {} de nombres qui devaient rester séparés.",
        REDUCTIONS,
    ),
    Kind(
        shuffled,
        "The right numbers are there, in another order.",
        "Les bons nombres y sont, dans un autre ordre.",
    ),
)
