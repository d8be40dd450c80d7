"""Sentences with a question, whose answer follows from the sentence alone."""

from collections import Counter

import pytest

from ift6135_lib.language import Question, antecedents, ask
from ift6135_lib.language.antecedents import (
    ANIMALS,
    CITIES,
    FRENCH,
    PLACES,
    STATES,
    TRIPS,
)


def test_the_answer_follows_from_the_sentence():
    kinds = Counter()
    for words, asked, answer in antecedents(3000, seed=1):
        kinds[words[asked]] += 1
        assert max(asked, answer) < len(words) <= 14 and asked != answer
        if words[asked] == "it":
            nouns = ANIMALS if words[-1] in STATES else PLACES
            assert words[answer] in nouns
        elif words[asked] in CITIES:
            verbs = {verb for verbs, *_ in TRIPS for verb in verbs}
            assert answer == asked - 1 and words[answer] in verbs
        else:  # the pronoun, the noun and the adjective agree
            gender = FRENCH["m" if words[asked] == "il" else "f"]
            nouns, clues = (gender[2], gender[4]), (gender[3], gender[5])
            assert any(
                words[answer] in kind[0] and words[-1] in kind[1]
                for kind in (nouns, clues)
            )
    assert set(kinds) == {"it", "il", "elle", *CITIES}
    assert 0.3 < kinds["it"] / 3000 < 0.4


def test_the_seed_decides():
    assert antecedents(20, seed=3) == antecedents(20, seed=3)
    assert antecedents(20, seed=3) != antecedents(20, seed=4)
    with pytest.raises(ValueError, match="sentences"):
        antecedents(0)


def test_ask_a_question_of_ones_own():
    assert ask("a b a", "b", "a") == Question(("a", "b", "a"), 1, 0)
    with pytest.raises(ValueError, match="'c' is not a word"):
        ask("a b", "a", "c")
