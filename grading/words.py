"""What the student notebooks, the feedback and the table of grades say."""

from __future__ import annotations

from bookbuild.exercises.quantities import NO_BREAK

WORDS = {
    "en": {
        "assignment": "Assignment:",
        "instructions": "Run the set-up cell, then complete each function where "
        "“your code here” stands. The test cells show whether the function runs on "
        "small examples; `check` compares it with the reference on many more inputs. "
        "Your grade comes from other inputs still. Leave the names of the functions "
        "as they are; what is asked by hand is for you, and is not graded. {points} "
        "points, about {minutes} minutes.",
        "your code": "Your code here",
        "feedback": "Feedback",
        "student": "Submission of",
        "total": "Total",
        "exercise": "Exercise",
        "score": "Score",
        "remarks": "Remarks",
        "answer": "Your answer",
        "output": "Output",
        "tests": "Visible tests",
        "passed": "The visible tests pass.",
        "not run": "This cell was not run.",
        "hidden": "{right} of {cases} hidden inputs right: {score} of {points} points.",
        "comment": "Comment:",
        "late": "Late submission: {penalty} points less.",
    },
    "fr": {
        "assignment": "Devoir\u00a0:",
        "instructions": "Exécutez la cellule de mise en place, puis complétez chaque "
        "fonction là où il est écrit «\u00a0votre code ici\u00a0». Les cellules de "
        "tests montrent si la fonction marche sur de petits exemples; `check` la "
        "compare à la référence sur bien d’autres entrées. La note vient d’entrées "
        "encore différentes. Gardez les noms des fonctions tels quels; ce qui est "
        "demandé à la main est pour vous, et n’est pas noté. {points} points, environ "
        "{minutes} minutes.",
        "your code": "Votre code ici",
        "feedback": "Rétroaction",
        "student": "Remise de",
        "total": "Total",
        "exercise": "Exercice",
        "score": "Note",
        "remarks": "Remarques",
        "answer": "Votre réponse",
        "output": "Sortie",
        "tests": "Tests visibles",
        "passed": "Les tests visibles passent.",
        "not run": "Cette cellule n’a pas été exécutée.",
        "hidden": "{right} entrées cachées sur {cases} sont justes\u00a0: {score} "
        "points sur {points}.",
        "comment": "Commentaire\u00a0:",
        "late": "Remise en retard\u00a0: {penalty} points de moins.",
    },
}
ALL = {"en": "all exercises", "fr": "tous les exercices"}
# why an exercise has not all its points
WHY = {
    "en": {
        "unanswered": "the function is not written.",
        "no value": "the function gave no value: see the errors of the cells.",
        "raises": "the function raises an error on a hidden input.",
        "modifies its arguments": "the function modifies its arguments in place.",
        "wrong value": "a value differs from the reference.",
        "timeout": "the function did not end in time.",
        "memory": "the function took too much memory.",
        "output": "the function printed too much.",
        "killed": "the function ended the whole program.",
        "skipped": "the function could not be called: the program had been stopped.",
    },
    "fr": {
        "unanswered": "la fonction n’est pas écrite.",
        "no value": "la fonction n’a rien donné\u00a0: voyez les erreurs des cellules.",
        "raises": "la fonction lève une erreur sur une entrée cachée.",
        "modifies its arguments": "la fonction modifie ses arguments sur place.",
        "wrong value": "une valeur diffère de la référence.",
        "timeout": "la fonction n’a pas terminé à temps.",
        "memory": "la fonction a pris trop de mémoire.",
        "output": "la fonction a trop affiché.",
        "killed": "la fonction a mis fin à tout le programme.",
        "skipped": "la fonction n’a pu être appelée\u00a0: le programme avait été "
        "arrêté.",
    },
}
# what was seen in a submission, or had to be stopped
REMARKS = {
    "en": {
        "several files": "{number} files were handed in; {name} was graded.",
        "no file": "There is no regular file in this submission.",
        "too large": "The file has {megabytes} MB: too large to be read.",
        "empty file": "The file is empty.",
        "not a notebook": "The file is not a readable notebook ({error}).",
        "no cells": "The notebook has no cells.",
        "many cells": "Only the first {kept} of {number} cells were read.",
        "no answer cell": "No cell answers {id}.",
        "found by name": "The answer to {id} had lost its mark: it was found by the "
        "name of its function.",
        "tests deleted": "The tests of {id} were missing: put back.",
        "tests edited": "The tests of {id} were changed: put back.",
        "cell timeout": "Cell {number} did not end in time and was stopped.",
        "cell memory": "Cell {number} took too much memory and was stopped.",
        "cell output": "Cell {number} printed too much and was stopped.",
        "cell killed": "Cell {number} ended the whole program.",
        "cell skipped": "Cell {number} was not run.",
    },
    "fr": {
        "several files": "{number} fichiers remis; {name} a été corrigé.",
        "no file": "La remise ne contient aucun fichier ordinaire.",
        "too large": "Le fichier fait {megabytes}\u00a0Mo\u00a0: trop pour être lu.",
        "empty file": "Le fichier est vide.",
        "not a notebook": "Le fichier n’est pas un carnet lisible ({error}).",
        "no cells": "Le carnet n’a aucune cellule.",
        "many cells": "Seules les {kept} premières cellules sur {number} ont été lues.",
        "no answer cell": "Aucune cellule ne répond à {id}.",
        "found by name": "La réponse à {id} avait perdu sa marque\u00a0: elle a été "
        "retrouvée par le nom de sa fonction.",
        "tests deleted": "Les tests de {id} manquaient\u00a0: ils ont été remis.",
        "tests edited": "Les tests de {id} avaient été modifiés\u00a0: ils ont été "
        "rétablis.",
        "cell timeout": "La cellule {number} n’a pas terminé à temps\u00a0: arrêtée.",
        "cell memory": "La cellule {number} a pris trop de mémoire\u00a0: arrêtée.",
        "cell output": "La cellule {number} a trop affiché\u00a0: arrêtée.",
        "cell killed": "La cellule {number} a mis fin à tout le programme.",
        "cell skipped": "La cellule {number} n’a pas été exécutée.",
    },
}


def _named(ids: list[str], result: dict, lang: str) -> str:
    """The exercises by their ids, or all of them."""
    everything = len(ids) > 2 and set(ids) == set(result.get("exercises", ()))
    return ALL[lang] if everything else ", ".join(ids)


def remarks(result: dict, lang: str) -> list[str]:
    """What is to be said of a submission, once for all the exercises that share it."""
    grouped: dict[tuple, list[str]] = {}
    for code, said in result["remarks"]:
        others = tuple((key, value) for key, value in said.items() if key != "id")
        grouped.setdefault((code, others), []).append(said.get("id", ""))
    return [
        REMARKS[lang][code].format(id=_named(ids, result, lang), **dict(others))
        for (code, others), ids in grouped.items()
    ]


def explain(result: dict, lang: str) -> list[str]:
    """Why a submission has the grade that it has: sentences for the table."""
    said = remarks(result, lang)
    if not result["readable"]:
        return said
    reasons: dict[str, list[str]] = {}
    for id_, mark in result["exercises"].items():
        if mark["why"]:
            share = f"{id_} ({mark['right']}/{mark['cases']})"
            reasons.setdefault(mark["why"], []).append(share)
    colon = f"{NO_BREAK}: " if lang == "fr" else ": "
    for why, shares in reasons.items():
        said.append(f"{', '.join(shares)}{colon}{WHY[lang][why]}")
    return said
