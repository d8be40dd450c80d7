"""Nothing that a notebook prints or displays runs on a page, or asks for another."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bookbuild import ROOT
from bookbuild.clean_html import clean_html
from bookbuild.clean_svg import clean_svg
from bookbuild.notebooks import export
from bookbuild.published import check
from bookbuild.safe import shorten
from ift6135_lib.frames import pack
from ift6135_lib.publish import MIME

from . import small_book
from .attacks import FAR, HTML, HTML_QUIET, OTHER, SVG, tell

# as pandas writes them
FRAME = """<div>
<style scoped>
    .dataframe tbody tr th:only-of-type {
        vertical-align: middle;
    }

    .dataframe thead th {
        text-align: right;
    }
</style>
<table border="1" class="dataframe">
  <thead>
    <tr style="text-align: right;">
      <th></th>
      <th>loss</th>
    </tr>
  </thead>
  <tbody>
    <tr>
      <th>SGD</th>
      <td>0.25 &lt; 1 &amp; é</td>
    </tr>
  </tbody>
</table>
</div>"""
STYLED = """<style type="text/css">
#T_0f3a1_row0_col0, #T_0f3a1_row1_col0 {
  background-color: #00441b;
  color: #f1f1f1;
}
</style>
<table id="T_0f3a1">
  <thead>
    <tr>
      <th class="blank level0">&nbsp;</th>
      <th id="T_0f3a1_level0_col0" class="col_heading level0 col0">loss</th>
    </tr>
  </thead>
  <tbody>
    <tr>
      <th id="T_0f3a1_level0_row0" class="row_heading level0 row0">0</th>
      <td id="T_0f3a1_row0_col0" class="data row0 col0">0.250000</td>
    </tr>
  </tbody>
</table>
"""
PROGRESS = '<progress style="width: 300px" value="3" max="10"></progress> 30% [3/10]'
PICTURE = SVG.format(
    "<style>*{stroke-linejoin: round}</style><defs><clipPath id='c'><rect width='9' "
    "height='9'/></clipPath></defs><g clip-path='url(#c)' style='fill: #ff0000'>"
    "<rect class='bar' width='9' height='9'/></g>"
)
GOOD = {
    "frame": ("text/html", FRAME),
    "styled": ("text/html", STYLED),
    "progress": ("text/html", PROGRESS),
    "picture": ("image/svg+xml", PICTURE),
    "formula": ("text/latex", r"$\frac12 \boldsymbol{\theta}$"),
    "prose": (
        "text/markdown",
        "Some *words*, `code` and [a link](https://example.org).",
    ),
}
PAGE = """
+++ {{"lang": "en"}}

(sec-hostile)=
# Hostile

+++ {{"lang": "fr"}}

(sec-hostile)=
# Hostile

```{{code-cell}} ipython3
from IPython.display import display
ATTACKS = {attacks!r}
for name, (kind, text) in ATTACKS.items():
    display({{kind: text}}, raw=True)
```

```{{code-cell}} ipython3
display({{"text/html": "<script>x</script>", "text/plain": "what is left"}}, raw=True)
display({{"application/vnd.jupyter.widget-view+json": {{"model_id": "0"}},
         "text/plain": "30%|###       | 3/10"}}, raw=True)
```

```{{code-cell}} ipython3
print({printed!r})
print("\\x1b[31m<b>red</b>\\x1b[0m")
```

```{{code-cell}} ipython3
:tags: [raises-exception]

from ift6135_lib.plot import glue, show
glue({printed!r}, 1)
```

```{{code-cell}} ipython3
import matplotlib.pyplot as plt
glue("rate", 0.05)
figure, axes = plt.subplots()
axes.plot([0, 1])
show(figure, "fig-honest")
```

+++ {{"lang": "en"}}

```{{plot}} fig-honest
:alt: A line.
At {{value}}`rate`.
```

+++ {{"lang": "fr"}}

```{{plot}} fig-honest
:alt: Une ligne.
À {{value}}`rate`.
```

+++ {{"lang": "en"}}

(sec-good)=
## Good

+++ {{"lang": "fr"}}

(sec-good)=
## Bon

