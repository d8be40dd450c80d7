"""What check() says, in both languages."""

from __future__ import annotations

from ift6135_lib.typography import NO_BREAK, localise

WORDS = {
    "en": {
        "right": "✓ {title}: right on all {total} inputs. Well done.",
        "right one": "✓ {title}: right on its input. Well done.",
        "wrong": "✗ {title}: {problem}.",
        "tally none": "{problem} (none of the {total} inputs is right)",
        "tally one": "{problem} (1 of the {total} inputs is right)",
        "tally": "{problem} ({right} of the {total} inputs are right)",
        "not a function": "`check` takes the function itself, not {what}",
        "how to call": 'Write `check("{id}", {function})`, without calling it.',
        "other first": "your function calls that of another exercise, yet to be "
        "written",
        "parameters": "the parameters are not those of the exercise",
        "reordered": "The names are right, their order is not.",
        "raises": "your function raises an error",
        "leaves": "your function ends the whole program",
        "use return": "To leave a function, use `return`.",
        "unwritten": "your function is not written yet",
        "changed": "your function modifies {names} in place",
        "new value": "Make a new value: `x = x + 1` makes one, whereas `x += 1` and "
        "`x.add_(1)` change the caller’s.",
        "nothing": "your function returns nothing",
        "nothing there": "{output} is None",
        "use result": "Does every path through it end with `return`?",
        "printed": "It prints; printing is not returning. End it with `return`.",
        "type": "{output} is {got}; {expected} is expected",
        "count": "the number of outputs is {got} instead of {expected}",
        "items": "the length of {output} is {got} instead of {expected}",
        "keys": "{output} does not have the right keys",
        "comma": "A comma at the end of a line makes a tuple.",
        "shape": "{output} has the wrong shape",
        "nan": "{output} contains NaN",
        "where nan": "NaN comes from 0/0, from ∞ − ∞, or from the root or logarithm of "
        "a negative number.",
        "inf": "{output} is infinite",
        "where inf": "Infinity comes from a division by zero, from the logarithm of "
        "zero, or from an overflow.",
        "value": "{output} is wrong",
        "whole": "the value",
        "ordinal": "output {number}",
        "part": "Output {number}",
        "change": "change of `{name}` (output minus input)",
        "input": "Input {number}",
        "expected": "Expected",
        "got": "Got",
        "error": "Error",
        "line": "Line {line}",
        "printed by it": "Printed",
        "all of it": "whole: {call}.inputs",
        "relative": "relative error {error}",
    },
    "fr": {
        "right": "✓ {title}\u00a0: juste sur les {total} entrées. Beau travail.",
        "right one": "✓ {title}\u00a0: juste sur son entrée. Beau travail.",
        "wrong": "✗ {title}\u00a0: {problem}.",
        "tally none": "{problem} (aucune des {total} entrées n’est juste)",
        "tally one": "{problem} (1 entrée sur {total} est juste)",
        "tally": "{problem} ({right} entrées sur {total} sont justes)",
        "not a function": "`check` prend la fonction elle-même, pas {what}",
        "how to call": 'Écrivez `check("{id}", {function})`, sans appeler la fonction.',
        "other first": "votre fonction appelle celle d’un autre exercice, qui reste à "
        "écrire",
        "parameters": "les paramètres ne sont pas ceux de l’exercice",
        "reordered": "Les noms sont les bons, leur ordre ne l’est pas.",
        "raises": "votre fonction lève une erreur",
        "leaves": "votre fonction met fin à tout le programme",
        "use return": "Pour quitter une fonction, employez `return`.",
        "unwritten": "votre fonction n’est pas encore écrite",
        "changed": "votre fonction modifie {names} sur place",
        "new value": "Créez une nouvelle valeur\u00a0: `x = x + 1` en crée une, tandis "
        "que `x += 1` et `x.add_(1)` modifient celle de la fonction appelante.",
        "nothing": "votre fonction ne renvoie rien",
        "nothing there": "{output} est None",
        "use result": "Tous les chemins qu’elle peut prendre finissent-ils par "
        "`return`?",
        "printed": "Elle affiche; afficher n’est pas renvoyer. Terminez-la par "
        "`return`.",
        "type": "{output} est {got}; il faut {expected}",
        "count": "le nombre de sorties est de {got} au lieu de {expected}",
        "items": "{output} est de longueur {got} au lieu de {expected}",
        "keys": "{output} n’a pas les bonnes clés",
        "comma": "Une virgule en fin de ligne crée un tuple.",
        "shape": "{output} n’a pas la bonne forme",
        "nan": "{output} contient NaN",
        "where nan": "NaN vient de 0/0, de ∞ − ∞, ou de la racine ou du logarithme "
        "d’un nombre négatif.",
        "inf": "{output} est infinie",
        "where inf": "L’infini vient d’une division par zéro, du logarithme de zéro ou "
        "d’un dépassement de capacité.",
        "value": "{output} est fausse",
        "whole": "la valeur",
        "ordinal": "la sortie {number}",
        "part": "Sortie {number}",
        "change": "variation de `{name}` (sortie moins entrée)",
        "input": "Entrée {number}",
        "expected": "Attendu",
        "got": "Obtenu",
        "error": "Erreur",
        "line": "Ligne {line}",
        "printed by it": "Affiché",
        "all of it": "en entier\u00a0: {call}.inputs",
        "relative": "erreur relative de {error}",
    },
}
KINDS = {
    "en": {
        "none": "None",
        "boolean": "a boolean",
        "number": "a number",
        "text": "a text",
        "tensor": "a tensor of shape {shape}",
        "array": "a NumPy array of shape {shape}",
        "booleans": "a tensor of booleans",
        "list": "a list of length {length}",
        "tuple": "a tuple of length {length}",
        "dictionary": "a dictionary",
        "function": "a function",
        "class": "a class",
        "object": "an object of type `{name}`",
    },
    "fr": {
        "none": "None",
        "boolean": "un booléen",
        "number": "un nombre",
        "text": "un texte",
        "tensor": "un tenseur de forme {shape}",
        "array": "un tableau NumPy de forme {shape}",
        "booleans": "un tenseur de booléens",
        "list": "une liste de longueur {length}",
        "tuple": "un tuple de longueur {length}",
        "dictionary": "un dictionnaire",
        "function": "une fonction",
        "class": "une classe",
        "object": "un objet de type `{name}`",
    },
}


