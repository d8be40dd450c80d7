"""The figures' letters: DejaVu Sans, cut down to what the figures use, as WOFF2.

matplotlib measures the figures' texts in DejaVu Sans; the page must show the same
letters. The font's licence allows it and travels with the files.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import matplotlib
from fontTools import subset

NAMES = {
    "DejaVuSans": ("normal", "400"),
    "DejaVuSans-Oblique": ("italic", "400"),
    "DejaVuSans-Bold": ("normal", "700"),
    "DejaVuSans-BoldOblique": ("italic", "700"),
}
CHARACTERS = [
    *range(0x20, 0x7F),  # Latin
    *range(0xA0, 0x180),  # accented Latin
    *range(0x2B0, 0x370),  # modifiers and combining marks
    *range(0x370, 0x400),  # Greek
    *range(0x2010, 0x2060),  # dashes, quotation marks, spaces
    *range(0x2070, 0x20A0),  # superscripts and subscripts
    *range(0x2100, 0x2150),  # letter-like symbols
    *range(0x2190, 0x2200),  # arrows
    *range(0x2200, 0x2300),  # mathematical operators
    *range(0x25A0, 0x2600),  # geometric shapes
    *range(0x27E6, 0x27F0),  # brackets
]
LICENCE = "DejaVu-LICENSE.txt"
STYLE_SHEET = "figure-fonts.css"
FACE = """\
@font-face {{
  font-family: "DejaVu Sans";
  font-style: {style};
  font-weight: {weight};
  font-display: swap;
  src: url("{name}.woff2") format("woff2");
}}
"""


def write_fonts(folder: Path) -> list[Path]:
    """Write the fonts, their style sheet and their licence.

    Nothing is written again where all stand already.

    Args:
        folder: where to; made if need be.

    Returns:
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    fonts = [folder / f"{name}.woff2" for name in NAMES]
    sheet, licence = folder / STYLE_SHEET, folder / LICENCE
    written = [*fonts, sheet, licence]
    if all(path.is_file() for path in written):
        return written
    for name, target in zip(NAMES, fonts, strict=True):
        _cut(source / f"{name}.ttf", target)
    shutil.copyfile(source / "LICENSE_DEJAVU", licence)
    sheet.write_text(
        f"/* DejaVu Sans, subset; licence: {LICENCE} */\n"
        + "".join(
            FACE.format(name=name, style=style, weight=weight)
            for name, (style, weight) in NAMES.items()
        ),
        encoding="utf8",
    )
    return written


def _cut(source: Path, target: Path) -> None:
    options = subset.Options(flavor="woff2", layout_features=["kern"], hinting=False)
    options.drop_tables += ["FFTM"]
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=CHARACTERS)
    cutter.subset(font)
    subset.save_font(font, str(target), options)
