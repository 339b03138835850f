"""How is a scene drawn? One time axis, and the parts of the picture below each other."""

from collections.abc import Sequence

from cds.timeline.canvas import Canvas, begin, finish
from cds.timeline.headings import draw_section
from cds.timeline.ink import GRID, GRID_YEAR, QUIET, TODAY
from cds.timeline.key import draw_key
from cds.timeline.lanes import draw_lanes
from cds.timeline.lettering import width_of, wrap
from cds.timeline.limits import EPISODE_LANE
from cds.timeline.panels import draw_panel
from cds.timeline.placing import LINE
from cds.timeline.scene import Datum, Group, Look, Scene
from cds.timeline.sheet import Calendar, Sheet

_LANES_ABOVE = (Group.TRIAL, Group.SUPPORT)
_LANES_BELOW = (Group.MARKER, Group.CONFOUNDER, Group.SAFETY)
_FIRST = 54.0


def draw_picture(scene: Scene, sheet: Sheet, notes: Sequence[str] = ()) -> str:
    """Draw a scene on a sheet, as one svg element. notes: sentences to write at its foot."""
    canvas = begin(sheet, scene.title, " ".join((scene.summary, *scene.notes)))
    calendar = Calendar(scene.axis, sheet)
    behind = canvas.add("g")
    top = _FIRST + LINE
    top = _lanes(canvas, calendar, scene, _LANES_ABOVE, top)
    top = _panels(canvas, calendar, scene, top)
    top = _lanes(canvas, calendar, scene, _LANES_BELOW, top)
    _days(Canvas(behind, sheet), canvas, calendar, scene, top)
    top = draw_key(canvas, scene, top + 2 * LINE + 16)
    return finish(canvas, _notes(canvas, notes, top))


def _lanes(
    canvas: Canvas, calendar: Calendar, scene: Scene, groups: Sequence[Group], top: float
) -> float:
    for group in groups:
        data = scene.of(group)
        if data or group is Group.TRIAL:
            top = draw_section(canvas, top, group.value)
            episode = scene.on(EPISODE_LANE) if group is Group.TRIAL else ()
            top = draw_lanes(canvas, calendar, (*episode, *data), top)
            if not data:
                top = _say_none(canvas, top)
    return top


def _say_none(canvas: Canvas, top: float) -> float:
    lines = wrap("No antidepressant trial in the data received", canvas.sheet.right)
    for line in lines:
        canvas.text(0, top + 11, line, fill=QUIET)
        top += LINE
    return top + 6


def _panels(canvas: Canvas, calendar: Calendar, scene: Scene, top: float) -> float:
    for group in (Group.SCORE, Group.RESULT):
        top = draw_section(canvas, top, group.value)
        for panel in scene.panels:
            if panel.group is group:
                top = draw_panel(canvas, calendar, panel, scene, top) + 6
    return top


def _days(behind: Canvas, canvas: Canvas, calendar: Calendar, scene: Scene, bottom: float) -> None:
    """Draw the months through all strips, their names above and below, and the marked days."""
    for tick in calendar.ticks():
        stroke = GRID_YEAR if tick.label == "Jan" else GRID
        behind.line(tick.x, _FIRST, tick.x, bottom, stroke)
        for month, year in ((_FIRST - 4, _FIRST - 4 - LINE), (bottom + 13, bottom + 13 + LINE)):
            canvas.text(tick.x, month, tick.label, fill=QUIET)
            if tick.year:
                canvas.text(tick.x, year, tick.year, font_weight="bold")
    for datum in scene.of(Group.LIMIT):
        if datum.look is Look.DAY:
            _today(behind, calendar, datum, bottom)


def _today(canvas: Canvas, calendar: Calendar, datum: Datum, bottom: float) -> None:
    group, x = canvas.datum(datum), calendar.end_x(datum.at[0].latest) + 1
    group.line(x, 18, x, bottom, TODAY, stroke_width=1.5)
    group.path(f"M{x - 4:.1f} 15h8l-4 6Z", fill=TODAY)
    left = min(x + 4, canvas.sheet.width) - width_of(datum.told, bold=True)
    group.text(left, 12, datum.told, font_weight="bold")


def _notes(canvas: Canvas, notes: Sequence[str], top: float) -> float:
    top += 8 * bool(notes)
    for line in (line for note in notes for line in wrap(note, canvas.sheet.width)):
        top += LINE
        canvas.text(0, top, line, fill=QUIET)
    return top + 6
