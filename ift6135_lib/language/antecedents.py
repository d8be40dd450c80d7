"""Sentences with a question: which earlier word does this word go with?

Two kinds.  "The animal didn't cross the street because it was too tired": "it" is
the animal if tired, the street if wide; in French « il » and « elle » agree with it as
well.  « Amélie visite Rome en juillet »: what happens to Rome?  The verb of its own
clause.  Words such as « n’ » and "didn’t" are one word each.

Source: the pair tired / wide is a Winograd schema, Levesque et al., KR 2012; it became
    known with transformers through Uszkoreit, Google Research blog, 2017.
See: chapters/09-transformers
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from ift6135_lib.conv.whole import check_whole

ANIMALS = "animal dog cat horse wolf mouse cow goat turtle fox".split()
PLACES = "street river road square bridge field path park garden meadow".split()
DEEDS = "cross enter leave watch".split()
STATES = "tired scared hungry thirsty".split()
SHAPES = "wide narrow long crowded".split()
FRENCH = {  # gender: article, pronoun, animals, places, states, shapes
    "m": (
        "le",
        "il",
        "animal chien chat cheval loup".split(),
        "pont champ chemin parc jardin".split(),
        "fatigué effrayé affamé assoiffé".split(),
        "large étroit long encombré".split(),
    ),
    "f": (
        "la",
        "elle",
        "souris vache chèvre tortue jument".split(),
        "rue rivière route place prairie".split(),
        "fatiguée effrayée affamée assoiffée".split(),
        "large étroite longue encombrée".split(),
    ),
}
FRENCH_DEEDS = "traversé longé quitté regardé".split()
NAMES = "Amélie Paul Chloé Hugo Léa Omar".split()
CITIES = "Rome Lyon Berlin Oslo Lima Dakar".split()
TRIPS = (  # verbs, "in", months, "and"
    ("visits leaves draws loves".split(), "in", "July August March May".split(), "and"),
    (
        "visite quitte dessine adore".split(),
        "en",
        "juillet août mars mai".split(),
        "et",
    ),
)


class Question(NamedTuple):
    """A sentence, one of its words, and the word that answers.

    Args:
        words: the sentence.
        asked: place of the word that is asked about, counted from 0.
        answer: place of the word it goes with.

    Example:
        >>> question = ask("Amélie visite Rome en juillet", "Rome", "visite")
        >>> question.words[question.answer]
        'visite'
    """

    words: tuple[str, ...]  # the sentence
    asked: int  # place of the word that is asked about, counted from 0
    answer: int  # place of the word it goes with


def ask(sentence: str, asked: str, answer: str) -> Question:
    """A question about a sentence of one's own.

    Args:
        sentence: its words, with spaces between.
        asked: the word that is asked about.
        answer: the word it goes with.

    Returns:
        The question; of a word that is repeated, the first counts.

    Raises:
        ValueError: a word is not in the sentence.

    Example:
        >>> ask("the dog sleeps", "sleeps", "dog")
        Question(words=('the', 'dog', 'sleeps'), asked=2, answer=1)
    """
    words = tuple(sentence.split())
    for word in (asked, answer):
        if word not in words:
            raise ValueError(f"{word!r} is not a word of {sentence!r}")
    return Question(words, words.index(asked), words.index(answer))


def antecedents(sentences: int, *, seed: int = 0) -> list[Question]:
    """Random sentences in English and in French, each with a question.

    Args:
        sentences: how many.
        seed: of the draw.

    Returns:
        The questions; no sentence has more than 14 words.

    Raises:
        ValueError: the number of sentences is no whole number ≥ 1.

    Example:
        >>> question = antecedents(1, seed=3)[0]
        >>> " ".join(question.words)
        'The turtle didn’t cross the road because it was too thirsty'
        >>> question.words[question.answer]
        'turtle'
    """
    check_whole("sentences", sentences)
    draw = Random(seed)
    kinds = draw.choices((_english, _french, _trip), (0.35, 0.35, 0.3), k=sentences)
    return [kind(draw) for kind in kinds]


def _english(draw: Random) -> Question:
    animal, place, tired = (
        draw.choice(ANIMALS),
        draw.choice(PLACES),
        draw.random() < 0.5,
    )
    clue = draw.choice(STATES if tired else SHAPES)
    sentence = f"The {animal} didn’t {draw.choice(DEEDS)} the {place}"
    return ask(
        f"{sentence} because it was too {clue}", "it", animal if tired else place
    )


def _french(draw: Random) -> Question:
    tired, his, its = draw.random() < 0.5, draw.choice("mf"), draw.choice("mf")
    animal, place = draw.choice(FRENCH[his][2]), draw.choice(FRENCH[its][3])
    gender = FRENCH[his if tired else its]
    clue = draw.choice(gender[4] if tired else gender[5])
    article = "L’" if animal == "animal" else FRENCH[his][0].capitalize()
    sentence = f"{article} {animal} n’ a pas {draw.choice(FRENCH_DEEDS)}"
    sentence += f" {FRENCH[its][0]} {place} parce qu’ {gender[1]} était trop {clue}"
    return ask(sentence, gender[1], animal if tired else place)


def _trip(draw: Random) -> Question:
    verbs, within, months, also = draw.choice(TRIPS)
    words: list[str] = []
    clauses = draw.choice((1, 2))
    for clause in range(clauses):
        words += [also] if clause else []
        words += [draw.choice(NAMES), draw.choice(verbs), draw.choice(CITIES)]
        words += [within, draw.choice(months)]
    asked = 2 + 6 * draw.randrange(clauses)
    return Question(tuple(words), asked, asked - 1)
