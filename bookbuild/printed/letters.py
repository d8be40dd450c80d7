"""The letters of the formulas, in the one kind that a browser embeds as letters.

MathJax has its fonts as OpenType with PostScript outlines. From these Chromium draws
every glyph by itself (Type 3), which viewers show too bold; TrueType it embeds whole.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

NO_PROGRAMS = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
)
ERROR = 0.5  # units of 1000 to the em: the greatest distance from the drawn outline


def write_math_fonts(source: Path, folder: Path) -> Path:
    """Write MathJax's fonts as TrueType, under their names; returns the folder.

    Args:
        source: MathJax's own.
        folder: where to; what stands there is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.woff")):
        if not (folder / path.name).exists():
            font = TTFont(path)
            if "CFF " in font:
                _draw_again(font)
            font.flavor = "woff"
            font.save(folder / path.name)
    return folder


def _draw_again(font: TTFont) -> None:
    """Replace the cubic outlines of a font by quadratic ones."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, ERROR, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = outlines = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, drawn
    for name in order:
        drawn[name].recalcBounds(outlines)
    font["hmtx"].metrics = {
        name: (width, getattr(drawn[name], "xMin", 0))
        for name, (width, _) in font["hmtx"].metrics.items()
    }
    font["maxp"].tableVersion = 0x00010000
    for limit in NO_PROGRAMS:
        setattr(font["maxp"], limit, 0)
    font["maxp"].maxZones = 1
    font["post"].formatType = 2.0
    font["post"].extraNames, font["post"].mapping = [], {}
    font["post"].glyphOrder = order
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\x00\x01\x00\x00"
