"""How does one assessment become a scene? Data, axis, panels and words, in this order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from cds.pages.words import INFLAMMATION, RESISTANCE
from cds.timeline.grounds import Grounds
from cds.timeline.happenings import confounders_of, safety_of
from cds.timeline.limits import limits_of
from cds.timeline.measures import CRP_LANE, CRP_UNIT, results_of, scores_of
from cds.timeline.notes import notes_on
from cds.timeline.record import Places
from cds.timeline.scene import Axis, Datum, Group, Panel, Scene
from cds.timeline.thinning import thin_out
from cds.timeline.treatments import support_of, trials_of
from rules.clinical_time import days_between, plus_days
from rules.findings import Assessment
from rules.knowledge.model import Scale

_SETS_THE_AXIS = frozenset({Group.TRIAL, Group.SUPPORT, Group.SCORE, Group.RESULT})
_NEVER_ASIDE = frozenset({Group.SCORE, Group.RESULT, Group.MARKER, Group.LIMIT})
_ROOM = 30  # one part in so many of the axis lies behind the day of evaluation
_LEAST_ROOM_DAYS = 6
# The logarithmic scale goes on for so many times its lowest and its highest value.
_BELOW, _ABOVE = 4, 2


def compose(grounds: Grounds) -> Scene:
    """Put together everything that is on the picture of one assessment."""
    places = Places(grounds)
    happened = [
        *_in_time(trials_of(grounds)),
        *support_of(grounds, places),
        *scores_of(grounds),
        *results_of(grounds),
        *confounders_of(grounds, places),
        *safety_of(grounds),
    ]
    axis = _axis(happened, grounds)
    placed = [_within(each, axis) for each in _in_strips(happened)]
    thinned = thin_out(placed, axis, _bearing(grounds.assessment))
    scales = _scales(thinned, grounds)
    limits = (_within(each, axis) for each in limits_of(grounds, scales))
    data = (*thinned, *limits)
    return Scene(
        axis=axis,
        data=data,
        panels=(*(_scale_panel(scale) for scale in scales), _crp_panel(data)),
        title="Timeline of treatment, symptoms and CRP",
        summary=_summary(grounds.assessment, axis),
        notes=notes_on(thinned, grounds),
    )


def _in_time(trials: Iterable[Datum]) -> list[Datum]:
    """Trials by their first day; what has none stands last, and further intake by its trial."""
    known = list(trials)
    begun = {each.lane: each.first or date.max for each in known[::-1]}
    return sorted(known, key=lambda each: (begun[each.lane], each.lane))


def _in_strips(data: Sequence[Datum]) -> list[Datum]:
    """Part by part, and in each the data of one strip together, in the order they are given."""
    groups, lanes = list(Group), list(dict.fromkeys(each.lane for each in data))
    places = {lane: number for number, lane in enumerate(lanes)}
    return sorted(data, key=lambda each: (groups.index(each.group), places[each.lane]))


def _axis(data: Iterable[Datum], grounds: Grounds) -> Axis:
    """From the first day of a month that shows all of the history considered, and the windows."""
    trd, marker, as_of = grounds.knowledge.trd, grounds.knowledge.marker, grounds.as_of
    reach = plus_days(as_of, -trd.lookback_days)
    first = plus_days(as_of, -max(marker.recency_days, trd.severity_max_age_days))
    known = [each.first for each in data if each.group in _SETS_THE_AXIS]
    begun = min([first, *(max(day, reach) for day in known if day is not None)])
    start = begun.replace(day=1)
    room = max(_LEAST_ROOM_DAYS, days_between(start, as_of) // _ROOM)
    return Axis(first=start, last=plus_days(as_of, room), as_of=as_of)


def _within(datum: Datum, axis: Axis) -> Datum:
    """Take off the axis what lies before or behind it, and say so."""
    first, last = datum.first, datum.last
    if first is None or last is None or datum.undrawn:
        return datum
    if axis.first <= last and first <= axis.last:
        return datum
    side = "before" if last < axis.first else "after"
    if datum.group in _NEVER_ASIDE:
        return replace(datum, undrawn=f"dated {side} the days shown")
    return replace(datum, aside=f"{side} the days shown: {_short(datum)}")


def _short(datum: Datum) -> str:
    first, last = datum.first, datum.last
    single = first == last or not datum.pieces
    return datum.when if single else f"{first} to {last}"


def _bearing(assessment: Assessment) -> frozenset[str]:
    """The resources the two verdicts rest on."""
    verdicts = (assessment.treatment_resistance, assessment.inflammation)
    return frozenset(source for each in verdicts for source in each.finding.sources)


def _scales(data: Sequence[Datum], grounds: Grounds) -> tuple[Scale, ...]:
    """The scales of the drawn scores; the first of the table stands for none."""
    known = (*grounds.knowledge.scales.values(), *grounds.knowledge.context_scales.values())
    lanes = {each.lane for each in data if each.group is Group.SCORE and each.drawn}
    return tuple(each for each in known if each.name in lanes) or known[:1]


def _scale_panel(scale: Scale) -> Panel:
    return Panel(
        lane=scale.name,
        unit="points",
        group=Group.SCORE,
        low=Decimal(scale.minimum),
        high=Decimal(scale.maximum),
        logarithmic=False,
        empty=f"No {scale.name} that could be placed here",
    )


def _crp_panel(data: Sequence[Datum]) -> Panel:
    """A scale of equal ratios, because a CRP of 200 and one of 2 must both be read."""
    results = [each for each in data if each.group is Group.RESULT and each.drawn]
    levels = [each.level for each in data if each.lane == CRP_LANE and each.level and each.drawn]
    assays = sorted({each.what for each in results})
    names = {1: assays[0] if assays else ""}.get(len(assays), "hs: high-sensitivity assay")
    return Panel(
        lane=CRP_LANE,
        unit=f"{CRP_UNIT}, {names}" if assays else CRP_UNIT,
        group=Group.RESULT,
        low=min(levels) / _BELOW,
        high=max(levels) * _ABOVE,
        logarithmic=True,
        empty="No readable CRP in these days",
    )


def _summary(assessment: Assessment, axis: Axis) -> str:
    resistance, inflammation = assessment.treatment_resistance, assessment.inflammation
    return (
        f"{axis.first} to {assessment.as_of}. "
        f"Treatment resistance: {RESISTANCE[resistance.status].lower()}. "
        f"CRP: {INFLAMMATION[inflammation.status].lower()}."
    )
