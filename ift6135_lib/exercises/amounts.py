"""Kinds of mistakes in which every number is off by the same sign, factor or term."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ift6135_lib.exercises.evidence import Detail, Kind, Seen


def sign(seen: Seen) -> set[Detail] | None:
    """The opposite."""
    if not seen.expected.any() and not seen.got.any():
        return None
    return {()} if seen.same(-seen.expected, seen.got) else set()


def ratio(seen: Seen) -> float | None:
    """How many times the expected numbers the answer's are; NaN: it varies.

    None if the case does not tell: all the numbers are zero.
    """
    e, g = seen.expected, seen.got
    if e.shape != g.shape:
        return np.nan
    if not e.any() or not e.size:
        return np.nan if g.any() else None
    at = np.unravel_index(np.abs(e).argmax(), e.shape)
    found = float(g[at] / e[at])
    return found if found and seen.same(e * found, g) else np.nan


def constant_factor(seen: Seen) -> set[Detail] | None:
    """A factor that no input changes."""
    found = ratio(seen)
    return None if found is None else _number(found)


def _number(found: float) -> set[Detail]:
    return set() if np.isnan(found) else {f"{found:.4g}"}


def count_factor(seen: Seen) -> set[Detail] | None:
    """A factor that is a number of elements: a mean for a sum, or a sum for a mean."""
    found = ratio(seen)
    if found is None:
        return None
    sizes = {("size", name): array.size for name, array in seen.arrays()}
    for name, array in seen.arrays():
        sizes |= {(axis, name): size for axis, size in enumerate(array.shape)}
    return {
        (power, *where)
        for where, size in sizes.items()
        for power in ("mean", "sum")
        if size and _close(found, size if power == "sum" else 1 / size, seen)
    }


def _mean_for_sum(wanted: str, seen: Seen) -> set[Detail] | None:
    found = count_factor(seen)
    return None if found is None else {each for each in found if each[0] == wanted}


def mean_for_sum(seen: Seen) -> set[Detail] | None:
    """Divided by a number of elements."""
    return _mean_for_sum("mean", seen)


def sum_for_mean(seen: Seen) -> set[Detail] | None:
    """Not divided by a number of elements."""
    return _mean_for_sum("sum", seen)


def _close(one: float, other: float, seen: Seen) -> bool:
    return abs(one - other) <= 10 * seen.tolerance * abs(other)


def _forms(seen: Seen) -> Iterator[tuple[str, float]]:
    """What the scalar arguments may make: `eta`, `1 - rho`, `1 - beta**t` …"""
    scalars = dict(seen.scalars())
    for name, x in scalars.items():
        yield f"{name}", x
        yield f"(1 - {name})", 1 - x
        yield f"{name}**2", x * x
        if x > 0:
            yield f"sqrt({name})", x**0.5
    for base, x in scalars.items():
        for exponent, t in scalars.items():
            if 0 < x < 1 and t >= 1 and t == int(t):
                yield f"(1 - {base}**{exponent})", 1 - x**t
                yield f"{base}**{exponent}", x**t
    names = list(scalars)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            yield f"{one} * {other}", scalars[one] * scalars[other]


def argument_factor(seen: Seen) -> set[Detail] | None:
    """A factor that the arguments make."""
    found = ratio(seen)
    if found is None:
        return None
    said = set()
    for form, x in _forms(seen):
        if _close(found, x, seen):
            said.add(f"{form}")
        if x and _close(found, 1 / x, seen):
            said.add(f"1 / {form}" if " * " not in form else f"1 / ({form})")
    return said


def _terms(seen: Seen, times: int) -> set[Detail]:
    """The terms, made of the arguments, by which the numbers are off."""
    e, g = seen.expected, seen.got
    if e.shape != g.shape:
        return set()
    # ten times less than what is wrong: a tiny term cannot pass for another
    near = 1e-3 * seen.tolerance * np.maximum(np.abs(e), np.abs(g)).max(initial=0)
    factors = [("", 1.0), *((f"{form} * ", x) for form, x in _forms(seen))]
    twice = "" if times == 1 else f"{times} * "
    return {
        f"{mark}{twice}{form}{name}"
        for name, array in seen.every()
        if array.shape == e.shape
        for form, x in factors
        for mark, side in (("+", times), ("-", -times))
        if (np.abs(g - e - side * x * array) <= near).all()
    }


def term(seen: Seen) -> set[Detail]:
    """A term is missing or comes twice."""
    return _terms(seen, 1)


def sign_of_term(seen: Seen) -> set[Detail]:
    """A term is subtracted where it is added, or conversely."""
    return _terms(seen, 2)


def constant_term(seen: Seen) -> set[Detail]:
    """A term that no input changes."""
    if seen.expected.shape != seen.got.shape or not seen.got.size:
        return set()
    apart = seen.got - seen.expected
    found = float(apart.flat[0])
    same = seen.same(seen.expected + found, seen.got)
    return {f"{found:+.4g}"} if same else set()


POWERS = {
    "square": {"en": "the square of", "fr": "le carré de"},
    "root": {"en": "the square root of", "fr": "la racine carrée de"},
    "inverse": {"en": "the inverse of", "fr": "l’inverse de"},
    "absolute": {"en": "the absolute value of", "fr": "la valeur absolue de"},
    "log": {"en": "the logarithm of", "fr": "le logarithme de"},
    "exp": {"en": "the exponential of", "fr": "l’exponentielle de"},
    "integer": {"en": "the integer part of", "fr": "la partie entière de"},
    "rounded": {"en": "the integer nearest to", "fr": "l’entier le plus proche de"},
}


def function_of(seen: Seen) -> set[Detail]:
    """A usual function of the expected numbers."""
    e, g = seen.expected, seen.got
    with np.errstate(all="ignore"):
        read = {
            "square": e * e,
            "root": np.sqrt(e),
            "inverse": 1 / e,
            "absolute": np.abs(e),
            "log": np.log(e),
            "exp": np.exp(e),
            "integer": np.trunc(e),
            "rounded": np.round(e),
        }
    return {
        name
        for name, array in read.items()
        if np.isfinite(array).all() and seen.same(np.asarray(array), g)
    }


AMOUNTS = (
    Kind(
        sign,
        "It is the opposite of what is expected. Check the signs.",
        "C’est l’opposé de ce qui est attendu. Vérifiez les signes.",
    ),
    Kind(
        constant_factor,
        "It is always {} times what is expected. Check the constant factors.",
        "C’est toujours {} fois ce qui est attendu. Vérifiez les facteurs constants.",
    ),
    Kind(
        mean_for_sum,
        "What is expected is divided by a number of elements. A mean in place of a "
        "sum?",
        "Ce qui est attendu se trouve divisé par un nombre d’éléments. Une "
        "moyenne au lieu d’une somme?",
    ),
    Kind(
        sum_for_mean,
        "What is expected is multiplied by a number of elements. A sum in place of a "
        "mean?",
        "Ce qui est attendu se trouve multiplié par un nombre d’éléments. Une "
        "somme au lieu d’une moyenne?",
    ),
    Kind(
        argument_factor,
        "It is always what is expected times `{}`.",
        "C’est toujours ce qui est attendu, multiplié par `{}`.",
    ),
    Kind(
        function_of,
        "It is {} what is expected.",
        "C’est {} ce qui est attendu.",
        POWERS,
    ),
    Kind(
        constant_term,
        "It is always off by the same amount, {}. Check the constant terms.",
        "L’écart est toujours le même, {}. Vérifiez les termes constants.",
    ),
)
# what is read on the change of an argument, output minus input
CHANGES = AMOUNTS[:5]
TERMS = (
    Kind(
        term,
        "It is always off by `{}`. A term is missing, or counted once too many.",
        "L’écart est toujours `{}`. Un terme manque, ou compte une fois de trop.",
    ),
    Kind(
        sign_of_term,
        "It is always off by `{}`. This term has the wrong sign.",
        "L’écart est toujours `{}`. Ce terme n’a pas le bon signe.",
    ),
)
