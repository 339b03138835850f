"""What is left out where there is too much to see? Never what a verdict rests on, never in silence.

The choice depends on the record alone, so that every size of the picture shows the same data.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from cds.timeline.scene import Axis, Datum, Group, Look
from rules.clinical_time import days_between

MAX_LANES = {Group.TRIAL: 14, Group.SUPPORT: 8, Group.MARKER: 4, Group.CONFOUNDER: 10}
MAX_POINTS = 48
_PARTS = 20
_LATER = "left out of the picture for space"
_LOOKS = tuple(Look)


def thin_out(data: Sequence[Datum], axis: Axis, bearing: frozenset[str]) -> tuple[Datum, ...]:
    """Mark what goes beyond as not drawn, with the reason, in the order given.

    Of lanes the treatments that count best and the latest stay. Of points on one scale the first,
    the last, and of each stretch of time the lowest and the highest stay. bearing: the resources a
    verdict rests on; what comes from them stays.
    """
    rested_on = {each.key for each in data if bearing.intersection(each.sources)}
    dropped = {*_surplus_lanes(data), *_surplus_points(data, axis)} - rested_on
    return tuple(
        replace(each, undrawn=_LATER) if each.key in dropped and each.drawn else each
        for each in data
    )


def _surplus_lanes(data: Sequence[Datum]) -> set[str]:
    surplus: set[str] = set()
    for group, most in MAX_LANES.items():
        lanes: dict[str, list[Datum]] = {}
        for each in data:
            if each.group is group and each.drawn:
                lanes.setdefault(each.lane, []).append(each)
        ranked = sorted(lanes.values(), key=lambda lane: _importance(lane[0]))
        surplus |= {each.key for lane in ranked[most:] for each in lane}
    return surplus


def _importance(datum: Datum) -> tuple[bool, int, int]:
    last = datum.last
    return (bool(datum.aside), _LOOKS.index(datum.look), -last.toordinal() if last else 0)


def _surplus_points(data: Sequence[Datum], axis: Axis) -> set[str]:
    points = [each for each in data if each.drawn and each.group in _POINTS]
    surplus: set[str] = set()
    ordered = sorted(points, key=lambda each: each.lane)
    for _, same in groupby(ordered, key=lambda each: each.lane):
        lane = list(same)
        if len(lane) > MAX_POINTS:
            surplus |= {each.key for each in lane} - set(_kept(lane, axis))
    return surplus


_POINTS = {Group.SCORE, Group.RESULT, Group.MARKER, Group.SAFETY}


def _kept(lane: Sequence[Datum], axis: Axis) -> Iterable[str]:
    in_time = sorted(lane, key=lambda each: (each.first or axis.first, each.key))
    yield from (in_time[0].key, in_time[-1].key)
    length = days_between(axis.first, axis.last) + 1

    def part(datum: Datum) -> int:
        return days_between(axis.first, datum.first or axis.first) * _PARTS // length

    for _, same in groupby(in_time, key=part):
        by_level = sorted(same, key=lambda each: (each.level or 0, each.key))
        yield from (by_level[0].key, by_level[-1].key)
