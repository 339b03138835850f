"""How is a strip without a value scale drawn? A treatment, an illness, a drug, a day."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from cds.timeline.canvas import Canvas
from cds.timeline.headings import draw_heading
from cds.timeline.ink import HALO, INKS, QUIET
from cds.timeline.lettering import width_of, wrap
from cds.timeline.marks import (
    REACH,
    bar_ends,
    draw_bar,
    draw_period,
    draw_point,
    draw_tick,
    draw_whisker,
    middle_of,
)
from cds.timeline.placing import LINE, Box, Label, Room, beside
from cds.timeline.scene import Datum, Group, Look
from cds.timeline.sheet import Calendar

_BARS = {Group.TRIAL: 18.0, Group.SUPPORT: 11.0}
_THIN = 8.0
_FEET = 4.0
_ENDLESS = 1e6
_HEADED_BY_READING = {Group.TRIAL, Group.SUPPORT}


def draw_lanes(canvas: Canvas, calendar: Calendar, data: Sequence[Datum], top: float) -> float:
    """Draw the strips of these data, in their order; give where the last one ends."""
    for _, same in groupby(data, key=lambda each: each.lane):
        top = _lane(canvas, calendar, list(same), top) + 9
    return top


def _lane(canvas: Canvas, calendar: Calendar, data: Sequence[Datum], top: float) -> float:
    main = data[0]
    below = main.reading if main.group in _HEADED_BY_READING else ""
    if main.look is Look.WINDOW:
        below = main.told
    headed = draw_heading(canvas, top, main.what, below)
    track = _Track(canvas, calendar, headed.track, _BARS.get(main.group, _THIN))
    for datum in data:
        track.draw(datum)
    track.write_captions(data)
    return max(track.bottom, headed.least)


class _Track:
    """The days of one strip: its marks first, then its captions where they cover none of them."""

    def __init__(self, canvas: Canvas, calendar: Calendar, top: float, height: float) -> None:
        sheet = canvas.sheet
        self._canvas, self._calendar, self._height = canvas, calendar, height
        self._base = top + max(height, 14.0)
        self.bottom = self._base + _FEET
        self._room = Room(Box(sheet.left, top - _FEET, sheet.width, _ENDLESS))
        self._today = calendar.end_x(calendar.axis.as_of)
        self._room.block(Box(self._today - 2, top, self._today + 2, _ENDLESS))

    def draw(self, datum: Datum) -> None:
        """Draw one datum of the strip; what stands beside the time axis has words only."""
        group = self._canvas.datum(datum)
        if datum.aside:
            return
        if datum.look is Look.WINDOW:
            draw_period(group, datum, self._calendar, self._base - 4)
        elif datum.pieces:
            self._bar(group, datum)
        else:
            self._events(group, datum)

    def write_captions(self, data: Sequence[Datum]) -> None:
        """Write beside each mark what it is; a second one of a strip only where it is free."""
        for number, datum in enumerate(data):
            if datum.aside:
                self._paragraph(f"Not on the time axis: {datum.aside}", number == 0)
            elif datum.told and datum.look not in {Look.THIN, Look.WINDOW}:
                self._caption(datum, first=number == 0)

    def _bar(self, group: Canvas, datum: Datum) -> None:
        height = _THIN if datum.look is Look.THIN else self._height
        draw_bar(group, datum, self._calendar, self._base, height)
        left, right = bar_ends(datum, self._calendar)
        self._room.block(Box(left - 4, self._base - height, right + 8 * datum.ongoing, self._base))
        for label in self._steps(datum):
            group.text(label.x, label.y, label.words, fill=QUIET)

    def _steps(self, datum: Datum) -> Iterator[Label]:
        """The doses of a bar under its steps, where there are several and they are free."""
        known = [each for each in datum.pieces if each.last >= self._calendar.axis.first]
        steps = [next(same) for _, same in groupby(known, key=lambda each: each.dose)]
        if len(steps) <= 1 or datum.group is not Group.TRIAL or datum.look is Look.THIN:
            return
        for step in steps:
            label = Label(self._calendar.x(step.first), self._base + LINE, f"{step.dose} mg")
            if self._room.find([label]) is not None:
                self.bottom = max(self.bottom, label.box.bottom + 2)
                yield label

    def _events(self, group: Canvas, datum: Datum) -> None:
        ink, middle = INKS[datum.group], self._base - self._height / 2
        for when in datum.at:
            x = middle_of(self._calendar, when)
            draw_whisker(group, self._calendar, when, middle, ink)
            if datum.group is Group.SUPPORT:
                draw_tick(group, x, self._base, self._height, ink)
            else:
                draw_point(group, datum.look, x, middle, ink)
            edge = self._calendar.end_x(when.latest)
            left = min(x - REACH, self._calendar.x(when.earliest))
            self._room.block(Box(left, middle - 7, max(x + 8, edge), middle + 7))

    def _caption(self, datum: Datum, *, first: bool) -> None:
        left, right = self._ends(datum)
        baseline = self._base - (self._height - 8.5) / 2
        found = self._room.find(beside(left, right + 9 * datum.ongoing, baseline, datum.told))
        if found is not None:
            self._write(found)
        elif first:
            self._paragraph(datum.told, True, left)

    def _ends(self, datum: Datum) -> tuple[float, float]:
        if datum.pieces:
            return bar_ends(datum, self._calendar)
        middles = [middle_of(self._calendar, when) for when in datum.at]
        left = min([*middles, *(self._calendar.x(when.earliest) for when in datum.at)])
        right = max([*middles, *(self._calendar.end_x(when.latest) for when in datum.at)])
        return left - REACH, max(right, max(middles) + 4)

    def _paragraph(self, words: str, needed: bool, left: float | None = None) -> None:
        """Write lines below the marks, as wide as the days are."""
        if not needed:
            return
        sheet = self._canvas.sheet
        width = min(self._today, sheet.right) - sheet.left - 6
        lines = wrap(words, width)
        widest = max(width_of(line) for line in lines)
        x = sheet.left if left is None else max(sheet.left, min(left, sheet.left + width - widest))
        y = self.bottom + 11 if left is not None else self._base - 3
        for line in lines:
            self._write(Label(x, y, line))
            y += LINE

    def _write(self, label: Label) -> None:
        self._room.block(label.box)
        self._canvas.text(label.x, label.y, label.words, fill=QUIET, **HALO)
        self.bottom = max(self.bottom, label.box.bottom + 2)
