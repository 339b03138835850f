"""Was a run of an antidepressant long enough at a high enough dose?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import combinations

from rules.clinical_time import Span
from rules.exposures import Stretch
from rules.facts import DoseBasis, Exposure, ExposureKind
from rules.findings import Finding, Verdict
from rules.knowledge.drugs import Antidepressant
from rules.knowledge.model import Knowledge
from rules.plain_words import counted, dose
from rules.trial_gaps import TrialGap
from rules.trials import Run


class DoseClass(Enum):
    """A daily dose against the floor of its drug, rule.md section 4.3 and drugs.md section 1."""

    ADEQUATE = "adequate"
    RANGE = "range"
    GREY = "grey"
    UNKNOWN = "unknown"
    BELOW = "below"
    AS_NEEDED = "as_needed"
    INTERMITTENT = "intermittent"


# What each class of dose adds as a gap when its days are needed to make a trial long enough.
GAP_OF_DOSE = {
    DoseClass.RANGE: TrialGap.DOSE_RANGE_SPANS,
    DoseClass.GREY: TrialGap.DOSE_GREY,
    DoseClass.UNKNOWN: TrialGap.DOSE_UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Adequacy:
    """How long a run was at which dose.

    finding: MET (adequate), CANNOT_TELL (with gaps) or NOT_MET. counted: the stretches whose days
    make up `days`. highest_mg: the highest dose of the run; None where no dose is known.
    """

    finding: Finding
    gaps: tuple[TrialGap, ...]
    days: int
    counted: tuple[Stretch, ...]
    highest_mg: Decimal | None

    @property
    def can_count(self) -> bool:
        return self.finding.verdict is not Verdict.NOT_MET

    def holds(self, span: Span) -> int:
        """Count the counted days inside a span."""
        return sum(
            Span(max(each.span.start, span.start), min(each.span.end, span.end)).days
            for each in self.counted
        )


def classify_dose(exposure: Exposure, knowledge: Knowledge) -> DoseClass:
    """Put the daily dose of an exposure into its class.

    Units: mg a day against the row of the drug table, at or above the floor is adequate; a dose
    above the plausible maximum is a data error and unknown. Source: drugs.md section 1. Unknown
    input: a drug without a dose row, or no dose, is UNKNOWN and never adequate.
    """
    row = knowledge.drugs.antidepressants.get(exposure.drug.dose_row or "")
    if exposure.intermittent and (row is None or row.schedule == "daily"):
        return DoseClass.INTERMITTENT
    if exposure.as_needed:
        # A supply that lasted as long as daily use would is some evidence of daily use.
        daily = (
            exposure.kind is ExposureKind.DISPENSE and exposure.dose.basis is DoseBasis.DISPENSED
        )
        return DoseClass.UNKNOWN if daily else DoseClass.AS_NEEDED
    low, high = exposure.dose.low_mg, exposure.dose.high_mg
    if row is None or low is None or high is None or row.minimum_mg is None:
        return DoseClass.UNKNOWN
    if row.max_plausible_mg is not None and high > row.max_plausible_mg:
        return DoseClass.UNKNOWN
    return _against_floor(low, high, row, knowledge)


def _against_floor(
    low: Decimal, high: Decimal, row: Antidepressant, knowledge: Knowledge
) -> DoseClass:
    floor, grey_from = floor_of(row, knowledge)
    if low >= floor:
        return DoseClass.ADEQUATE
    if high >= floor:
        return DoseClass.RANGE
    return DoseClass.GREY if grey_from is not None and low >= grey_from else DoseClass.BELOW


def floor_of(row: Antidepressant, knowledge: Knowledge) -> tuple[Decimal, Decimal | None]:
    """Give the adequate dose of a row and where its grey band begins, both in mg a day.

    Source: drugs.md section 1; with the profile "strict" the band runs from the grey floor (or the
    label floor) to the strict dose. A row without a floor must not be asked for.
    """
    if row.minimum_mg is None:
        raise ValueError(f"the drug table has no dose floor for {row.row}")
    if knowledge.trd.dose_profile == "strict" and row.strict_mg is not None:
        return row.strict_mg, row.grey_low_mg or row.minimum_mg
    return row.minimum_mg, row.grey_low_mg


def judge_adequacy(run: Run, knowledge: Knowledge) -> Adequacy:
    """Judge whether a run has enough covered days at an adequate dose.

    Units: covered days; `trd.min_days_adequate` or more are enough, `trd.near_adequate_days` or
    more are near. Source: rule.md sections 1.1, 4.3 and 4.4. Days at a grey, spanning or unknown
    dose are counted only where adequate days alone do not do, and each such kind is a gap; the
    choice with the fewest gaps is taken. Unknown input: an unknown dose never makes a trial
    adequate, and with `trd.unknown_dose = "not_counted"` its days do not count at all.
    """
    classed = [(stretch, classify_dose(stretch.exposure, knowledge)) for stretch in run.stretches]
    doses = [each.dose.high_mg for each in run.stretches if each.dose.high_mg is not None]
    highest = max(doses, default=None)
    best: Adequacy | None = None
    used = {dose for _, dose in classed}
    for extra in _choices(knowledge):
        levels = {DoseClass.ADEQUATE, *extra}
        counted_stretches = tuple(stretch for stretch, level in classed if level in levels)
        candidate = _measure(
            counted_stretches, [GAP_OF_DOSE[e] for e in extra if e in used], highest, run, knowledge
        )
        if candidate is not None and (best is None or len(candidate.gaps) < len(best.gaps)):
            best = candidate
        if best is not None and not best.gaps:
            break
    return best or _inadequate(classed, highest, run, knowledge)


def _choices(knowledge: Knowledge) -> Iterable[tuple[DoseClass, ...]]:
    kinds = [DoseClass.RANGE, DoseClass.GREY]
    if knowledge.trd.unknown_dose == "indeterminate":
        kinds.append(DoseClass.UNKNOWN)
    for count in range(len(kinds) + 1):
        yield from combinations(kinds, count)


def _measure(
    stretches: tuple[Stretch, ...],
    gaps: list[TrialGap],
    highest: Decimal | None,
    run: Run,
    knowledge: Knowledge,
) -> Adequacy | None:
    trd = knowledge.trd
    days = sum(stretch.span.days for stretch in stretches)
    if days < (trd.near_adequate_days or trd.min_days_adequate):
        return None
    if days < trd.min_days_adequate:
        gaps = [*gaps, TrialGap.DURATION_NEAR]
    verdict = Verdict.CANNOT_TELL if gaps else Verdict.MET
    because = f"{counted(days, 'covered day', 'covered days')} {_at_dose(stretches, knowledge)}"
    return Adequacy(
        finding=Finding(
            verdict=verdict,
            because=because,
            citations=("trd.min_days_adequate", "trd.dose_profile"),
            sources=run.sources,
        ),
        gaps=tuple(gaps),
        days=days,
        counted=stretches,
        highest_mg=highest,
    )


def _at_dose(stretches: tuple[Stretch, ...], knowledge: Knowledge) -> str:
    doses = sorted(
        {(s.dose.low_mg, s.dose.high_mg) for s in stretches if s.dose.low_mg and s.dose.high_mg}
    )
    if not doses:
        return "at a dose that is not recorded"
    lowest, highest = doses[0][0], max(high for _, high in doses)
    shown = dose(lowest) if lowest == highest else f"{dose(lowest)} to {dose(highest)}"
    row = knowledge.drugs.antidepressants.get(stretches[-1].drug.dose_row or "")
    if row is None or row.minimum_mg is None:
        return f"at {shown} mg/day"
    return f"at {shown} mg/day (adequate from {dose(floor_of(row, knowledge)[0])} mg/day)"


def _length(classed: Sequence[tuple[Stretch, DoseClass]], days: int) -> str:
    """Give the covered days, and how many of them may be at an adequate dose where not all are."""
    may_count = sum(
        s.span.days for s, dose in classed if dose in {DoseClass.ADEQUATE, *GAP_OF_DOSE}
    )
    words = counted(days, "covered day", "covered days")
    return words if may_count == days else f"{may_count} of {words}"


def _inadequate(
    classed: list[tuple[Stretch, DoseClass]],
    highest: Decimal | None,
    run: Run,
    knowledge: Knowledge,
) -> Adequacy:
    """Say why a run cannot count: its schedule, its dose or its length."""
    classes = {dose for _, dose in classed}
    days = sum(stretch.span.days for stretch in run.stretches)
    shown = _at_dose(run.stretches, knowledge)
    if classes <= {DoseClass.AS_NEEDED}:
        because = "taken as needed, no daily schedule recorded"
    elif classes <= {DoseClass.INTERMITTENT}:
        because = "not taken every day"
    elif classes <= {DoseClass.BELOW}:
        covered = counted(days, "covered day", "covered days")
        because = f"the dose stayed below an adequate dose: {covered} {shown}"
    else:
        because = (
            f"too short at an adequate dose: {_length(classed, days)} {shown}, "
            f"{knowledge.trd.min_days_adequate} days are needed"
        )
    return Adequacy(
        finding=Finding(
            verdict=Verdict.NOT_MET,
            because=because,
            citations=("trd.near_adequate_days", "trd.dose_profile"),
            sources=run.sources,
        ),
        gaps=(),
        days=days,
        counted=(),
        highest_mg=highest,
    )


def of_unknown_length(stretch: Stretch, dose: DoseClass) -> Adequacy:
    """Give what is known of an exposure with a start and no length: its dose, and the gap."""
    start = stretch.span.start.isoformat()
    return Adequacy(
        finding=Finding(
            verdict=Verdict.CANNOT_TELL,
            because=f"recorded from {start}, and how long it was taken is not recorded",
            sources=stretch.exposure.sources,
        ),
        gaps=(TrialGap.DURATION_UNKNOWN, *([GAP_OF_DOSE[dose]] if dose in GAP_OF_DOSE else [])),
        days=0,
        counted=(stretch,),
        highest_mg=stretch.dose.high_mg,
    )
