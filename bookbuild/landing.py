"""The site's first page: picks the edition by the browser's languages."""

from bookbuild.policy import protect

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>IFT6135</title>
<link rel="alternate" hreflang="en" href="en/index.html">
<link rel="alternate" hreflang="fr" href="fr/index.html">
<link rel="icon" type="image/svg+xml" href="en/_static/favicon.svg">
<script src="fr/_static/choose-edition.js"></script>
<style>
body {{ font: 1.25rem/1.6 system-ui, sans-serif; margin: 20vh auto; max-width: 32rem;
  padding: 0 1rem; }}
html {{ background: Canvas; color: CanvasText; color-scheme: light dark; }}
a {{ display: inline-block; padding: 0.6rem 0; }}
</style>
<main>
<h1>IFT6135</h1>
<p lang="fr"><a href="fr/index.html" hreflang="fr">{fr}</a></p>
<p lang="en"><a href="en/index.html" hreflang="en">{en}</a></p>
</main>
</html>
"""
TITLES = {
    "en": "Representation Learning, the executable notes",
    "fr": "Apprentissage de représentations, les notes exécutables",
}


def root_page() -> str:
    """HTML that sends to an edition, and offers both where scripts do not run."""
    return protect(PAGE.format(**TITLES))
