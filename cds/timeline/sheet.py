"""How large is the picture, and where does a day stand? One sheet for each width of screen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from cds.timeline.lettering import SIZE, width_of
from cds.timeline.scene import Axis
from rules.clinical_time import days_between

_MONTHS = 12
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
_TICK_ROOM = 10.0
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The measures of one size of the picture, in CSS pixels.

    left: where the days begin; right: where they end. Headings stand in the column left of the
    days, `column` wide, or above their strip where that column is narrow. margin: paper around all
    of it.
    """

    name: str
    width: float
    left: float
    right: float
    column: float
    margin: float = 0.0

    @property
    def headings_above(self) -> bool:
        return self.column > self.left


WIDE = Sheet(name="wide", width=1040, left=216, right=918, column=190)
MEDIUM = Sheet(name="medium", width=700, left=174, right=578, column=148)
DOCUMENT = replace(WIDE, name="document", margin=20)
COMPACT = Sheet(name="compact", width=288, left=30, right=284, column=286)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A month that is marked. year: written below where a year begins, or the axis does."""

    x: float
    label: str
    year: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of an axis on a sheet."""

    axis: Axis
    sheet: Sheet

    def x(self, day: date) -> float:
        """Where a day begins; a day off the axis stands at its edge."""
        inside = min(max(day, self.axis.first), self.axis.last)
        share = days_between(self.axis.first, inside) / self._length
        return self.sheet.left + share * (self.sheet.right - self.sheet.left)

    def end_x(self, day: date) -> float:
        """Where a day ends."""
        step = (self.sheet.right - self.sheet.left) / self._length
        return min(self.x(day) + step, self.sheet.right)

    @property
    def _length(self) -> int:
        return max(1, days_between(self.axis.first, self.axis.last))

    def ticks(self) -> tuple[Tick, ...]:
        """Give the months that are marked: as many as there is room to name."""
        months = self._months()
        step = next((each for each in _STEPS if self._fits(months, each)), len(months))
        marked = [
            month
            for month in months
            if (month.month - 1) % min(step, _MONTHS) == 0 and self._room_for(month)
        ]
        if step > _MONTHS:
            marked = [month for month in marked if month.year % (step // _MONTHS) == 0]
        return tuple(self._named(marked))

    def _fits(self, months: list[date], step: int) -> bool:
        if len(months) <= step:
            return True
        label = width_of("Mmm" if step < _MONTHS else "2026", SIZE) + _TICK_ROOM
        return step * (self.sheet.right - self.sheet.left) / len(months) >= label

    def _room_for(self, month: date) -> bool:
        last = self.end_x(self.axis.as_of)
        return self.x(month) + width_of(_NAMES[month.month - 1]) < last - 2

    def _months(self) -> list[date]:
        first, last = (
            day.year * _MONTHS + day.month - 1 for day in (self.axis.first, self.axis.last)
        )
        months = range(first, last + 1)
        return [date(month // _MONTHS, month % _MONTHS + 1, 1) for month in months]

    def _named(self, marked: list[date]) -> Iterator[Tick]:
        for number, month in enumerate(marked):
            new_year = month.month == 1
            later = [self.x(each) for each in marked[number + 1 :] if each.month == 1]
            apart = not later or later[0] - self.x(month) > width_of("2026", bold=True) + 4
            year = str(month.year) if new_year or (number == 0 and apart) else ""
            yield Tick(x=self.x(month), label=_NAMES[month.month - 1], year=year)
