"""The tables that ``{colophon} site`` and its like make; the texts of the licences."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bookbuild.colophon import (
    FILE,
    TABLES,
    TEXTS,
    ColophonError,
    Work,
    licence_text,
    read,
)

HEADERS = {
    "en": ("Name", "What it gives the book", "Version", "Licence"),
    "fr": ("Nom", "Ce que le livre en tire", "Version", "Licence"),
}
PUBLIC_DOMAIN = {"en": "public domain", "fr": "domaine public"}
WHERE = {
    "en": ("The licences of these packages stand in ", "one file", "."),
    "fr": ("Les licences de ces paquets sont réunies dans ", "un seul fichier", "."),
}
NO_VERSION = "—"
SPDX = "https://spdx.org/licenses/{}.html"


class Colophon(SphinxDirective):
    """One table of the data file."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        root, table = Path(self.env.srcdir), self.arguments[0]
        if table not in TABLES:
            raise self.error(f"{{colophon}}: {table!r} is none of {', '.join(TABLES)}")
        # the versions follow the pinned environment
        for path in (FILE, "requirements.txt"):
            self.env.note_dependency(str(path))
        try:
            works = read(root)[table]
        except ColophonError as error:
            raise self.error(str(error)) from error
        self.lang = self.config.language
        made: list[nodes.Node] = [self._table(works)]
        return [*made, self._texts()] if table == "site" else made

    def _texts(self) -> nodes.paragraph:
        """Where the texts of the licences stand."""
        up = "../" * self.env.docname.count("/")
        before, link, after = WHERE[self.lang]
        made = nodes.paragraph("", before, _link(link, f"{up}_static/{TEXTS}"))
        made += nodes.Text(after)
        return made

    def _table(self, works: list[Work]) -> nodes.table:
        group = nodes.tgroup(cols=4)
        group += [nodes.colspec(colwidth=width) for width in (3, 5, 2, 3)]
        head = nodes.row("", *(_cell(nodes.Text(h)) for h in HEADERS[self.lang]))
        body = nodes.tbody("", *map(self._row, works))
        group += [nodes.thead("", head), body]
        return nodes.table("", group, classes=["colophon"])

    def _row(self, work: Work) -> nodes.row:
        return nodes.row(
            "",
            _cell(_link(work.name, work.address)),
            _cell(nodes.Text(work.what[self.lang])),
            _cell(nodes.Text(work.version or NO_VERSION)),
            _cell(*self._licences(work.licence)),
        )

    def _licences(self, expression: str) -> list[nodes.Node]:
        """Links to the text of each licence; ``A AND B`` are two."""
        names = expression.split(" AND ") if expression else []
        made: list[nodes.Node] = []
        for name in names:
            made += [nodes.Text(", ")] if made else []
            made.append(_link(name, SPDX.format(name)))
        return made or [nodes.Text(PUBLIC_DOMAIN[self.lang])]


def _cell(*content: nodes.Node) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", *content))


def _link(text: str, address: str) -> nodes.reference:
    return nodes.reference("", text, refuri=address)


def write_texts(app: Sphinx, error: Exception | None) -> None:
    """Put the packages' licences beside their files, as these ask."""
    if error is None and app.builder.format == "html":
        works = read(Path(app.srcdir))["site"]
        path = Path(app.outdir) / "_static" / TEXTS
        path.write_text(
            "\n\n".join(
                f"{work.name} {work.version}\n\n{text.strip()}\n"
                for work in works
                if (text := licence_text(work))
            ),
            "utf8",
        )


def add_style(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Only the colophon has such tables."""
    if 'class="colophon' in context.get("body", ""):
        app.add_css_file("colophon.css")


def setup(app: Sphinx) -> None:
    app.add_directive("colophon", Colophon)
    app.connect("html-page-context", add_style)
    app.connect("build-finished", write_texts)
