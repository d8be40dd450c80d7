"""A book of one exercise, in a folder of its own, to be spoilt by the tests."""

from __future__ import annotations

from pathlib import Path

TOC = """\
format: jb-book
root: index
chapters:
- file: chapters/01-steps/step
"""
SECTION = '''\
---
jupytext:
  text_representation: {extension: .md, format_name: myst, format_version: 0.13}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

+++ {"lang": "en"}

(sec-step)=
# Steps

````{exercise} A step
:label: ex-step

Write `step(theta, g, eta)`, which returns $\\theta - \\eta g$. Change nothing in place.

```{hint}
:class: dropdown
One line.
```
````

```{solution} ex-step
:label: sol-step
:class: dropdown

Against the gradient.
```

+++ {"lang": "fr"}

(sec-step)=
# Pas

````{exercise} Un pas
:label: ex-step

Écrivez `step(theta, g, eta)`, qui renvoie $\\theta - \\eta g$. Sans rien modifier.

```{hint}
:class: dropdown
Une ligne.
```
````

```{solution} ex-step
:label: sol-step
:class: dropdown

Contre le gradient.
```

```{code-cell} ipython3
---
exercise: step
role: starter
points: 3
difficulty: 1
minutes: 5
tags: [skip-execution]
---
def step(theta, g, eta):
    raise Unanswered("step")
```

```{code-cell} ipython3
---
exercise: step
role: tests
tags: [skip-execution]
---
assert step(1.0, 2.0, 0.25) == 0.5
```

```{code-cell} ipython3
---
exercise: step
role: solution
---
def step(theta, g, eta):
    return theta - eta * g
```

```{code-cell} ipython3
---
exercise: step
role: cases
---
def inputs(case, generator):
    theta, g = torch.randn(2, 3, generator=generator, dtype=torch.float64)
    return theta, g, 0.1 * (case + 1)


def mistake_ascent(theta, g, eta):
    """en: The point climbs: check the sign.
    fr: Le point monte : vérifiez le signe.
    """
    return theta + eta * g
```
'''
WITHHELD = """\
SECRET_CANARY_f00d = None


def step(theta, g, eta):
    new_point = theta - eta * g
    return new_point


def inputs(case, generator):
    HIDDEN_CANARY_beef = None
    theta, g = torch.randn(2, 3, generator=generator, dtype=torch.float64)
    return theta, g, 0.1 * (case + 1)


def mistake_ascent(theta, g, eta):
    '''en: The point climbs: check the sign.
    fr: Le point monte : vérifiez le signe.
    '''
    return theta + eta * g
"""


def without(text: str, start: str, end: str) -> str:
    """The text without what lies between two marks, the first one included."""
    first = text.index(start)
    return text[:first] + text[text.index(end, first) :]


def withheld_section() -> str:
    """The same exercise, its solution and cases elsewhere."""
    text = SECTION.replace("points: 3", "points: 3\nwithheld: true")
    for _ in range(2):
        text = without(text, "```{solution}", "+++" if _ == 0 else "```{code-cell}")
    for role in ("solution", "cases"):
        head = f"```{{code-cell}} ipython3\n---\nexercise: step\nrole: {role}"
        first = text.index(head)
        last = text.index("\n```", first + 5) + 5
        text = text[:first] + text[last:]
    return text


def write(root: Path, text: str = SECTION) -> Path:
    """Write the book; its one section's path."""
    (root / "_toc.yml").write_text(TOC, "utf8")
    (root / "index.md").write_text("", "utf8")
    path = root / "chapters" / "01-steps" / "step.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf8")
    return path


def write_private(
    root: Path, code: str = WITHHELD, seed: str = "a term's seed"
) -> Path:
    """Write a private folder beside the book."""
    folder = root / "private"
    (folder / "01-steps").mkdir(parents=True, exist_ok=True)
    (folder / "01-steps" / "step.py").write_text(code, "utf8")
    (folder / "seed.txt").write_text(seed + "\n", "utf8")
    return folder
