"""How many milligrams a day does a dosage instruction mean?"""

from decimal import Decimal
from fractions import Fraction

import msgspec

from rules.facts import NO_DOSE, DailyDose, DoseBasis, Drug
from rules.fhir_reader.decoding import NO_NUMBER, Number, read_number
from rules.fhir_reader.dosage_text import read_dosage_text
from rules.fhir_reader.elements import CodeableConcept, Element, Quantity, Range
from rules.fhir_reader.product_strength import mg_of
from rules.fhir_reader.products import Product
from rules.fhir_reader.resources import NULL
from rules.fhir_reader.timing import Timing, read_schedule
from rules.fhir_reader.vocabulary import MG_BY_UNIT, MILLILITRES, PIECES


class DoseAndRate(Element, frozen=True):
    dose_quantity: Quantity | None = None
    dose_range: Range | None = None
    rate_quantity: msgspec.Raw = NULL
    rate_range: msgspec.Raw = NULL
    rate_ratio: msgspec.Raw = NULL


class Dosage(Element, frozen=True):
    """One instruction. Dose members of its own are where STU3 had them; some systems still do."""

    sequence: Number = NO_NUMBER
    text: str | None = None
    timing: Timing | None = None
    as_needed_boolean: bool | None = None
    as_needed_codeable_concept: CodeableConcept | None = None
    as_needed: bool | None = None
    as_needed_for: list[CodeableConcept] | None = None
    dose_and_rate: list[DoseAndRate] | DoseAndRate | None = None
    dose_quantity: Quantity | None = None
    dose_range: Range | None = None

    @property
    def is_as_needed(self) -> bool:
        """Whether the drug is to be taken on need only; a stated reason for it says so too."""
        return bool(
            self.as_needed_boolean
            or self.as_needed
            or self.as_needed_codeable_concept
            or self.as_needed_for
        )

    @property
    def order(self) -> Decimal | None:
        """Give the place of the instruction among steps. Errors: UnreadableError."""
        return read_number(self.sequence, "$.dosage.sequence")


# Two forms of one instruction that differ: stated, and not to be made up for by other arithmetic.
CONFLICT = DailyDose(None, None, DoseBasis.STRUCTURED)


class Instruction(msgspec.Struct, frozen=True, gc=False):
    """What one instruction means for one drug."""

    dose: DailyDose
    intermittent: bool
    as_needed: bool


class _Amount(msgspec.Struct, frozen=True, gc=False):
    """Milligrams each time, from a lowest to a highest."""

    low_mg: Decimal
    high_mg: Decimal
    by_strength: bool


def read_instruction(dosage: Dosage, drug: Drug, product: Product) -> Instruction:
    """Read the daily dose of one drug from one instruction.

    Units: milligrams a day. Source: rule.md section 4.3. The coded form is used, and the text
    where there is none; two forms that differ are no dose.
    Unknown input: no unit, an unknown one, a rate, or no schedule is no dose.
    Errors: UnreadableError.
    """
    schedule = read_schedule(dosage.timing, "$.dosage.timing")
    amount = _coded_amount(dosage, drug, product)
    dose = NO_DOSE
    if amount is not None and schedule.times_a_day is not None:
        basis = DoseBasis.TEXT if schedule.from_words else _basis(amount)
        times = schedule.times_a_day
        dose = DailyDose(_daily(amount.low_mg, times), _daily(amount.high_mg, times), basis)
    worded = _worded_dose(dosage, drug, product)
    return Instruction(
        _agreed(dose, worded, coded=_is_coded(dosage)), schedule.intermittent, dosage.is_as_needed
    )


def amount_mg(quantity: Quantity | None, drug: Drug, product: Product) -> Decimal | None:
    """Give milligrams of a quantity of a product: a mass, or pieces or millilitres of it.

    A mass of a product with several drugs says nothing about each of them.
    Unknown input: a number without a unit is no amount: it may be tablets or milligrams.
    Errors: UnreadableError.
    """
    amount = _amount(quantity, drug, product, "$.quantity")
    return None if amount is None else amount.low_mg


