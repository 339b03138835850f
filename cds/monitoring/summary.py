"""What happened under each version of the knowledge, over some days? Shares with n and interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from cds.monitoring.counts import (
    FIRED,
    NOT_EVALUABLE,
    OUT_OF_SCOPE,
    DayCounts,
    by_service,
    entries_of,
    pool,
)
from cds.review.proportion import Proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownCodes:
    """One kind: how many entries, and how many patients had one."""

    kind: str
    entries: int
    patients: Proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One client, service and version. days: those with an evaluation; shares are of patients."""

    client: str
    service: str
    knowledge: str
    first: date
    last: date
    days: int
    calls: int
    evaluations: int
    fired: Proportion
    not_evaluable: Proportion
    out_of_scope: Proportion
    unknown: tuple[UnknownCodes, ...]


def summarise(days: Sequence[DayCounts], first: date) -> tuple[Summary, ...]:
    """Sum days up from the first one on, by client and service, the oldest version first."""
    found = []
    for history in by_service(day for day in days if day.day >= first).values():
        versions = {version: place for place, version in enumerate(_versions(history))}
        by_version = sorted(history, key=lambda day: versions[day.knowledge])
        for _, of_version in groupby(by_version, key=lambda day: day.knowledge):
            found.append(_summary(tuple(of_version)))
    return tuple(found)


def _versions(history: Sequence[DayCounts]) -> list[str]:
    return list(dict.fromkeys(day.knowledge for day in history))


def _summary(days: Sequence[DayCounts]) -> Summary:
    first, last = days[0], days[-1]
    return Summary(
        client=first.client,
        service=first.service,
        knowledge=first.knowledge,
        first=first.day,
        last=last.day,
        days=sum(1 for day in days if day.evaluations),
        calls=sum(day.calls for day in days),
        evaluations=sum(day.evaluations for day in days),
        fired=_share(days, FIRED),
        not_evaluable=_share(days, NOT_EVALUABLE),
        out_of_scope=_share(days, OUT_OF_SCOPE),
        unknown=tuple(
            UnknownCodes(kind=kind, entries=entries, patients=_share(days, kind))
            for kind, entries in entries_of(days).items()
        ),
    )


def _share(days: Sequence[DayCounts], measure: str) -> Proportion:
    pooled = pool(days, measure)
    return Proportion(pooled.count, pooled.patients)
