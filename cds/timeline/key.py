"""What do the marks of this picture mean? Each look that is on it, once, with its words."""

from collections.abc import Callable
from dataclasses import dataclass

from cds.pages.words import GRADES, LABELS
from cds.timeline.canvas import HATCH, Canvas
from cds.timeline.ink import INKS, PAPER, QUIET
from cds.timeline.lettering import width_of
from cds.timeline.marks import draw_bound, draw_point
from cds.timeline.placing import LINE
from cds.timeline.scene import Datum, Group, Look, Scene
from rules.findings import ResultLabel, TrialGrade

_SAMPLE = 30.0
_APART = 18.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One look with its words. applies: whether a datum has it."""

    groups: tuple[Group, ...]
    look: Look
    words: str
    applies: Callable[[Datum], bool]


def entries_of(scene: Scene) -> tuple[Entry, ...]:
    """Give the looks that are on a picture, in the order of its parts."""
    drawn = [each for each in scene.data if each.drawn and not each.aside]
    return tuple(
        entry
        for entry in _ENTRIES
        if any(each.group in entry.groups and entry.applies(each) for each in drawn)
    )


def draw_key(canvas: Canvas, scene: Scene, top: float) -> float:
    """Draw a sample of each look with its words, line by line; give where the key ends."""
    x, y = 0.0, top + LINE
    for entry in entries_of(scene):
        width = _SAMPLE + width_of(entry.words) + _APART
        if x and x + width - _APART > canvas.sheet.width:
            x, y = 0.0, y + LINE + 4
        _sample(canvas, entry, x, y - 4)
        canvas.text(x + _SAMPLE, y, entry.words, fill=QUIET)
        x += width
    return y + 8


def _sample(canvas: Canvas, entry: Entry, x: float, y: float) -> None:
    ink = INKS[entry.groups[0]]
    if entry.look is Look.THIN:
        canvas.rect(
            x + 1, y - 3, 22, 7, PAPER, stroke=ink, stroke_width=1.4, stroke_dasharray="4 2"
        )
    elif entry.look in _BARS:
        fill = {Look.SOLID: ink, Look.HATCHED: canvas.pattern(HATCH)}.get(entry.look, PAPER)
        canvas.rect(x + 1, y - 5, 22, 10, fill, stroke=ink, stroke_width=1.4)
    elif entry.look is Look.LINE:
        draw_bound(canvas, "<", x + 12, y - 6, ink)
    else:
        draw_point(canvas, entry.look, x + 12, y, ink)


_BARS = {Look.SOLID, Look.HATCHED, Look.HOLLOW}


def _looks(look: Look) -> Callable[[Datum], bool]:
    return lambda each: each.look is look and not each.bound


_TREATMENTS = (Group.TRIAL, Group.SUPPORT)
_ENTRIES = (
    *(
        Entry(_TREATMENTS, look, GRADES[grade], _looks(look))
        for look, grade in (
            (Look.SOLID, TrialGrade.ADEQUATE_FAILED),
            (Look.HATCHED, TrialGrade.INDETERMINATE),
            (Look.HOLLOW, TrialGrade.NOT_COUNTED),
        )
    ),
    Entry(_TREATMENTS, Look.THIN, "Further intake, not graded", _looks(Look.THIN)),
    Entry((Group.SCORE,), Look.DISC, "Score of at least moderate depression", _looks(Look.DISC)),
    Entry((Group.SCORE,), Look.RING, "Score below that", _looks(Look.RING)),
    Entry((Group.SCORE,), Look.CROSS, "Score not used", _looks(Look.CROSS)),
    *(
        Entry((Group.RESULT,), look, f"CRP: {LABELS[label].lower()}", _looks(look))
        for look, label in (
            (Look.RING, ResultLabel.NORMAL),
            (Look.DISC, ResultLabel.RAISED),
            (Look.TRIANGLE, ResultLabel.ACUTE_RANGE),
            (Look.DIAMOND, ResultLabel.CONFOUNDED),
        )
    ),
    Entry((Group.RESULT,), Look.CROSS, "CRP: cannot be read", _looks(Look.CROSS)),
    Entry(
        (Group.RESULT,), Look.LINE, "CRP: a bound, the value lies beyond", lambda e: bool(e.bound)
    ),
    Entry((Group.CONFOUNDER,), Look.SOLID, "Could move the CRP", _looks(Look.SOLID)),
    Entry((Group.CONFOUNDER,), Look.HOLLOW, "Not near a recent result", _looks(Look.HOLLOW)),
)
