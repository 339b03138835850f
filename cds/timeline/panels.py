"""How is a strip with a value scale drawn? Points over their windows and limits."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cds.timeline.canvas import SHADING, Canvas
from cds.timeline.headings import draw_heading
from cds.timeline.ink import GRID, HALO, INKS, QUIET, SHADE, SHADE_EDGE
from cds.timeline.lettering import width_of
from cds.timeline.marks import (
    REACH,
    bound_box,
    draw_bound,
    draw_point,
    draw_whisker,
    middle_of,
    place_of,
)
from cds.timeline.placing import LINE, Box, Label, Room, around
from cds.timeline.scene import Datum, Group, Look, Panel, Scene
from cds.timeline.sheet import Calendar
from cds.timeline.value_scale import ValueScale

_HEIGHT, _TALLEST = 104.0, 152.0
_TENFOLD = 40.0  # height of a tenfold difference on a scale of equal ratios
_SPARED = 9.0  # how far apart a line between two points is kept free of labels


def draw_panel(canvas: Canvas, calendar: Calendar, panel: Panel, scene: Scene, top: float) -> float:
    """Draw one strip with its scale; give where it ends."""
    title = panel.lane if panel.lane != panel.group.value else ""
    headed = draw_heading(canvas, top, title, panel.unit)
    drawing = _Drawing(canvas, calendar, panel, scene.on(panel.lane), headed.track)
    return max(drawing.draw(), headed.least)


def _height(panel: Panel) -> float:
    if not panel.logarithmic:
        return _HEIGHT
    return min(_TALLEST, max(_HEIGHT, _TENFOLD * math.log10(panel.high / panel.low)))


class _Drawing:
    """One strip: shades first, then grid and limits, then points, then their numbers."""

    def __init__(
        self, canvas: Canvas, calendar: Calendar, panel: Panel, data: Sequence[Datum], top: float
    ) -> None:
        self._canvas, self._calendar, self._panel = canvas, calendar, panel
        self._ink, sheet = INKS[panel.group], canvas.sheet
        self._windows = [each for each in data if each.look is Look.WINDOW]
        self._limits = [each for each in data if each.look is Look.LINE]
        self._points = [each for each in data if each.at]
        self._top = top
        first = top + LINE * len(self._windows) + 6
        self._scale = ValueScale(panel, first, first + _height(panel))
        self._room = Room(Box(sheet.left + 1, first - 8, sheet.width, self._scale.bottom + 5))
        self._today = calendar.end_x(calendar.axis.as_of)

    def draw(self) -> float:
        """Draw it all; give where the strip ends."""
        self._room.block(Box(self._today - 1, self._top, self._today + 1, self._scale.bottom))
        for row, window in enumerate(self._windows):
            self._window(window, row)
        self._grid()
        for limit, label in self._told_at():
            self._limit(limit, label)
        self._trend()
        for datum in self._points:
            self._point(datum)
        self._numbers()
        if not self._points:
            self._say_empty()
        return self._scale.bottom + 8

    def _window(self, window: Datum, row: int) -> None:
        group, piece = self._canvas.datum(window), window.pieces[0]
        left, right = self._calendar.x(piece.first), self._calendar.end_x(piece.last)
        y = self._top + row * LINE
        fill = self._canvas.pattern(SHADING) if row else SHADE
        group.rect(left, y, right - left, self._scale.bottom - y, fill)
        group.line(left, y, left, self._scale.bottom, SHADE_EDGE, stroke_dasharray="3 3")
        width = width_of(window.told)
        x = max(self._canvas.sheet.left + 4, min(right, self._today) - 5 - width)
        group.text(x, y + 11, window.told, fill=QUIET, **HALO)

    def _grid(self) -> None:
        sheet = self._canvas.sheet
        for value, words in self._scale.ticks():
            y = self._scale.y(value)
            self._canvas.line(sheet.left, y, sheet.right, y, GRID)
            self._canvas.text(sheet.left - 6 - width_of(words), y + 4, words, fill=QUIET)

    def _told_at(self) -> Iterator[tuple[Datum, Label]]:
        """The limits with their names: right of the days, moved apart where they are close.

        Where there is no room for that, the highest stands on its line, the others hang below.
        """
        sheet, below = self._canvas.sheet, self._scale.bottom + LINE
        ordered = sorted(self._limits, key=place_of)
        for limit in ordered:
            y = self._scale.y(place_of(limit))
            below = min(y + 4, below - LINE)
            label = Label(sheet.right + 6, below, limit.told)
            if label.box.right > sheet.width:
                highest = limit is ordered[-1]
                label = Label(sheet.left + 4, y - 4 if highest else y + 12, limit.told)
            yield limit, label

    def _limit(self, limit: Datum, label: Label) -> None:
        sheet, group = self._canvas.sheet, self._canvas.datum(limit)
        y = self._scale.y(place_of(limit))
        group.line(
            sheet.left, y, sheet.right, y, self._ink, stroke_dasharray="6 3", stroke_width=1.2
        )
        group.text(label.x, label.y, label.words, fill=self._ink, **HALO)
        self._room.block(label.box)
        self._room.spare(Box(sheet.left, y - 1, sheet.right, y + 1))

    def _trend(self) -> None:
        """Join the scores that are used; laboratory results are not joined."""
        used = [each for each in self._points if each.look in {Look.DISC, Look.RING}]
        if self._panel.group is not Group.SCORE or len(used) <= 1:
            return
        places = sorted(self._place(each) for each in used)
        for first, second in pairwise(places):
            self._spare_line(first, second)
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        self._canvas.add("polyline", points=points, fill="none", stroke=self._ink, stroke_width=1.2)

    def _spare_line(self, first: tuple[float, float], second: tuple[float, float]) -> None:
        (left, high), (right, low) = first, second
        parts = max(1, round(math.hypot(right - left, low - high) / _SPARED))
        for part in range(parts + 1):
            x, y = left + (right - left) * part / parts, high + (low - high) * part / parts
            self._room.spare(Box(x - 2, y - 1, x + 2, y + 1))

    def _say_empty(self) -> None:
        x, top = self._canvas.sheet.left + 10, self._scale.top
        places = (Label(x, top + LINE + step, self._panel.empty) for step in range(0, 80, 2))
        label = self._room.find(places)
        if label is not None:
            self._canvas.text(label.x, label.y, label.words, fill=QUIET)

    def _place(self, datum: Datum) -> tuple[float, float]:
        return middle_of(self._calendar, datum.at[0]), self._scale.y(place_of(datum))

    def _point(self, datum: Datum) -> None:
        group, (x, y) = self._canvas.datum(datum), self._place(datum)
        when = datum.at[0]
        draw_whisker(group, self._calendar, when, y, self._ink)
        left, right = self._calendar.x(when.earliest), self._calendar.end_x(when.latest)
        self._room.spare(Box(left, y - 4, right, y + 4))
        if datum.bound:
            draw_bound(group, datum.bound, x, y, self._ink)
            self._room.block(bound_box(datum.bound, x, y))
        else:
            draw_point(group, datum.look, x, y, self._ink)
        self._room.block(Box(x - REACH, y - REACH, x + REACH, y + REACH))

    def _numbers(self) -> None:
        """Write the numbers at the points, the newest first, where they cover nothing."""
        for datum in sorted(self._points, key=lambda each: (each.at[0].latest, each.key))[::-1]:
            x, y = self._place(datum)
            label = self._room.find(around(x, y, REACH, datum.told))
            if label is not None:
                self._canvas.text(label.x, label.y, label.words, fill=self._ink, **HALO)
