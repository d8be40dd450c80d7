"""A tiny world in sentences: its words differ by features that only contexts show.

Kings and queens differ as men and women do; Paris is to France as Rome to Italy. Each
sentence says one thing of one word: what its rank does (a king, as a queen, wears a
crown), how its gender is called (his, her), what a capital or a country has, and what
belongs to the place. No sentence says that "king" and "queen" are alike.

See: chapters/09-transformers
"""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np

from ift6135_lib.conv.whole import check_whole

PEOPLE = {  # rank: (he, she)
    "ruler": ("king", "queen"),
    "heir": ("prince", "princess"),
    "grown": ("man", "woman"),
    "young": ("boy", "girl"),
    "noble": ("duke", "duchess"),
}
DEEDS = {
    "ruler": ("rules from {its} throne", "wears {its} crown", "signs {its} laws"),
    "heir": ("awaits {its} reign", "visits {its} palace", "learns {its} duties"),
    "grown": ("mends {its} coat", "sells {its} wheat", "pays {its} rent"),
    "young": ("forgets {its} lesson", "throws {its} ball", "hides {its} toys"),
    "noble": ("hunts in {its} forest", "counts {its} tenants", "guards {its} manor"),
}
CALLED = (("his", "he himself smiles"), ("her", "she herself smiles"))
PLACES = {  # country: (capital, what belongs to both)
    "france": ("paris", ("french", "wine", "seine")),
    "italy": ("rome", ("italian", "pasta", "tiber")),
    "japan": ("tokyo", ("japanese", "rice", "sumida")),
    "egypt": ("cairo", ("arabic", "dates", "nile")),
    "russia": ("moscow", ("russian", "borscht", "volga")),
    "peru": ("lima", ("spanish", "potatoes", "rimac")),
}
KINDS = (
    ("the army of {name} marches", "the borders of {name} are long"),
    ("the mayor of {name} speaks", "the streets of {name} are crowded"),
)
LOCAL = ("{name} loves {thing}", "{thing} makes {name} proud")


def tiny_world(sentences: int, *, seed: int = 0) -> list[str]:
    """Words of random sentences about people and places, one after the other.

    Args:
        sentences: how many.
        seed: of the draw.

    Returns:
        The words, all in lower case; each sentence ends with ".".

    Raises:
        ValueError: the number of sentences is no whole number ≥ 1.

    Example:
        >>> " ".join(tiny_world(2, seed=1))
        'volga makes moscow proud . the duke hunts in his forest .'
    """
    check_whole("sentences", sentences)
    draw = np.random.default_rng(seed)

    def pick(options):
        return options[draw.integers(len(options))]

    words = []
    for _ in range(sentences):
        if draw.random() < 0.5:
            rank, gender = pick(list(PEOPLE)), draw.integers(2)
            its, smiles = CALLED[gender]
            deed = smiles if draw.random() < 0.3 else pick(DEEDS[rank])
            sentence = f"the {PEOPLE[rank][gender]} {deed.format(its=its)}"
        else:
            country, kind = pick(list(PLACES)), draw.integers(2)
            capital, things = PLACES[country]
            pattern = pick(LOCAL if draw.random() < 0.5 else KINDS[kind])
            name = (country, capital)[kind]
            sentence = pattern.format(name=name, thing=pick(things))
        words += [*sentence.split(), "."]
    return words


def world_analogies() -> list[tuple[str, str, str, str]]:
    """Every question "a is to b as c is to d" that the tiny world answers.

    Returns:
        Quadruples (a, b, c, d): man, woman, king, queen; france, paris, italy, rome;
        and the same read the other ways.

    Example:
        >>> ("man", "woman", "king", "queen") in world_analogies()
        True
        >>> len(world_analogies())
        200
    """
    columns = [list(PEOPLE.values()), [(c, x[0]) for c, x in PLACES.items()]]
    found = []
    for pairs in columns:
        for (a, b), (c, d) in permutations(pairs, 2):
            found += [(a, b, c, d), (b, a, d, c)]
        for (a, b), (c, d) in combinations(pairs, 2):
            found += [(a, c, b, d), (c, a, d, b), (b, d, a, c), (d, b, c, a)]
    return found