def _coded_amount(dosage: Dosage, drug: Drug, product: Product) -> _Amount | None:
    given = dosage.dose_and_rate or []
    stated = [given] if isinstance(given, DoseAndRate) else list(given)
    if dosage.dose_quantity is not None or dosage.dose_range is not None:
        stated.append(DoseAndRate(dosage.dose_quantity, dosage.dose_range))
    amounts = [_dose_amount(each, drug, product) for each in stated]
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts):
        return None
    return _Amount(
        min(amount.low_mg for amount in known),
        max(amount.high_mg for amount in known),
        any(amount.by_strength for amount in known),
    )


def _dose_amount(stated: DoseAndRate, drug: Drug, product: Product) -> _Amount | None:
    path = "$.dosage.doseAndRate"
    rates = (stated.rate_quantity, stated.rate_range, stated.rate_ratio)
    if any(rate is not NULL and bytes(rate) != b"null" for rate in rates):
        return None
    if stated.dose_quantity is not None:
        return _amount(stated.dose_quantity, drug, product, f"{path}.doseQuantity")
    bounds = stated.dose_range or Range()
    low = _amount(bounds.low, drug, product, f"{path}.doseRange.low")
    high = _amount(bounds.high, drug, product, f"{path}.doseRange.high")
    if low is None or high is None or low.low_mg > high.high_mg:
        return None
    return _Amount(low.low_mg, high.high_mg, low.by_strength or high.by_strength)


def _amount(quantity: Quantity | None, drug: Drug, product: Product, path: str) -> _Amount | None:
    number = quantity.number(path) if quantity is not None else None
    if quantity is None or number is None or number <= 0:
        return None
    mg = mg_of(quantity, path)
    if mg is not None:
        return _Amount(mg, mg, False) if len(product.drugs) == 1 else None
    each = _mg_in_one(quantity.unit_as_stated, drug, product)
    return None if each is None else _Amount(number * each, number * each, True)


def _mg_in_one(unit: str | None, drug: Drug, product: Product) -> Decimal | None:
    """Give the milligrams of the drug in one piece or one millilitre of the product."""
    named = (unit or "").strip().lower()
    if named in PIECES:
        return drug.strength_mg
    if named in MILLILITRES:
        return dict(product.mg_per_ml).get(drug.name)
    return None


def _daily(mg: Decimal, times_a_day: Fraction) -> Decimal:
    return mg * times_a_day.numerator / times_a_day.denominator


def _basis(amount: _Amount) -> DoseBasis:
    return DoseBasis.PRODUCT_STRENGTH if amount.by_strength else DoseBasis.STRUCTURED


def _is_coded(dosage: Dosage) -> bool:
    """Whether the instruction states a dose in codes, even one that cannot be worked out."""
    return any(
        member is not None and member != []
        for member in (dosage.dose_and_rate, dosage.dose_quantity, dosage.dose_range)
    )


def _worded_dose(dosage: Dosage, drug: Drug, product: Product) -> DailyDose:
    worded = read_dosage_text(dosage.text or "")
    if worded is None:
        return NO_DOSE
    if worded.unit in MG_BY_UNIT:
        each = MG_BY_UNIT[worded.unit] if len(product.drugs) == 1 else None
    else:
        each = _mg_in_one(worded.unit, drug, product)
    if each is None:
        return NO_DOSE
    daily = _daily(worded.count * each, worded.times_a_day)
    return DailyDose(daily, daily, DoseBasis.TEXT)


def _agreed(coded_dose: DailyDose, worded: DailyDose, *, coded: bool) -> DailyDose:
    """Give the one dose both forms allow; the text alone only where nothing was coded."""
    if not coded_dose.known:
        return NO_DOSE if coded else worded
    if worded.known and (worded.low_mg, worded.high_mg) != (coded_dose.low_mg, coded_dose.high_mg):
        return CONFLICT
    return coded_dose
