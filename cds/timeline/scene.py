"""What is on the picture? Every datum once, frozen, before anything is laid out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from rules.clinical_time import ClinicalDate
from rules.plain_words import dose as write_dose


class Group(Enum):
    """The parts of the picture, from top to bottom; the value is the heading."""

    TRIAL = "Antidepressant trials"
    SUPPORT = "Supporting treatments"
    SCORE = "Symptom scores"
    RESULT = "CRP"
    MARKER = "Other markers"
    CONFOUNDER = "What else could move the CRP"
    SAFETY = "Safety entries"
    LIMIT = "Days, windows and limits"


class Look(Enum):
    """How a datum looks. Shapes and patterns tell the looks apart, never colour alone."""

    SOLID = "solid"
    HATCHED = "hatched"
    HOLLOW = "hollow"
    THIN = "thin"
    DISC = "disc"
    RING = "ring"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    CROSS = "cross"
    SQUARE = "square"
    FLAG = "flag"
    DAY = "day"
    WINDOW = "window"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Days without a break at one dose, first and last included.

    lowest_mg, highest_mg: milligrams a day, the same where one dose is known; None where unknown.
    """

    first: date
    last: date
    lowest_mg: Decimal | None = None
    highest_mg: Decimal | None = None

    @property
    def dose(self) -> str:
        """The daily dose in milligrams, in words: "100", "20 to 40", or "?"."""
        if self.lowest_mg is None or self.highest_mg is None:
            return "?"
        low, high = write_dose(self.lowest_mg), write_dose(self.highest_mg)
        return low if low == high else f"{low} to {high}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One thing on the picture, and the row that tells the same in words.

    lane: the strip it stands on. pieces: days it covers; at: the dates of single events, as
    precise as recorded; unsure: dates of a bar that are not known to the day. level: the number
    on the value scale of its lane; bound: "<" or ">" where the number is only a bound. told: what
    is written at the mark. because: the grounds, for the row. aside: why it stands in words beside
    the time axis; undrawn: why it is not on the picture at all; both empty for what has its place.
    """

    key: str
    group: Group
    lane: str
    what: str
    value: str
    when: str
    reading: str
    look: Look
    sources: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    at: tuple[ClinicalDate, ...] = ()
    unsure: tuple[ClinicalDate, ...] = ()
    level: Decimal | None = None
    bound: str = ""
    told: str = ""
    ongoing: bool = False
    because: str = ""
    aside: str = ""
    undrawn: str = ""

    @property
    def first(self) -> date | None:
        """The first day it can mean, or None where it has no day."""
        days = [each.first for each in self.pieces]
        days += [each.earliest for each in (*self.at, *self.unsure)]
        return min(days, default=None)

    @property
    def last(self) -> date | None:
        """The last day it can mean, or None where it has no day."""
        days = [each.last for each in self.pieces]
        days += [each.latest for each in (*self.at, *self.unsure)]
        return max(days, default=None)

    @property
    def drawn(self) -> bool:
        """Whether it is on the picture, as a mark or in words beside the time axis."""
        return not self.undrawn

    @property
    def words(self) -> str:
        """What the mark says when it is pointed at: the row in one line."""
        return "; ".join(part for part in (self.what, self.value, self.when, self.reading) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The days the picture spans, both included, and the day of evaluation among them."""

    first: date
    last: date
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A strip with a value scale of its own. lane: the data that stand on it."""

    lane: str
    unit: str
    group: Group
    low: Decimal
    high: Decimal
    logarithmic: bool
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything on one picture. notes: what it does not show, in sentences."""

    axis: Axis
    data: tuple[Datum, ...]
    panels: tuple[Panel, ...]
    title: str
    summary: str
    notes: tuple[str, ...]

    def of(self, group: Group) -> tuple[Datum, ...]:
        return tuple(each for each in self.data if each.group is group and each.drawn)

    def on(self, lane: str) -> tuple[Datum, ...]:
        return tuple(each for each in self.data if each.lane == lane and each.drawn)
