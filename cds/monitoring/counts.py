"""What is counted of one day? For one client, service and version of the knowledge.

A chart that is opened ten times a day says ten times the same, so each patient counts once a day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

# A card that the service is there for was due, whether shown, silent or snoozed.
FIRED = "fired"
# Treatment resistance or the marker could not be told; of draft orders, anything that decides.
NOT_EVALUABLE = "not_evaluable"
# The record holds nothing the rule is about, or something that ends it.
OUT_OF_SCOPE = "out_of_scope"
VERDICTS = (FIRED, NOT_EVALUABLE, OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCounts:
    """One day, in UTC, under one version of the knowledge.

    knowledge: the first 12 signs of its SHA-256. since: the first call of that day. calls: all of
    them; evaluations: those that were neither switched off nor held back. patients: those
    evaluated, each once. patients_with: of these, how many had each of VERDICTS, or an entry of
    each kind of unknown code. entries: how many entries had unknown codes, of all evaluations.
    """

    client: str
    service: str
    knowledge: str
    day: date
    since: datetime
    calls: int
    evaluations: int
    patients: int
    patients_with: Mapping[str, int]
    entries: Mapping[str, int]

    def having(self, measure: str) -> int:
        """Give the number of patients with one of VERDICTS or one kind of unknown code."""
        return self.patients_with.get(measure, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Several days together: of so many patients, so many had it."""

    count: int
    patients: int


def pool(days: Iterable[DayCounts], measure: str) -> Pooled:
    """Put days together for one measure. No days: none of none."""
    chosen = tuple(days)
    return Pooled(
        count=sum(each.having(measure) for each in chosen),
        patients=sum(each.patients for each in chosen),
    )


def measures_of(days: Iterable[DayCounts]) -> tuple[str, ...]:
    """Give what can be watched: the verdicts, then each kind of unknown code that was met."""
    met = {measure for each in days for measure in each.patients_with}
    return (*VERDICTS, *sorted(met.difference(VERDICTS)))


def entries_of(days: Iterable[DayCounts]) -> dict[str, int]:
    """Add up the entries with unknown codes by kind; a kind without any is not there."""
    total: Counter[str] = Counter()
    for each in days:
        total.update(each.entries)
    return dict(sorted(total.items()))


def by_service(days: Iterable[DayCounts]) -> dict[tuple[str, str], Sequence[DayCounts]]:
    """Sort days by client and service, each in the order of time."""
    found: dict[tuple[str, str], list[DayCounts]] = {}
    for each in sorted(days, key=lambda day: (day.client, day.service, day.day, day.since)):
        found.setdefault((each.client, each.service), []).append(each)
    return dict(found)
