"""Where does the name of a strip stand? Left of the days, or above where the screen is narrow."""

from dataclasses import dataclass

from cds.timeline.canvas import Canvas
from cds.timeline.ink import GRID_YEAR, QUIET
from cds.timeline.lettering import TITLE_SIZE, wrap
from cds.timeline.placing import LINE

_BASELINE = 11.0
_SECTION = 30.0
_SECTION_LINE = 20.0


@dataclass(frozen=True, slots=True)
class Headed:
    """A strip whose name is written. track: where its days may begin; least: where it may end."""

    track: float
    least: float


def draw_heading(canvas: Canvas, top: float, name: str, below: str) -> Headed:
    """Write the name of a strip and a quiet line below it."""
    column = canvas.sheet.column
    words = f"{name[:1].upper()}{name[1:]}"
    strong, quiet = wrap(words, column, bold=True), wrap(below, column)
    for number, line in enumerate((*strong, *quiet)):
        at = top + _BASELINE + number * LINE
        if number < len(strong):
            canvas.text(0, at, line, font_weight="bold")
        else:
            canvas.text(0, at, line, fill=QUIET)
    end = top + LINE * (len(strong) + len(quiet))
    return Headed(track=end + 3 if canvas.sheet.headings_above else top, least=end)


def draw_section(canvas: Canvas, top: float, title: str) -> float:
    """Write the heading of a part of the picture over a thin rule; give where the part begins."""
    canvas.line(0, top + 4, canvas.sheet.width, top + 4, GRID_YEAR)
    canvas.text(0, top + _SECTION_LINE, title, font_weight="bold", font_size=TITLE_SIZE)
    return top + _SECTION
