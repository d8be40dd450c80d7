"""Hints, solutions and answers: folded on a page, at the end of the chapter on paper.

Who reads on paper cannot unfold; beside its exercise a solution would be read with it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from bookbuild.printed.words import WORDS

KINDS = ("hint", "solution")  # classes of folded parts; another one is an answer
FOLD = "folded-away"  # the class of what a page folds
SHOWN = "tests"  # folded on a page, but part of the exercise


@dataclass
class Question:
    """What is asked, where it is asked, and the folded parts that belong to it."""

    asked: Tag
    folded: list[tuple[str, Tag]] = field(default_factory=list)


def gather(pages: list[Tag], key: str, lang: str) -> Tag | None:
    """Move what a chapter folds away into one section of its own.

    Args:
        pages: those of the chapter; they lose their folded parts.
        key: the id of the new section.
        lang: the edition's language.

    Returns:
        The section; None where nothing is folded.
    """
    asked = [question for page in pages for question in questions(page)]
    if not asked:
        return None
    html = f'<section class="page answers depth-2" id="{key}" data-depth="2"></section>'
    section = BeautifulSoup(html, "html.parser").section
    section.append(_tag("h2", WORDS[lang]["answers"]))
    for number, question in enumerate(asked, start=1):
        id_ = f"{key}.{number}"
        section.append(_group(question, id_))
        question.asked.append(_reference(question, id_, lang))
    return section


def questions(page: Tag) -> list[Question]:
    """The questions of a page that have something folded, which is taken out of it."""
    found: list[Question] = []
    exercise: Question | None = None
    for each in page.select(f".exercise, .{FOLD}"):
        classes = each["class"]
        if "exercise" in classes:
            exercise = Question(each)
            continue
        if SHOWN in classes or each.find_parent(class_=FOLD):
            continue
        kind = next((kind for kind in KINDS if kind in classes), "answer")
        if kind == "answer" or exercise is None:
            question = Question(_question_left(each))
        else:
            question = exercise
        if not question.folded:
            found.append(question)
        question.folded.append((kind, each.extract()))
    return found


def _question_left(folded: Tag) -> Tag:
    """The title of a folded part asks something: it stays where it was."""
    left = _tag("div")
    left["class"] = "question"
    folded.insert_before(left)
    left.append(copy.copy(folded.select_one(".admonition-title")))
    if folded.get("id"):
        left["id"] = folded["id"]
        del folded["id"]
    folded.select_one(".admonition-title").decompose()
    return left


def _group(question: Question, id_: str) -> Tag:
    """What belongs to one question, under its title."""
    group = _tag("div")
    group["class"], group["id"] = "group", id_
    title = copy.copy(question.asked.select_one(".admonition-title"))
    title["class"] = "group-title"
    group.append(title)
    for kind, folded in question.folded:
        folded["class"] = ["folded", kind]
        group.append(folded)
    return group


def _reference(question: Question, id_: str, lang: str) -> Tag:
    """Where what belongs to a question is to be found."""
    words = WORDS[lang]
    kinds = list(dict.fromkeys(words[kind] for kind, _ in question.folded))
    what = f" {words['and']} ".join(kinds)
    line = _tag("p", f"{what[0].upper()}{what[1:]}{words['colon']}")
    line["class"] = "see"
    link = _tag("a", f"{words['page']}\u00a0")
    link["href"] = f"#{id_}"
    number = _tag("span")
    number["data-page-of"] = id_
    link.append(number)
    line.append(link)
    return line


def _tag(name: str, text: str = "") -> Tag:
    tag = BeautifulSoup("", "html.parser").new_tag(name)
    if text:
        tag.string = text
    return tag
