"""How does one medication resource become stretches of a drug?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rules.clinical_time import ClinicalDate
from rules.facts import DailyDose, DoseBasis, Drug, Exposure
from rules.fhir_reader.dates import shift
from rules.fhir_reader.dosage import Dosage, amount_mg
from rules.fhir_reader.elements import Quantity
from rules.fhir_reader.linking import ResourceIndex
from rules.fhir_reader.products import Product
from rules.fhir_reader.regimen import Step, read_regimen
from rules.knowledge.model import Knowledge


@dataclass(frozen=True, slots=True)
class Chart:
    """What one resource is read against: the other resources, and the knowledge."""

    index: ResourceIndex
    knowledge: Knowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicationFacts:
    """What one medication resource says.

    usable: whether its status lets it count as a record of a drug at all. dispensed: when a
    supply of any drug was handed over. unresolved: why its drug is not known.
    """

    exposures: tuple[Exposure, ...] = ()
    usable: bool = False
    dispensed: ClinicalDate | None = None
    unresolved: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What was or is to be supplied: how much, and for how many days."""

    quantity: Quantity | None = None
    days: int | None = None  # what the quantity lasts
    total_days: int | None = None  # with repeats


def days_supplied(
    supply: Supply, dosages: Sequence[Dosage] | None, drug: Drug, product: Product
) -> int | None:
    """Give the days a quantity lasts: by milligrams, else by pieces where the strength is unknown.

    Source: rule.md section 4.1. Unknown input: no quantity, a dose that is no single number, or
    one on need only yields None. Errors: UnreadableError.
    """
    pieces = replace(drug, strength_mg=Decimal(1))
    for each, allowed in ((drug, set(DoseBasis)), (pieces, {DoseBasis.PRODUCT_STRENGTH})):
        (first, *others) = read_regimen(dosages, each, product)
        quantity = amount_mg(supply.quantity, each, product)
        daily = first.dose.low_mg if first.dose.low_mg == first.dose.high_mg else None
        if quantity is None or not daily or others or first.as_needed:
            continue
        days = int(quantity / daily)
        if first.dose.basis in allowed and days > 0:
            return days
    return None


def lay_out(
    template: Exposure, dosages: Sequence[Dosage] | None, product: Product, supply: Supply
) -> tuple[Exposure, ...]:
    """Give one exposure for each step of the regimen of the template's drug.

    `template` holds what all steps share, with the start and end of the whole. Units: mg a day.
    A dose the instructions are silent about is worked out from the supply. Source: rule.md 4.3.
    Errors: UnreadableError.
    """
    steps = read_regimen(dosages, template.drug, product)
    if len(steps) == 1:
        dose = _dose(steps[0].dose, supply, template.drug, product)
        return (_at_step(template, replace(steps[0], dose=dose)),)
    laid: list[Exposure] = []
    start, passed = template.start, 0
    for step, after in zip(steps, (*steps[1:], None), strict=True):
        start = step.start or start
        end = step.end or (shift(start, step.days - 1) if step.days else None)
        if after is not None and after.start is not None:
            end = end or shift(after.start, -1)
        part = replace(template, start=start, end=end or template.end, supply_days=None)
        if after is None and end is None and template.supply_days is not None:
            part = replace(part, supply_days=max(0, template.supply_days - passed))
        laid.append(_at_step(part, step))
        passed += step.days or 0
        start = shift(start, step.days) if step.days else None
    return tuple(laid)


def _at_step(template: Exposure, step: Step) -> Exposure:
    return replace(
        template, dose=step.dose, as_needed=step.as_needed, intermittent=step.intermittent
    )


def _dose(stated: DailyDose, supply: Supply, drug: Drug, product: Product) -> DailyDose:
    """Give the stated dose, or where none is stated what the supply comes to a day."""
    if stated.basis is not DoseBasis.NONE or supply.days is None:
        return stated
    quantity = amount_mg(supply.quantity, drug, product)
    if quantity is None:
        return stated
    daily = quantity / supply.days
    return DailyDose(daily, daily, DoseBasis.DISPENSED)
