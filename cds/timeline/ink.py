"""Which colours and patterns is the picture drawn in? Told apart in grey too.

Contrast on white: texts and marks at least 4.5 to 1, save the grid and the shades, which carry no
meaning that words do not give.
"""

from collections.abc import Mapping

from cds.timeline.scene import Group

PAPER = "#ffffff"
TEXT = "#1b1b1b"
QUIET = "#4a4f55"
GRID = "#e1e5e9"
GRID_YEAR = "#c3c9cf"
SHADE = "#eef2f6"
SHADE_EDGE = "#7a8590"
TODAY = "#1b1b1b"

TREATMENT = "#0b4f9c"
_SCORE = "#00635a"
_RESULT = "#9c3d00"
_OTHER = "#4a4f55"

# A text that crosses a line keeps paper around its letters.
HALO: Mapping[str, str | float] = {"stroke": PAPER, "stroke_width": 3, "paint_order": "stroke"}

INKS = {
    Group.TRIAL: TREATMENT,
    Group.SUPPORT: TREATMENT,
    Group.SCORE: _SCORE,
    Group.RESULT: _RESULT,
    Group.MARKER: _RESULT,
    Group.CONFOUNDER: _OTHER,
    Group.SAFETY: TEXT,
    Group.LIMIT: QUIET,
}
