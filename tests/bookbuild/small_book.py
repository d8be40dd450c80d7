"""A book of two pages with every syntax the chapters may use, built in a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

from bookbuild import LANGUAGES, ROOT
from bookbuild.execute import execute

PAGE = "chapters/04-optimization/descent"
TOC = """\
format: jb-book
root: index
parts:
  - caption: "One || Un"
    numbered: true
    chapters:
      - file: chapters/04-optimization/index
        sections:
          - file: chapters/04-optimization/descent
  - caption: "Back || Fin"
    chapters:
      - file: back/bibliography
"""
BIB = """\
@article{polyak1964some, author = {Polyak, Boris T.}, title = {Speeding up},
  journal = {Computational Mathematics}, volume = {4}, pages = {1--17}, year = {1964}}
@inproceedings{kingma2015adam, author = {Kingma, Diederik P. and Ba, Jimmy},
  title = {{Adam}}, booktitle = {Learning Representations}, year = {2015}}
@book{nocedal2006numerical, author = {Nocedal, J. and Wright, S. and Third, T.},
  title = {Numerical Optimization}, edition = {2nd}, publisher = {Springer},
  year = {2006}}
"""
HEAD = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst, format_version: 0.13}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""
PAIR = """
+++ {{"lang": "en"}}

({label})=
# {en}

{body}

+++ {{"lang": "fr"}}

({label})=
# {fr}

{body}
"""
DESCENT = (
    HEAD
    + r"""
+++ {"lang": "en"}

(sec-descent)=
# Descent

The step of {cite:p}`polyak1964some,
kingma2015adam` is an old idea; read {cite:t}`kingma2015adam`
or {cite:t}`nocedal2006numerical`. See {ref}`sec-chapter`, {ref}`the rule <sec-rule>`,
{numref}`sec-rule`, {doc}`index` and [the section](#sec-rule).

% a comment for the authors
```{note}
A **note** on
{eq}`eq-step` with $a
= b$.
```

+++ {"lang": "fr"}

(sec-descent)=
# Descente

Le pas de {cite:p}`polyak1964some,
kingma2015adam` est une vieille idée; lisez {cite:t}`kingma2015adam`
ou {cite:t}`nocedal2006numerical`. Voir {ref}`sec-chapter`, {ref}`la règle <sec-rule>`,
{numref}`sec-rule`, {doc}`index` et [la section](#sec-rule).

% un commentaire pour les auteurs
```{note}
Une **note** sur
{eq}`eq-step` avec $a
= b$.
```

```{code-cell} ipython3
import os

import matplotlib.pyplot as plt
import torch

from ift6135_lib.plot import glue, show
```

+++ {"lang": "en"}

(sec-rule)=
## The rule

```{margin}
**The notes said** $\rho$.
```

$$
x_t = x_{t-1} - \eta\, g_t
$$ (eq-step)

- A list, with a formula

  $$
  y = x
  $$ (eq-inside)

- and `{ref}` in code, ``{eq}`x` ``.

```{list-table} Two rules
:name: tab-rules
:header-rows: 1

* - Rule
  - Norm
* - {ref}`sec-rule`
  - $\|g\| < |x|$
```

+++ {"lang": "fr"}

(sec-rule)=
## La règle

```{margin}
**Les notes disaient** $\rho$.
```

$$
x_t = x_{t-1} - \eta\, g_t
$$ (eq-step)

- Une liste, avec une formule

  $$
  y = x
  $$ (eq-inside)

- et `{ref}` dans du code, ``{eq}`x` ``.

```{list-table} Deux règles
:name: tab-rules
:header-rows: 1

* - Règle
  - Norme
* - {ref}`sec-rule`
  - $\|g\| < |x|$
```

```{code-cell} ipython3
:tags: [nbval-check-output]

x = torch.tensor(1.0)
for _ in range(4):
    x = x - 0.5 * x
glue("reached", x, ".4f")
glue("tiny", 1.5e-7, ".1e")

fig, ax = plt.subplots()
ax.plot([0, 1], [1, 0])
show(fig, "fig-line")
```

```{code-cell} ipython3
:tags: [hide-input]

print(os.environ.get("IFT6135_BOOK"), torch.get_num_threads())
```

+++ {"lang": "en"}

```{plot} fig-line
:alt: A line that goes down.
The point reaches {value}`reached` in *four* steps, {value}`tiny` s each
{cite:p}`polyak1964some`.
```

As {numref}`fig-line` and {numref}`tab-rules` show, see {ref}`ex-step`.

```{admonition} Look
:class: tip

Two $z = 1$ here.
```

```{exercise} Halve
:label: ex-step

Show that

$$
x_4 = 2^{-4}
$$ (eq-half)

with {eq}`eq-step`.
```

```{solution} ex-step
:label: sol-step
:class: dropdown

By induction, {eq}`eq-half`.
```

+++ {"lang": "fr"}

```{plot} fig-line
:alt: Une droite qui descend.
Le point atteint {value}`reached` en *quatre* pas, de {value}`tiny` s chacun
{cite:p}`polyak1964some`.
```

Voir la {numref}`fig-line`, le {numref}`tab-rules` et l’{ref}`ex-step`.

```{admonition} Regardez
:class: tip

Deux $z = 1$ ici.
```

```{exercise} Diviser par deux
:label: ex-step

Montrez que

$$
x_4 = 2^{-4}
$$ (eq-half)

avec {eq}`eq-step`.
```

```{solution} ex-step
:label: sol-step
:class: dropdown

Par récurrence, {eq}`eq-half`.
```
"""
)


def write(root: Path) -> Path:
    """Write the sources; returns the page that has code."""
    pages = {
        "index": ("sec-home", "Home", "Accueil", ""),
        "chapters/04-optimization/index": ("sec-chapter", "Chapter", "Chapitre", ""),
        "back/bibliography": (
            "sec-bibliography",
            "Bibliography",
            "Bibliographie",
            "```{bibliography}\n```",
        ),
    }
    for name, (label, en, fr, body) in pages.items():
        path = root / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAIR.format(label=label, en=en, fr=fr, body=body), "utf8")
    (root / "_toc.yml").write_text(TOC, "utf8")
    (root / "references.bib").write_text(BIB, "utf8")
    for name in (
        "_config.yml",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CITATION.cff",
    ):
        shutil.copy(ROOT / name, root)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "ift6135_lib", root / "ift6135_lib", ignore=ignored)
    page = root / f"{PAGE}.md"
    page.write_text(DESCENT, "utf8")
    return page


def build(root: Path) -> None:
    """Run the page, then build both editions at the same time, as the book is."""
    with mock.patch.dict(os.environ, {"PYTHONPATH": str(ROOT)}):
        execute([root / f"{PAGE}.md"], root)
        command = [sys.executable, "-m", "bookbuild.editions"]
        running = [
            subprocess.Popen(
                [*command, lang, str(root)],
                cwd=ROOT,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            for lang in LANGUAGES
        ]
        for process in running:
            said, _ = process.communicate()
            assert process.returncode == 0, said
