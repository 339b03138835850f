"""What would this service have done, had it spoken? One page on a period, before anybody is shown.

It tells numbers and no verdict: whether a service may go live is decided by people, by a stop rule
that was written down beforehand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from statistics import median

from cds.review.alternatives import Alternatives
from cds.review.behaviour import Firing, Seen, count_missing, describe_firing, evaluated
from cds.review.proportion import Proportion

SYNTHETIC = (
    "These figures are on synthetic patients. They test the software, and say nothing about "
    "clinical validity."
)
NO_VERDICT = (
    "These are figures, and no verdict. Whether the service may go live is decided by people, by a "
    "number of cases and a stop rule written down beforehand."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """How many cards a day would have brought; days without any count too.

    days: of the period. usual, most: cards on the middle day, and on the busiest. per_clinician:
    cards a day for each clinician; None where nobody said how many there are.
    """

    days: int
    cards: int
    usual: float
    most: int
    clinicians: int | None = None

    @property
    def per_clinician(self) -> float | None:
        if not self.clinicians or not self.days:
            return None
        return self.cards / self.days / self.clinicians

    def to_wire(self) -> dict[str, object]:
        """Give it as JSON; without the cards of a clinician's day where nobody said how many."""
        told: dict[str, object] = {
            "days": self.days,
            "cards": self.cards,
            "usualDay": self.usual,
            "busiestDay": self.most,
        }
        if self.per_clinician is not None:
            told |= {"clinicians": self.clinicians, "perClinicianDay": self.per_clinician}
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What reviewers settled on the fires of the period.

    ppv: agreed, of all settled; ppv_told: leaving out those of which they could not tell.
    """

    ppv: Proportion
    ppv_told: Proportion
    not_settled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What reviewers settled on one decision for one sample; None: they differ so far."""

    decision: str
    fired: bool
    settled: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentReport:
    """One page on one period, from its first to its last day, both included, in UTC."""

    first: date
    last: date
    client: str | None
    service: str | None
    firing: Firing
    missing: tuple[tuple[str, Proportion], ...]
    burden: Burden
    judged: Judged
    alternatives: Alternatives
    synthetic: bool


def measure_burden(seen: Iterable[Seen], first: date, last: date, clinicians: int | None) -> Burden:
    """Count the fires of each day of a period. clinicians: who share them; None: not known."""
    days = (last - first).days + 1
    by_day = {first + timedelta(days=number): 0 for number in range(days)}
    for each in evaluated(seen):
        if each.fired:
            by_day[each.at.astimezone(UTC).date()] += 1
    counts = list(by_day.values())
    return Burden(
        days=days,
        cards=sum(counts),
        usual=float(median(counts)),
        most=max(counts),
        clinicians=clinicians,
    )


def count_judged(verdicts: Iterable[Verdict]) -> Judged:
    """Count the fires that reviewers settled, each once.

    A decision that was judged for two samples with two results is not settled.
    """
    found: dict[str, set[str | None]] = {}
    for each in verdicts:
        if each.fired:
            found.setdefault(each.decision, set()).add(each.settled)
    settled = [next(iter(said)) for said in found.values() if len(said) == 1]
    told = [each for each in settled if each is not None]
    agreed, disagreed = told.count("agree"), told.count("disagree")
    return Judged(
        ppv=Proportion(agreed, len(told)),
        ppv_told=Proportion(agreed, agreed + disagreed),
        not_settled=len(found) - len(told),
    )


def write_report(
    seen: Sequence[Seen],
    verdicts: Iterable[Verdict],
    alternatives: Alternatives,
    asked: "AskedReport",
) -> SilentReport:
    """Write the report. seen: the decisions of the period, the oldest first."""
    return SilentReport(
        first=asked.first,
        last=asked.last,
        client=asked.client,
        service=asked.service,
        firing=describe_firing(seen),
        missing=count_missing(seen),
        burden=measure_burden(seen, asked.first, asked.last, asked.clinicians),
        judged=count_judged(verdicts),
        alternatives=alternatives,
        synthetic=asked.synthetic,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedReport:
    """What a report is asked for. first, last: days in UTC, both included."""

    first: date
    last: date
    client: str | None = None
    service: str | None = None
    clinicians: int | None = None
    synthetic: bool = False