```{{code-cell}} ipython3
for kind, text in {good!r}:
    display({{kind: text}}, raw=True)
```
"""
PRINTED = f"</pre></div><script>{tell('printed')}</script><img src=x onerror=pwned(1)>"
ATTACKS = {
    **{name: ("text/html", text) for name, text in {**HTML, **HTML_QUIET}.items()},
    **OTHER,
}
# what a hostile page would call; and a link elsewhere is not followed
WATCH = """
window.attacks = [];
window.pwned = (name) => window.attacks.push(name);
addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link && /^(https?|mailto):/.test(link.href)) event.preventDefault();
}, true);
"""
PROVOKE = """(root) => {
  for (const element of document.querySelectorAll(root)) {
    for (const name of ["mouseover", "focus", "click"]) {
      const event = new MouseEvent(name, { bubbles: true, cancelable: true });
      try { element.dispatchEvent(event); } catch {}
    }
  }
}"""


class Visit:
    """A page that remembers which attacks succeeded and what it asked for."""

    def __init__(self, chromium, address: str):
        self.page = chromium.new_context().new_page()
        self.asked, self.dialogs = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", self._dialog)
        self.page.add_init_script(WATCH)
        self.page.goto(address)

    def _dialog(self, dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def provoke(self, root: str) -> None:
        """Touch everything in a part of the page."""
        self.page.evaluate(PROVOKE, root)

    @property
    def called(self) -> list[str]:
        return self.page.evaluate("window.attacks || []")

    @property
    def far(self) -> list[str]:
        return [url for url in self.asked if url.startswith(FAR)]

    def harmed(self) -> bool:
        """Whether any attack succeeds within a second."""
        for _ in range(20):
            if self.called or self.far or self.dialogs:
                return True
            self.page.wait_for_timeout(50)
        return False

    def close(self) -> None:
        self.page.context.close()


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    page = small_book.write(root)
    good = list(GOOD.values())
    filled = PAGE.format(attacks=ATTACKS, printed=PRINTED, good=good)
    page.write_text(small_book.HEAD + filled, "utf8")
    small_book.build(root)
    return root


@pytest.fixture(scope="module")
def address(book) -> str:
    path = book / "_build" / "editions" / "en" / "html" / f"{small_book.PAGE}.html"
    return path.as_uri()


@pytest.fixture(scope="module")
def visited(chromium, address):
    visit = Visit(chromium, address)
    visit.provoke(".cell_output, .cell_output *")
    yield visit
    visit.close()


# --- in a browser ------------------------------------------------------------


@pytest.mark.parametrize("name", HTML)
def test_each_attack_succeeds_where_nobody_cleans(chromium, tmp_path, name):
    """The negative control: what follows does not pass for want of real attacks."""
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><div id=root>{HTML[name]}</div>", "utf8")
    visit = Visit(chromium, path.as_uri())
    visit.provoke("#root *")
    harmed = visit.harmed()
    visit.close()
    assert harmed


@pytest.mark.parametrize("name", HTML | HTML_QUIET)
def test_what_is_left_of_an_attack_does_nothing(name):
    cleaned = clean_html((HTML | HTML_QUIET)[name])
    cleaned = re.sub(r' style="[^"():]*"| (open|rel)="[a-z ]*"', "", cleaned)
    cleaned = re.sub(r' id="T_a"| href="https://evil.example"', "", cleaned)
    cleaned = re.sub(r"</?(b|i|a|div|table|details|summary|p|img)>", "", cleaned)
    assert not re.search("[<>]", cleaned), cleaned


def test_no_attack_succeeds_on_a_page(visited):
    assert not visited.harmed(), (visited.called, visited.far, visited.dialogs)


def test_the_attacks_are_on_the_page_all_the_same(visited):
    """Their harmless remainder: that the page was not simply left empty."""
    page = visited.page
    assert page.locator(".cell_output b", has_text="click").count() == 1
    assert page.locator(".cell_output mjx-container").count() == 2
    said = page.locator(".cell_output").all_inner_texts()
    everything = "\n".join(said)
    assert f"<script>{tell('plain')}</script>" in everything
    assert f"</pre></div><script>{tell('printed')}</script>" in everything
    assert "what is left" in everything
    assert "30%|###       | 3/10" in everything
    hrefs = "all => all.map(e => e.getAttribute('href')).join(' ')"
    assert "javascript" not in page.eval_on_selector_all("[href]", hrefs)


@pytest.mark.parametrize("name", [name for name in OTHER if name.startswith("file")])
def test_a_picture_is_safe_when_it_is_opened_by_itself(chromium, tmp_path, name):
    harmed = []
    for text in (OTHER[name][1], clean_svg(OTHER[name][1], styled=True)):
        path = tmp_path / "picture.svg"
        path.write_text(text, "utf8")
        visit = Visit(chromium, path.as_uri())
        harmed.append(visit.harmed())
        visit.close()
    assert harmed == [True, False]


def test_what_is_honest_survives(visited):
    page = visited.page
    good = page.locator("section#sec-good")
    frame = good.locator("table.dataframe")
    assert frame.locator("td").inner_text() == "0.25 < 1 & é"
    assert frame.get_attribute("border") == "1"
    look = "(e, name) => getComputedStyle(e)[name]"
    heading = frame.locator("thead tr").first
    assert heading.evaluate(look, "textAlign") == "right"
    cell = good.locator("#T_0f3a1_row0_col0")
    assert cell.evaluate(look, "backgroundColor") == "rgb(0, 68, 27)"
    assert cell.get_attribute("class") == "data row0 col0"
    progress = good.locator("progress")
    assert progress.evaluate("e => [e.value, e.max, e.style.width]") == [3, 10, "300px"]
    assert good.locator("mjx-container").count() == 1
    assert good.locator("a", has_text="a link").get_attribute("href") == (
        "https://example.org"
    )


def test_a_figure_of_the_package_stays_byte_for_byte(book):
    editions = book / "_build" / "editions" / "fr"
    kept = editions / "jupyter_execute" / f"{small_book.PAGE}.glue.json"
    handed = json.loads(kept.read_text("utf8"))["fig-honest"]["data"][MIME]["fr"]["svg"]
    html = (editions / "html" / f"{small_book.PAGE}.html").read_text("utf8")
    assert handed.removeprefix("<svg ") in html


def test_a_picture_that_is_a_file_is_the_one_displayed(book):
    images = book / "_build" / "editions" / "en" / "html" / "_images"
    assert PICTURE in {path.read_text("utf8") for path in images.glob("*.svg")}


def test_no_file_is_taken_by_markdown(book):
    built = book / "_build" / "editions" / "en" / "html"
    names = {path.name for path in built.rglob("*")}
    assert not names & {"references.bib", "README.md", "_downloads"}


def test_a_traceback_has_no_path_of_this_machine(book, address):
    html = Path(address.removeprefix("file://")).read_text("utf8")
    traceback = re.sub("<[^>]+>", "", html.partition("output traceback")[2])
    assert "File ift6135_lib/publish.py:" in traceback
    assert str(book) not in html and str(ROOT) not in html


def test_the_exported_notebook_holds_none_of_it(book):
    """It has the cells, which the reader runs, and no outputs."""
    for path in export(book):
        if path.suffix == ".ipynb":
            text = path.read_text("utf8")
            assert '"output_type"' not in text
            assert not re.search(r'"cell_type": "markdown"[^}]*<script', text)


# --- the package's own type --------------------------------------------------

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def slider(slots=(), **changes) -> dict:
    payload, encoding = pack({"slots": list(slots), "sentences": []})
    control = {"name": "k", "kind": "range", "label": "k", "values": ["0"], "start": 0}
    drawn = {
        "svg": DRAWING.format('<g data-s="0" />'),
        "payload": payload,
        "encoding": encoding,
        "sentence": "<b>",
        "controls": [control],
        **changes,
    }
    return {"kind": "slider", "en": drawn, "fr": drawn}


def figure(inside: str) -> dict:
    drawn = {"svg": DRAWING.format(inside)}
    return {"kind": "figure", "en": drawn, "fr": drawn}


def control(**changes) -> dict:
    return slider(controls=[slider()["en"]["controls"][0] | changes])


def test_what_the_package_makes_passes():
    inside = '<g><path d="M0 0" fill="none" clip-path="url(#a)" /><use href="#a" /></g>'
    check(figure(inside))
    check(slider([[0, "d", ["M0 0", "M1 1"], 0], [0, "", [inside, ""], 0]]))
    check({"kind": "value", "en": "1.2 × 10⁻³", "fr": "1,2\u00a0×\u00a010⁻³"})


@pytest.mark.parametrize(
    "content",
    [
        figure("<script>pwned(1)</script>"),
        figure('<g onclick="pwned(1)" />'),
        figure('<a href="javascript:pwned(1)"><text>x</text></a>'),
        figure("<foreignObject><p>x</p></foreignObject>"),
        figure('<use href="https://evil.example/x#a" />'),
        figure('<image href="data:image/svg+xml;base64,PHN2Zz4=" />'),
        figure('<rect fill="url(https://evil.example/x)" />'),
        figure('<rect fill="URL( https://evil.example/x )" />'),
        figure('<rect style="fill: red" />'),
        figure("<style>* { fill: red }</style>"),
        figure("<title><img /></title>"),
        figure("<!-- --><g />"),
        figure("<![CDATA[<img src=x onerror=pwned(1)>]]>"),
        figure("</svg><img src=x onerror=pwned(1)><svg>"),
        figure('<set attributeName="href" to="javascript:pwned(1)" />'),
        figure('<p:script xmlns:p="http://www.w3.org/2000/svg">pwned(1)</p:script>'),
        slider([[0, "", ["<image href='x' onerror='pwned(1)' />"], 0]]),
        slider([[0, "", ["<g>", "</g>"], 0]]),
        slider([[0, "", ["</svg><svg>"], 0]]),
        slider([[0, "onclick", ["pwned(1)"], 0]]),
        slider([[0, "href", ["javascript:pwned(1)"], 0]]),
        slider([[0, "style", ["position: fixed"], 0]]),
        slider(encoding='json"><script>pwned(1)</script>'),
        slider(encoding="deflate", payload="AAAA"),
        control(name='k"><script>pwned(1)</script>'),
        control(start='0"><script>pwned(1)</script>'),
        control(kind="file"),
        {"kind": "value", "en": "<script>pwned(1)</script>", "fr": "1"},
        {"kind": "value", "en": "1", "fr": "[x](javascript:pwned(1))"},
        {"kind": "value", "en": "$\\href{javascript:pwned(1)}{x}$", "fr": "1"},
        {"kind": "value", "en": 1, "fr": "1"},
        {"kind": "page", "en": "x", "fr": "x"},
        {"kind": "figure", "en": {"svg": DRAWING}},
        ["kind"],
    ],
)
def test_the_package_s_type_proves_nothing(content):
    with pytest.raises(ValueError, match="[Ii]t|SVG"):
        check(content)


def test_a_forged_figure_stops_the_build(tmp_path):
    page = small_book.write(tmp_path)
    forged = figure("<script>pwned(1)</script>")
    source = small_book.DESCENT.replace(
        'show(fig, "fig-line")',
        "from ift6135_lib.publish import publish\n"
        f"publish('fig-line', 'figure', '', en={forged['en']!r}, fr={forged['fr']!r})",
    )
    page.write_text(source, "utf8")
    with pytest.raises(AssertionError, match="'fig-line' is refused: its SVG holds"):
        small_book.build(tmp_path)


# --- by themselves -----------------------------------------------------------


@pytest.mark.parametrize("html", [FRAME, STYLED, PROGRESS])
def test_cleaning_twice_changes_nothing(html):
    once = clean_html(html)
    assert clean_html(once) == once
    assert re.sub(r"<[^>]+>|\s", "", html) == re.sub(r"<[^>]+>|\s", "", once)


@pytest.mark.parametrize(
    "sheet",
    [
        "body { display: none }",
        "#T_a, p { color: red }",
        "#T_a { position: fixed }",
        ".dataframe { color: red } @import 'x';",
        "#T_a { width: attr(x) }",
        "#T_a ~ p { color: red }",
        "#T_a { color: red ",
    ],
)
def test_a_sheet_of_anything_but_a_table_is_left_out(sheet):
    assert clean_html(f"<style>{sheet}</style>x") == "x"


def test_only_pandas_classes_stay():
    html = '<p class="toggle data admonition tex2jax_process" id="MathJax">x</p>'
    assert clean_html(html) == '<p class="data">x</p>'


def test_paths_of_the_machine_are_shortened():
    said = f"File {sys.prefix}/lib/python{sys.version_info[0]}.{sys.version_info[1]}"
    text = f"{said}/site-packages/torch/x.py:3 and {ROOT}/ift6135_lib/train.py:5"
    assert shorten(text, ROOT) == "File torch/x.py:3 and ift6135_lib/train.py:5"


def test_the_output_s_door_is_the_only_one():
    """myst-nb's own renderer is nowhere in use once the extension is set up."""
    code = (
        "from bookbuild import safe; safe.setup(None); import myst_nb.sphinx_ as s;"
        "print(s.load_renderer('default').__name__)"
    )
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "SafeRenderer"
