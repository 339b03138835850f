"""How do the instructions of one resource go together: side by side, or one after the other?"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

import msgspec

from rules.clinical_time import ClinicalDate
from rules.facts import NO_DOSE, DailyDose, DoseBasis, Drug
from rules.fhir_reader.bounds import MAX_INSTRUCTIONS
from rules.fhir_reader.dates import end_of, start_of
from rules.fhir_reader.decoding import UnreadableError
from rules.fhir_reader.dosage import Dosage, Instruction, read_instruction
from rules.fhir_reader.products import Product
from rules.fhir_reader.timing import Repeat, bounds_days

_FROM_CODES = tuple(DoseBasis)  # the furthest from codes last
_BOUNDS = "$.dosage.timing.repeat.boundsPeriod"


class Step(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One dose of a regimen. start, end: the bounds it states itself. days: how long it lasts."""

    dose: DailyDose = NO_DOSE
    intermittent: bool = False
    as_needed: bool = False
    start: ClinicalDate | None = None
    end: ClinicalDate | None = None
    days: int | None = None


def read_regimen(
    dosages: Sequence[Dosage] | None, drug: Drug, product: Product
) -> tuple[Step, ...]:
    """Give the steps of a regimen in order: one step where all instructions apply together.

    Instructions of one sequence number add up (morning and evening); several numbers are steps
    of a titration. Source: rule.md section 4.3. Steps that cannot be placed, because one before
    the last does not say how long it lasts, become one step with the range of their doses.
    Unknown input: no instruction is one step without a dose. Errors: UnreadableError, also for
    more instructions than anyone could follow.
    """
    known = list(dosages or [])
    if len(known) > MAX_INSTRUCTIONS:
        raise UnreadableError(f"$.dosage should hold at most {MAX_INSTRUCTIONS} instructions")
    numbers = [dosage.order for dosage in known]
    if not known:
        return (Step(),)
    places = {number for number in numbers if number is not None}
    if None in numbers or len(places) == 1:  # a number on some of them orders nothing
        return (_together(known, drug, product),)
    steps = tuple(
        _together([each for each in known if each.order == place], drug, product)
        for place in sorted(places)
    )
    if all(step.days is not None or after.start is not None for step, after in pairwise(steps)):
        return steps
    return (_range_of(steps),)


def _together(dosages: Sequence[Dosage], drug: Drug, product: Product) -> Step:
    """Add up instructions that apply together. What is taken on need only adds nothing."""
    read = [read_instruction(dosage, drug, product) for dosage in dosages]
    scheduled = [each for each in read if not each.as_needed]
    counted = scheduled or read
    repeats = [(each.timing.repeat if each.timing else None) or Repeat() for each in dosages]
    starts = [start_of(each.bounds_period, _BOUNDS) for each in repeats]
    ends = [end_of(each.bounds_period, _BOUNDS) for each in repeats]
    lengths = {bounds_days(each, "$.dosage.timing.repeat") for each in repeats}
    return Step(
        dose=_sum(counted),
        intermittent=any(each.intermittent for each in counted),
        as_needed=not scheduled,
        start=_earliest(starts),
        end=_latest(ends) if None not in ends else None,
        days=lengths.pop() if len(lengths) == 1 else None,
    )


def _sum(read: Sequence[Instruction]) -> DailyDose:
    low = high = Decimal(0)
    for each in sorted(read, key=lambda one: one.dose.basis is DoseBasis.NONE):
        if each.dose.low_mg is None or each.dose.high_mg is None:
            return each.dose
        low, high = low + each.dose.low_mg, high + each.dose.high_mg
    return DailyDose(low, high, _weakest([each.dose.basis for each in read]))


def _range_of(steps: Sequence[Step]) -> Step:
    lows = [step.dose.low_mg for step in steps if step.dose.low_mg is not None]
    highs = [step.dose.high_mg for step in steps if step.dose.high_mg is not None]
    known = len(lows) == len(highs) == len(steps)
    basis = _weakest([step.dose.basis for step in steps])
    return Step(
        dose=DailyDose(min(lows), max(highs), basis) if known else NO_DOSE,
        intermittent=any(step.intermittent for step in steps),
        as_needed=all(step.as_needed for step in steps),
        start=steps[0].start,
        end=steps[-1].end,
    )


def _earliest(dates: Iterable[ClinicalDate | None]) -> ClinicalDate | None:
    known = [date for date in dates if date is not None]
    return min(known, key=lambda date: (date.earliest, date.latest), default=None)


def _latest(dates: Iterable[ClinicalDate | None]) -> ClinicalDate | None:
    known = [date for date in dates if date is not None]
    return max(known, key=lambda date: (date.latest, date.earliest), default=None)


def _weakest(bases: Sequence[DoseBasis]) -> DoseBasis:
    """Give the basis to name for a dose of several parts: the one that is furthest from codes."""
    return max(bases, key=_FROM_CODES.index)
