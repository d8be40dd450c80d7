"""Writes down, after a build, where each label of the edition is and how it is called.

The notebooks' exporter turns cross-references and citations into links with this.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinxcontrib.bibtex.plugin import find_plugin

from bookbuild import ROOT

Entry = dict[str, str]


def refs_path(lang: str, root: Path = ROOT) -> Path:
    """The file of an edition's labels."""
    return root / "_build" / "editions" / lang / "refs.json"


def read(lang: str, root: Path = ROOT) -> dict[str, Entry]:
    """An edition's labels.

    Raises:
        FileNotFoundError: the edition is not built; the message says what to do.
    """
    path = refs_path(lang, root)
    if not path.exists():
        raise FileNotFoundError(f"{path} is absent: build the book first, `make book`")
    return json.loads(path.read_text("utf8"))


def labels(env: BuildEnvironment) -> dict[str, Entry]:
    """Every label of the edition; ``doc:`` pages, ``cite:`` citations, ``py:`` symbols.

    Each has ``href`` (from the edition's root) and ``kind``; ``text``, what a reference
    to it says; ``number`` if it is numbered; a citation, its ``year`` too.
    """
    found = dict(_titles(env))
    numbered = dict(_numbered(env))
    for label, entry in numbered.items():
        found[label] = found.get(label, {}) | entry
    found |= dict(_equations(env, numbered))
    found |= dict(_citations(env))
    found |= dict(_symbols(env))
    return found


def _titles(env: BuildEnvironment) -> Iterator[tuple[str, Entry]]:
    """Pages and sections; figures and tables too, their number comes later."""
    for doc, title in env.titles.items():
        href = f"{doc}.html"
        yield f"doc:{doc}", {"kind": "page", "href": href, "text": title.astext()}
    for label, (doc, anchor, title) in env.get_domain("std").labels.items():
        href = f"{doc}.html#{anchor}" if anchor else f"{doc}.html"
        entry = {"kind": "section", "href": href, "text": str(title)}
        sections = env.toc_secnumbers.get(doc, {})
        whole_page = doc in env.titles and entry["text"] == env.titles[doc].astext()
        number = sections.get(f"#{anchor}") or (
            sections.get("") if whole_page else None
        )
        if number:
            called = _call(env, "section", _dotted(number), entry["text"])
            entry |= {"number": _dotted(number), "called": called}
        yield label, entry


def _numbered(env: BuildEnvironment) -> Iterator[tuple[str, Entry]]:
    """Figures, tables, programs and exercises."""
    places = env.get_domain("std").anonlabels.items()
    anchors = {(doc, anchor): label for label, (doc, anchor) in places}
    for doc, by_kind in env.toc_fignumbers.items():
        for kind, ids in by_kind.items():
            for anchor, number in ids.items():
                label = anchors.get((doc, anchor), anchor.removeprefix("equation-"))
                number = _dotted(number)
                entry = {"kind": kind, "href": f"{doc}.html#{anchor}", "number": number}
                if kind != "displaymath":
                    called = _call(env, kind, number, "")
                    entry |= {"text": called, "called": called}
                yield label, entry


def _equations(env: BuildEnvironment, numbered: dict) -> Iterator[tuple[str, Entry]]:
    for label, (doc, count) in env.get_domain("math").data["objects"].items():
        number = numbered.get(label, {}).get("number", str(count))
        href = f"{doc}.html#equation-{label}"
        entry = {"kind": "equation", "href": href, "number": number}
        yield label, entry | {"text": f"({number})"}


def _citations(env: BuildEnvironment) -> Iterator[tuple[str, Entry]]:
    """What is cited: its authors, as the edition names them, and its year."""
    group = "sphinxcontrib.bibtex.style.referencing"
    style = find_plugin(group, env.config.bibtex_reference_style)()
    authors = style.person.author_or_editor_or_title(full=False)
    for citation in env.get_domain("cite").citations:
        page = citation.bibliography_key.docname
        text = authors.format_data({"entry": citation.entry, "style": style})
        yield (
            f"cite:{citation.key}",
            {
                "kind": "citation",
                "href": f"{page}.html#{citation.citation_id}",
                "text": text.render_as("text"),
                "year": citation.entry.fields.get("year", ""),
            },
        )


def _symbols(env: BuildEnvironment) -> Iterator[tuple[str, Entry]]:
    """What the reference of the package describes."""
    for name, entry in env.get_domain("py").objects.items():
        href = f"{entry.docname}.html#{entry.node_id}"
        yield f"py:{name}", {"kind": "symbol", "href": href, "text": name}


def _call(env: BuildEnvironment, kind: str, number: str, title: str) -> str:
    """What a numbered reference says, such as "Figure 4.1"."""
    form = env.config.numfig_format.get(kind, "%s")
    if "%s" in form:
        return form % number
    return form.format(number=number, name=title)


def _dotted(number: tuple) -> str:
    return ".".join(map(str, number))


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the labels beside the edition's HTML."""
    if error or app.builder.format != "html":
        return
    path = Path(app.outdir).parent / "refs.json"
    text = json.dumps(labels(app.env), ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", "utf8")


def setup(app: Sphinx) -> None:
    """Connect to the end of the build."""
    app.connect("build-finished", write)
