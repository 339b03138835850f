"""Which days, windows and limits are drawn, and by which parameter? None of them is a literal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cds.timeline.grounds import Grounds
from cds.timeline.measures import CRP_LANE, CRP_UNIT
from cds.timeline.scene import Datum, Group, Look, Piece
from rules.clinical_time import Span, exact, plus_days
from rules.il6_blockade import Blockade
from rules.knowledge.model import Scale
from rules.plain_words import counted, number

EPISODE_LANE = "episode"
_MODERATE = "current depression of at least moderate severity from here, inclusive"
_REMISSION = "in the remission range up to here, inclusive"


def limits_of(grounds: Grounds, scales: tuple[Scale, ...]) -> Iterator[Datum]:
    """Give the day of evaluation, the episode, the windows, and the limits of each value scale."""
    yield _day("as-of", "Day of evaluation", grounds.as_of, "evaluated")
    yield _episode(grounds)
    for scale in scales:
        yield from _scale_limits(scale, grounds)
    yield from _crp_limits(grounds)


def _day(key: str, what: str, day: date, told: str) -> Datum:
    return Datum(
        key=key,
        group=Group.LIMIT,
        lane="",
        what=what,
        value="",
        when=day.isoformat(),
        reading="",
        look=Look.DAY,
        at=(exact(day),),
        told=f"{told} {day.isoformat()}",
    )


def _episode(grounds: Grounds) -> Datum:
    start = grounds.episode.start
    known = start > grounds.episode.looks_back_to
    return Datum(
        key="episode",
        group=Group.LIMIT,
        lane=EPISODE_LANE,
        what="Current episode" if known else "History considered",
        value="",
        when=f"{start} to {grounds.as_of}",
        reading="",
        because=grounds.episode.finding.because,
        look=Look.WINDOW,
        sources=grounds.episode.finding.sources,
        pieces=(Piece(first=start, last=grounds.as_of),),
        told=f"since {start}",
    )


def _scale_limits(scale: Scale, grounds: Grounds) -> Iterator[Datum]:
    if scale.key in grounds.knowledge.context_scales:
        return
    days = grounds.knowledge.trd.severity_max_age_days
    yield _window(f"window-{scale.key}", scale.name, days, "trd.severity_max_age_days", grounds)
    for level, told, name, meaning in (
        (scale.moderate, "moderate from", "moderate", _MODERATE),
        (scale.remission_max, "remission up to", "remission_max", _REMISSION),
    ):
        limit = _Limit(scale.name, Decimal(level), "points", told)
        yield limit.datum(f"scales.{scale.key}.{name}", meaning)


def _crp_limits(grounds: Grounds) -> Iterator[Datum]:
    marker = grounds.knowledge.marker
    yield _window("window-crp", CRP_LANE, marker.recency_days, "marker.recency_days", grounds)
    if grounds.blockade.span is not None:
        yield _blocked(grounds.blockade, grounds.blockade.span)
    for key, level, told in (
        ("marker.crp_low_mg_l", marker.crp_low_mg_l, "raised from"),
        ("marker.crp_acute_above_mg_l", marker.crp_acute_above_mg_l, "acute above"),
    ):
        limit = _Limit(CRP_LANE, level, CRP_UNIT, told)
        yield limit.datum(key, grounds.knowledge.parameters[key].meaning)


def _window(key: str, lane: str, days: int, parameter: str, grounds: Grounds) -> Datum:
    first = plus_days(grounds.as_of, -days)
    return Datum(
        key=key,
        group=Group.LIMIT,
        lane=lane,
        what=f"Days on which a {lane} counts as recent",
        value=counted(days, "day", "days"),
        when=f"{first} to {grounds.as_of}",
        reading="",
        because=grounds.knowledge.parameters[parameter].meaning,
        look=Look.WINDOW,
        sources=(parameter,),
        pieces=(Piece(first=first, last=grounds.as_of),),
        told=f"recent: last {days} days",
    )


def _blocked(blockade: Blockade, span: Span) -> Datum:
    first, last = span.start, plus_days(span.end, -1)
    begun = "an unknown day" if first == date.min else first.isoformat()
    return Datum(
        key="window-blocked",
        group=Group.LIMIT,
        lane=CRP_LANE,
        what="Days on which CRP cannot be read",
        value="",
        when=f"{begun} to {last}",
        reading="",
        because=blockade.because,
        look=Look.WINDOW,
        sources=blockade.sources,
        pieces=(Piece(first=first, last=last),),
        told="IL-6 blocker: cannot be read",
    )


@dataclass(frozen=True, slots=True)
class _Limit:
    lane: str
    level: Decimal
    unit: str
    told: str

    def datum(self, parameter: str, meaning: str) -> Datum:
        return Datum(
            key=f"limit-{parameter}",
            group=Group.LIMIT,
            lane=self.lane,
            what=f"{self.lane}, {self.told}",
            value=f"{number(self.level)} {self.unit}",
            when="",
            reading="",
            because=meaning,
            look=Look.LINE,
            sources=(parameter,),
            level=self.level,
            told=f"{self.told} {number(self.level)}",
        )