def say(key: str, lang: str, **details: object) -> str:
    """A sentence, or a part of one, in a language.

    Example:
        >>> say("value", "fr", output="la valeur")
        'la valeur est fausse'
    """
    return WORDS[lang][key].format(**details)


def tally(problem: str, right: int, total: int, lang: str) -> str:
    """A problem, and how many inputs are right in spite of it.

    Example:
        >>> tally("the value is wrong", 8, 12, "en")
        'the value is wrong (8 of the 12 inputs are right)'
    """
    key = {0: "tally none", 1: "tally one"}.get(right, "tally")
    return say(key, lang, problem=problem, right=right, total=total)


def output(where: tuple, lang: str, key: str = "ordinal") -> str:
    """How a part of what a function returns is called.

    Example:
        >>> output((1,), "en"), output(("m", 0), "fr")
        ('output 2', "la sortie `['m'][0]`")
    """
    if not where:
        return say("whole", lang)
    if len(where) == 1 and isinstance(where[0], int):
        return say(key, lang, number=where[0] + 1)
    path = "".join(f"[{each!r}]" for each in where)
    return say(key, lang, number=f"`{path}`")


def joined(names: list[str], lang: str) -> str:
    """Names, as an enumeration.

    Example:
        >>> joined(["a", "b", "c"], "fr")
        '`a`, `b` et `c`'
    """
    *first, last = (f"`{name}`" for name in names)
    link = {"en": " and ", "fr": " et "}[lang]
    return link.join(filter(None, [", ".join(first), last]))


def percent(error: float, lang: str) -> str:
    """A relative error: two digits, as the language writes them.

    Example:
        >>> percent(0.1234, "en"), percent(0.005, "fr"), percent(1.2e-06, "en")
        ('12%', '0,5\\xa0%', '1.2\\xa0×\\xa010⁻⁶')
    """
    if 1e-4 <= error < 100:
        shown = f"{100 * error:.2g}" if error < 1 else f"{100 * error:.0f}"
        return localise(f"{shown}%", lang)
    return localise(f"{error:.1e}", lang).replace(" ", NO_BREAK)
