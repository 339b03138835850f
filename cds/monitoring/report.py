"""How is told what the monitor found: as a table with plain words, or as JSON?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from cds.monitoring.alarms import Alarm
from cds.monitoring.summary import Summary
from cds.monitoring.words import MEASURES, say

LIMIT = (
    "These figures watch the software. They say nothing of how well it does for patients. "
    "Alarms without a cause are normal: see docs/monitoring.md."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitored:
    """What is told: days without a baseline are not judged, and are named."""

    first: date
    last: date
    summaries: tuple[Summary, ...]
    alarms: tuple[Alarm, ...]
    not_judged: tuple[tuple[str, str], ...]


def write_monitored(found: Monitored) -> Iterator[str]:
    """Write a table for each client and service, then the alarms, line by line."""
    if not found.summaries:
        yield f"no decisions from {found.first} to {found.last}"
    for (client, service), lines in groupby(
        found.summaries, key=lambda each: (each.client, each.service)
    ):
        yield f"{client}, {service}, {found.first} to {found.last}; a patient counts once a day"
        yield from _in_columns(tuple(lines))
        yield ""
    for client, service in found.not_judged:
        yield f"not judged: {client}, {service}: too few days before to compare with"
    yield from (f"alarm: {say(alarm)}" for alarm in found.alarms)
    if not found.alarms:
        yield "no alarm"
    yield LIMIT


def _in_columns(lines: Sequence[Summary]) -> Iterator[str]:
    rows = [("knowledge", "days", "evaluations", "card due", "not evaluable", "out of scope")]
    rows += [
        (
            each.knowledge,
            f"{each.days:,}",
            f"{each.evaluations:,}",
            str(each.fired),
            str(each.not_evaluable),
            str(each.out_of_scope),
        )
        for each in lines
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
    for each in lines:
        for kind in each.unknown:
            words = MEASURES.get(kind.kind, kind.kind)
            yield f"{each.knowledge}: {words}: {kind.patients}, {kind.entries:,} entries"


def tell_monitored(found: Monitored) -> dict[str, object]:
    """Give the same as a JSON object."""
    return {
        "first": str(found.first),
        "last": str(found.last),
        "services": [_tell_summary(each) for each in found.summaries],
        "notJudged": [
            {"client": client, "service": service} for client, service in found.not_judged
        ],
        "alarms": [_tell_alarm(each) for each in found.alarms],
        "limit": LIMIT,
    }


def _tell_summary(each: Summary) -> dict[str, object]:
    return {
        "client": each.client,
        "service": each.service,
        "knowledge": each.knowledge,
        "first": str(each.first),
        "last": str(each.last),
        "days": each.days,
        "calls": each.calls,
        "evaluations": each.evaluations,
        "fired": each.fired.to_wire(),
        "notEvaluable": each.not_evaluable.to_wire(),
        "outOfScope": each.out_of_scope.to_wire(),
        "unknownCodes": [
            {"kind": kind.kind, "entries": kind.entries, "patients": kind.patients.to_wire()}
            for kind in each.unknown
        ],
    }


def _tell_alarm(alarm: Alarm) -> dict[str, object]:
    return {
        "client": alarm.client,
        "service": alarm.service,
        "knowledge": alarm.knowledge,
        "sign": alarm.sign.value,
        "measure": alarm.measure,
        "since": str(alarm.since),
        "day": str(alarm.day),
        "seen": {"count": alarm.seen.count, "of": alarm.seen.patients},
        "usual": {"count": alarm.usual.count, "of": alarm.usual.patients},
        "usualKnowledge": alarm.usual_knowledge,
        "because": say(alarm),
    }
