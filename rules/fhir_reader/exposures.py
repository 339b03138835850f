"""How does one medication resource become stretches of a drug?"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import msgspec

from rules.clinical_time import ClinicalDate
from rules.facts import DailyDose, DoseBasis, Drug, Exposure
from rules.fhir_reader.dates import shift
from rules.fhir_reader.dosage import Dosage, amount_mg
from rules.fhir_reader.elements import Quantity
from rules.fhir_reader.linking import ResourceIndex
from rules.fhir_reader.products import MedicationChoice, Product, read_product
from rules.fhir_reader.regimen import Step, read_regimen
from rules.fhir_reader.resources import RawResource
from rules.knowledge.model import Knowledge


@dataclass(frozen=True, slots=True)
class Chart:
    """What one resource is read against: the other resources, and the knowledge.

    products, regimens: what was read so far, by the JSON it was read from. Orders and refills of
    one drug say the same thing again and again.
    """

    index: ResourceIndex
    knowledge: Knowledge
    products: dict[bytes, Product] = field(default_factory=dict)
    regimens: dict[tuple[bytes, Drug, Product], tuple[Step, ...]] = field(default_factory=dict)

    def product(self, item: RawResource, choice: MedicationChoice) -> Product:
        """Read the product of a medication resource. Errors: UnreadableError, see read_product."""
        drugs = self.knowledge.drugs
        if choice.medication_codeable_concept is None:
            return read_product(choice, self.index, drugs)
        written = bytes(item.peek.medication_codeable_concept)  # all that the product depends on
        product = self.products.get(written)
        if product is None:
            product = self.products[written] = read_product(choice, self.index, drugs)
        return product

    def regimen(
        self, item: RawResource, dosages: Sequence[Dosage] | None, drug: Drug, product: Product
    ) -> tuple[Step, ...]:
        """Read the dosageInstruction of a resource. Errors: UnreadableError, see read_regimen."""
        key = (bytes(item.peek.dosage_instruction), drug, product)
        steps = self.regimens.get(key)
        if steps is None:
            steps = self.regimens[key] = read_regimen(dosages, drug, product)
        return steps


class MedicationFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one medication resource says.

    usable: whether its status lets it count as a record of a drug at all. dispensed: when a
    supply of any drug was handed over. unresolved: why its drug is not known. no_drug: whether it
    says that there is no drug to name.
    """

    exposures: tuple[Exposure, ...] = ()
    usable: bool = False
    dispensed: ClinicalDate | None = None
    unresolved: str | None = None
    no_drug: bool = False


class Supply(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was or is to be supplied: how much, and for how many days."""

    quantity: Quantity | None = None
    days: int | None = None  # what the quantity lasts
    total_days: int | None = None  # with repeats


def days_supplied(
    supply: Supply,
    dosages: Sequence[Dosage] | None,
    drug: Drug,
    product: Product,
    regimen: Sequence[Step],
) -> int | None:
    """Give the days a quantity lasts: by milligrams, else by pieces where the strength is unknown.

    regimen: what the dosages come to for this drug, in milligrams.
    Source: rule.md section 4.1. Unknown input: no quantity, a dose that is no single number, or
    one on need only yields None. Errors: UnreadableError.
    """
    pieces = replace(drug, strength_mg=Decimal(1))
    for each, allowed in ((drug, set(DoseBasis)), (pieces, {DoseBasis.PRODUCT_STRENGTH})):
        (first, *others) = regimen if each is drug else read_regimen(dosages, each, product)
        quantity = amount_mg(supply.quantity, each, product)
        daily = first.dose.low_mg if first.dose.low_mg == first.dose.high_mg else None
        if quantity is None or not daily or others or first.as_needed:
            continue
        days = int(quantity / daily)
        if first.dose.basis in allowed and days > 0:
            return days
    return None


def lay_out(
    template: Exposure, steps: Sequence[Step], product: Product, supply: Supply
) -> tuple[Exposure, ...]:
    """Give one exposure for each step of the regimen of the template's drug.

    `template` holds what all steps share, with the start and end of the whole. Units: mg a day.
    A dose the instructions are silent about is worked out from the supply. Source: rule.md 4.3.
    Errors: UnreadableError.
    """
    if len(steps) == 1:
        dose = _dose(steps[0].dose, supply, template.drug, product)
        return (_at_step(template, steps[0], dose),)
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
        laid.append(_at_step(part, step, step.dose))
        passed += step.days or 0
        start = shift(start, step.days) if step.days else None
    return tuple(laid)


def _at_step(template: Exposure, step: Step, dose: DailyDose) -> Exposure:
    return replace(template, dose=dose, as_needed=step.as_needed, intermittent=step.intermittent)


def _dose(stated: DailyDose, supply: Supply, drug: Drug, product: Product) -> DailyDose:
    """Give the stated dose, or where none is stated what the supply comes to a day."""
    if stated.basis is not DoseBasis.NONE or supply.days is None:
        return stated
    quantity = amount_mg(supply.quantity, drug, product)
    if quantity is None:
        return stated
    daily = quantity / supply.days
    return DailyDose(daily, daily, DoseBasis.DISPENSED)
