"""How do the dates of one patient move in a de-identified export? All by the same hidden offset.

Dates that are words of a sentence move too. A year that stands alone in a sentence cannot be told
from a number for certain, and is left out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from rules.clinical_time import ClinicalDate, Precision, read_clinical_date

NO_YEAR = "[year]"
_MOMENT = re.compile(
    r"\b(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\d*(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b", re.ASCII)
_MONTH = re.compile(r"(?<![\d.-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?![\d-])", re.ASCII)
_YEAR = re.compile(r"(?<![\w.,-])(?:19|20)\d\d(?![\w-]|[.,]\d| ?(?:mg|mcg|µg|g|days?|%)\b)")


@dataclass(frozen=True, slots=True)
class DateOffset:
    """How far the dates of one patient are moved back. It is in no repr.

    days: of a day. part: of a day, by which moments are moved further, so that the time of day of
    a decision cannot be looked up in the log of another system. Between two moments, and between
    two days, everything stays as it was.
    """

    days: int = field(repr=False)
    part: timedelta = field(repr=False)

    def move_day(self, day: date) -> date:
        """Move a day; one that would leave the calendar becomes its first day."""
        try:
            return day - timedelta(days=self.days)
        except OverflowError:
            return date.min

    def move_moment(self, moment: datetime) -> datetime:
        """Move a moment, which is aware; given in UTC."""
        try:
            return moment.astimezone(UTC) - timedelta(days=self.days) - self.part
        except OverflowError:
            return datetime.combine(date.min, time.min, UTC)

    def move_clinical(self, stated: ClinicalDate) -> ClinicalDate:
        """Move a date that may be a month or a year with its middle; it stays as precise."""
        middle = stated.earliest + (stated.latest - stated.earliest) // 2
        length = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[stated.precision]
        return read_clinical_date(self.move_day(middle).isoformat()[:length])

    def move_words(self, text: str) -> str:
        """Move every date in a text that we wrote; a year alone becomes NO_YEAR."""
        text = _YEAR.sub(NO_YEAR, text)
        # What was moved must not be found again, so every date is taken out before any is put in.
        moved: list[str] = []

        def keep(write: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
            def place(found: re.Match[str]) -> str:
                moved.append(write(found))
                return f"\0{len(moved) - 1}\0"

            return place

        for pattern, write in (
            (_MOMENT, self._write_moment),
            (_DAY, self._write_day),
            (_MONTH, self._write_month),
        ):
            text = pattern.sub(keep(write), text)
        return re.sub("\0(\\d+)\0", lambda found: moved[int(found[1])], text)

    def _write_moment(self, found: re.Match[str]) -> str:
        day, between, clock, zone = found.groups()
        try:
            moment = datetime.fromisoformat(f"{day}T{clock}{zone or '+00:00'}")
        except ValueError:
            return ""
        timespec = {5: "minutes", 8: "seconds"}.get(len(clock), "microseconds")
        written = self.move_moment(moment).isoformat(sep=between, timespec=timespec)
        return written.removesuffix("+00:00") + ("Z" if zone else "")

    def _write_day(self, found: re.Match[str]) -> str:
        try:
            return self.move_day(date.fromisoformat(found[0])).isoformat()
        except ValueError:
            return ""

    def _write_month(self, found: re.Match[str]) -> str:
        return self.move_clinical(read_clinical_date(found[0])).text
