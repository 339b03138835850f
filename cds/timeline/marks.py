"""How does each mark look? Bars by their doses, points by their shape, vague days by a bracket."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from cds.timeline.canvas import HATCH, Canvas
from cds.timeline.ink import INKS, PAPER
from cds.timeline.placing import Box
from cds.timeline.scene import Datum, Look, Piece
from cds.timeline.sheet import Calendar
from rules.clinical_time import ClinicalDate

REACH = 5.0  # from the middle of a point to its edge
_LEAST = 3.0
_LOWEST_STEP = 0.4
_ARROW = 7.0
_ARROW_TIP = 15.0


def draw_bar(canvas: Canvas, datum: Datum, calendar: Calendar, base: float, height: float) -> None:
    """Draw the days of a datum as a bar on its base line, a higher dose as a higher step."""
    ink = INKS[datum.group]
    left, right = bar_ends(datum, calendar)
    if len(datum.pieces) > 1:
        canvas.line(left, base, right, base, ink)
    most = max((each.highest_mg or Decimal(0) for each in datum.pieces), default=Decimal(0))
    for piece in datum.pieces:
        if piece.last >= calendar.axis.first and piece.first <= calendar.axis.last:
            _piece(canvas, datum, calendar, (piece, base, height * _share(piece, most)))
    for when in datum.unsure:
        _bracket(canvas, calendar, when, base + 4, ink)
    middle = base - height / 2
    if datum.pieces[0].first < calendar.axis.first:
        _arrow(canvas, calendar.sheet.left - 2, middle, -_ARROW, ink)
    if datum.ongoing:
        _arrow(canvas, right + 2, middle, _ARROW, ink)


def draw_period(canvas: Canvas, datum: Datum, calendar: Calendar, y: float) -> None:
    """Draw a period as a rule between its ends; an arrow where it began before the days shown."""
    ink, (left, right) = INKS[datum.group], bar_ends(datum, calendar)
    canvas.line(left, y, right, y, ink, stroke_width=2)
    if datum.pieces[0].first < calendar.axis.first:
        _arrow(canvas, left, y, -_ARROW, ink)
    else:
        canvas.line(left, y - 5, left, y + 5, ink, stroke_width=2)


def bar_ends(datum: Datum, calendar: Calendar) -> tuple[float, float]:
    """Give the left and the right edge of a bar."""
    left = calendar.x(datum.pieces[0].first)
    return left, max(left + _LEAST, calendar.end_x(max(each.last for each in datum.pieces)))


def draw_whisker(
    canvas: Canvas, calendar: Calendar, when: ClinicalDate, y: float, ink: str
) -> None:
    """Draw the days a date can mean, where it is not known to the day."""
    if when.earliest != when.latest:
        _bracket(canvas, calendar, when, y, ink)


def middle_of(calendar: Calendar, when: ClinicalDate) -> float:
    return (calendar.x(when.earliest) + calendar.end_x(when.latest)) / 2


def place_of(datum: Datum) -> Decimal:
    """Give the number of a datum on its value scale; one without a number stands at zero."""
    return Decimal(0) if datum.level is None else datum.level


def draw_point(canvas: Canvas, look: Look, x: float, y: float, ink: str) -> None:
    """Draw one point in the shape of its look."""
    _SHAPES[look](canvas, x, y, ink)


def draw_bound(canvas: Canvas, way: str, x: float, y: float, ink: str) -> None:
    """Draw a result that is only a bound: a bar at the bound, an arrow to where the value lies."""
    down = 1 if way == "<" else -1
    canvas.line(x - REACH, y, x + REACH, y, ink, stroke_width=2.5)
    canvas.line(x, y, x, y + down * (_ARROW_TIP - 4), ink, stroke_width=1.5)
    neck, tip = y + down * (_ARROW_TIP - 6), y + down * _ARROW_TIP
    canvas.path(_closed((x - 3.5, neck), (x + 3.5, neck), (x, tip)), fill=ink)


def bound_box(way: str, x: float, y: float) -> Box:
    """Give the place that a bound takes with its arrow."""
    top, bottom = (y - 2, y + _ARROW_TIP) if way == "<" else (y - _ARROW_TIP, y + 2)
    return Box(x - REACH, top, x + REACH, bottom)


def draw_tick(canvas: Canvas, x: float, base: float, height: float, ink: str) -> None:
    """Draw one session: an upright stroke."""
    canvas.line(x, base, x, base - height, ink, stroke_width=1.4)


def _share(piece: Piece, most: Decimal) -> float:
    if not most:
        return 1.0
    return max(_LOWEST_STEP, float((piece.highest_mg or Decimal(0)) / most))


def _piece(
    canvas: Canvas, datum: Datum, calendar: Calendar, at: tuple[Piece, float, float]
) -> None:
    piece, base, height = at
    ink, left = INKS[datum.group], calendar.x(piece.first)
    width = max(_LEAST, calendar.end_x(piece.last) - left)
    if datum.look is Look.SOLID:
        canvas.rect(left, base - height, width, height, ink)
        return
    fill = canvas.pattern(HATCH) if datum.look is Look.HATCHED else PAPER
    dashed = {"stroke_dasharray": "4 2"} if datum.look is Look.THIN else {}
    canvas.rect(
        left + 0.7, base - height + 0.7, max(1.6, width - 1.4), height - 1.4, fill,
        stroke=ink, stroke_width=1.4, **dashed,
    )  # fmt: skip


def _bracket(canvas: Canvas, calendar: Calendar, when: ClinicalDate, y: float, ink: str) -> None:
    left, right = calendar.x(when.earliest), calendar.end_x(when.latest)
    path = f"M{left:.1f} {y - 4:.1f}v8M{left:.1f} {y:.1f}H{right:.1f}M{right:.1f} {y - 4:.1f}v8"
    canvas.path(path, stroke=ink, stroke_width=1.3, fill="none")


def _arrow(canvas: Canvas, x: float, y: float, length: float, ink: str) -> None:
    canvas.path(_closed((x, y - 5), (x + length, y), (x, y + 5)), fill=ink)


def _closed(*corners: tuple[float, float]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"


def _disc(canvas: Canvas, x: float, y: float, ink: str) -> None:
    canvas.add("circle", cx=x, cy=y, r=4.5, fill=ink)


def _ring(canvas: Canvas, x: float, y: float, ink: str) -> None:
    canvas.add("circle", cx=x, cy=y, r=4, fill=PAPER, stroke=ink, stroke_width=1.8)


def _triangle(canvas: Canvas, x: float, y: float, ink: str) -> None:
    canvas.path(_closed((x - 5.5, y + 4.5), (x, y - 5.5), (x + 5.5, y + 4.5)), fill=ink)


def _diamond(canvas: Canvas, x: float, y: float, ink: str) -> None:
    path = _closed((x - 5.5, y), (x, y - 5.5), (x + 5.5, y), (x, y + 5.5))
    canvas.path(path, fill=PAPER, stroke=ink, stroke_width=1.8)
    canvas.path(_closed((x, y - 5.5), (x + 5.5, y), (x, y + 5.5)), fill=ink)


def _cross(canvas: Canvas, x: float, y: float, ink: str) -> None:
    path = f"M{x - 4:.1f} {y - 4:.1f}l8 8M{x - 4:.1f} {y + 4:.1f}l8 -8"
    canvas.path(path, stroke=ink, stroke_width=1.8)


def _square(canvas: Canvas, x: float, y: float, ink: str) -> None:
    canvas.rect(x - 4, y - 4, 8, 8, PAPER, stroke=ink, stroke_width=1.8)


def _flag(canvas: Canvas, x: float, y: float, ink: str) -> None:
    canvas.line(x, y + 6, x, y - 6, ink, stroke_width=1.5)
    canvas.path(_closed((x, y - 6), (x + 8, y - 2.5), (x, y + 1)), fill=ink)


_SHAPES: Mapping[Look, Callable[[Canvas, float, float, str], None]] = {
    Look.DISC: _disc,
    Look.RING: _ring,
    Look.TRIANGLE: _triangle,
    Look.DIAMOND: _diamond,
    Look.CROSS: _cross,
    Look.SQUARE: _square,
    Look.FLAG: _flag,
    Look.HOLLOW: _square,
    Look.SOLID: _disc,
    Look.HATCHED: _diamond,
}
