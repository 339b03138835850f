"""What do reports and given doses say: MedicationStatement and MedicationAdministration?"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from rules.clinical_time import ClinicalDate
from rules.facts import NO_DOSE, DailyDose, DoseBasis, Drug, Exposure, ExposureKind
from rules.fhir_reader.dates import end_of, read_date, refuse_two, shift, start_of
from rules.fhir_reader.decoding import decode
from rules.fhir_reader.dosage import amount_mg
from rules.fhir_reader.elements import Period, code_of_status, codes_of
from rules.fhir_reader.exposures import Chart, MedicationFacts, Supply, lay_out
from rules.fhir_reader.medication_shapes import (
    ADMINISTRATION,
    STATEMENT,
    Adherence,
    GivenDose,
    MedicationAdministration,
    MedicationStatement,
)
from rules.fhir_reader.products import Product
from rules.fhir_reader.regimen import read_regimen
from rules.fhir_reader.resources import RawResource, Reference
from rules.fhir_reader.unread_parts import refuse_denial

# R5 says in `adherence` what R4 says in `status`; the beginning of its codes decides.
_R4_STATUS_BY_ADHERENCE = (
    ("taking", "active"),
    ("not-taking", "not-taken"),
    ("on-hold", "on-hold"),
    ("stopped", "stopped"),
)


def read_statement(item: RawResource, chart: Chart) -> MedicationFacts:
    """Read a report of a drug taken. Source: rule.md section 4.1.

    A single point of time is start and end at once: how long it was taken is then not known. The
    day the statement was made is no start. Where only the dosage says how long, that is the end.
    Errors: UnreadableError.
    """
    read = decode(STATEMENT, item.raw)
    refuse_denial(taken=read.taken, wasNotTaken=read.was_not_taken)
    product = chart.product(item, read)
    status = _status_of(read)
    start, end = _when(read.effective_date_time, read.effective_period)
    exposures: list[Exposure] = []
    for drug in product.drugs:
        report = Exposure(
            kind=ExposureKind.STATEMENT,
            drug=drug,
            status=status,
            start=start,
            end=end,
            drug_from_text=product.from_text,
            reasons=chart.index.reasons(read.reason_code, read.reason_reference, read.reason),
            stop_reasons=codes_of(*(read.status_reason or [])),
            order=_order_of([*(read.based_on or []), *(read.derived_from or [])], chart),
            sources=(item.name,),
        )
        report = replace(report, end=end or _bounded_end(read, drug, product, start))
        exposures += lay_out(report, read_regimen(read.dosage, drug, product), product, Supply())
    records = chart.knowledge.records
    return MedicationFacts(
        exposures=tuple(exposures),
        usable=(status or "unknown") in records.statement_used | records.statement_unclear,
        unresolved=product.unresolved,
        no_drug=product.no_drug,
    )


def read_administration(item: RawResource, chart: Chart) -> MedicationFacts:
    """Read one given dose. Source: rule.md section 4.1. Errors: UnreadableError."""
    read = decode(ADMINISTRATION, item.raw)
    refuse_denial(notGiven=read.not_given, wasNotGiven=read.was_not_given)
    product = chart.product(item, read)
    start, end = _when(
        read.effective_date_time or read.occurence_date_time,
        read.effective_period or read.occurence_period,
    )
    exposures = [
        Exposure(
            kind=ExposureKind.ADMINISTRATION,
            drug=drug,
            status=read.status,
            start=start,
            end=end,
            dose=_given(read, drug, product),
            drug_from_text=product.from_text,
            reasons=chart.index.reasons(read.reason_code, read.reason_reference, read.reason),
            stop_reasons=codes_of(*(read.status_reason or [])),
            order=_order_of([read.request] if read.request else [], chart),
            sources=(item.name,),
        )
        for drug in product.drugs
    ]
    return MedicationFacts(
        exposures=tuple(exposures),
        usable=(read.status or "unknown") in chart.knowledge.records.administration_used,
        unresolved=product.unresolved,
        no_drug=product.no_drug,
    )


def merge_doses_of_a_day(exposures: Iterable[Exposure]) -> tuple[Exposure, ...]:
    """Put the doses of one drug given on one day together, which makes them its daily dose.

    Units: mg a day. Source: rule.md section 4.3. Unknown input: one unknown dose makes the day's
    dose unknown. Doses given over several days, or without a day, stay as they are.
    """
    given: list[Exposure] = []
    others: list[Exposure] = []
    for each in exposures:
        of_a_day = each.kind is ExposureKind.ADMINISTRATION and _is_one_day(each)
        (given if of_a_day else others).append(each)
    given.sort(key=_same_day)
    return (*others, *(_add_up(list(same)) for _, same in groupby(given, key=_same_day)))


def _add_up(same: list[Exposure]) -> Exposure:
    merged = min(same, key=lambda each: each.sources)
    lows = [each.dose.low_mg for each in same if each.dose.low_mg is not None]
    dose = NO_DOSE
    if len(lows) == len(same):  # a given dose is one number: its low end says all
        dose = DailyDose(sum(lows, start=0 * lows[0]), sum(lows, start=0 * lows[0]), _basis(same))
    return replace(
        merged,
        dose=dose,
        reasons=tuple(sorted({code for each in same for code in each.reasons})),
        stop_reasons=tuple(sorted({code for each in same for code in each.stop_reasons})),
        sources=tuple(sorted({source for each in same for source in each.sources})),
    )


def _basis(same: Iterable[Exposure]) -> DoseBasis:
    bases = {each.dose.basis for each in same}
    return next(basis for basis in reversed(DoseBasis) if basis in bases)


def _is_one_day(each: Exposure) -> bool:
    return (
        each.start is not None
        and each.start == each.end
        and each.start.earliest == each.start.latest
    )


def _same_day(each: Exposure) -> tuple[str, str, str, str, bool]:
    day = each.start.text if each.start else ""
    return (day, each.drug.name, each.status or "", each.order or "", each.drug_from_text)


def _given(read: MedicationAdministration, drug: Drug, product: Product) -> DailyDose:
    dose = (read.dosage or GivenDose()).dose
    mg = amount_mg(dose, drug, product)
    if mg is None:
        return NO_DOSE
    weighed = amount_mg(dose, replace(drug, strength_mg=None), replace(product, mg_per_ml=()))
    basis = DoseBasis.PRODUCT_STRENGTH if weighed is None else DoseBasis.STRUCTURED
    return DailyDose(mg, mg, basis)


def _when(
    point: str | None, period: Period | None
) -> tuple[ClinicalDate | None, ClinicalDate | None]:
    """Read effective[x]: a point is start and end at once."""
    refuse_two("$.effective[x]", point, period)
    at = read_date(point, "$.effectiveDateTime")
    if at is not None:
        return at, at
    return start_of(period, "$.effectivePeriod"), end_of(period, "$.effectivePeriod")


def _status_of(read: MedicationStatement) -> str | None:
    """Give the status in R4's words. Unknown input: R5 "recorded" without adherence is unknown."""
    if read.status != "recorded":
        return read.status
    code = code_of_status((read.adherence or Adherence()).code) or ""
    found = (status for begin, status in _R4_STATUS_BY_ADHERENCE if code.startswith(begin))
    return next(found, "unknown")


def _bounded_end(
    read: MedicationStatement, drug: Drug, product: Product, start: ClinicalDate | None
) -> ClinicalDate | None:
    """Give the last day by the bounds of a single instruction; several are laid out by step."""
    (first, *others) = read_regimen(read.dosage, drug, product)
    if others:
        return None
    return first.end or (shift(start, first.days - 1) if first.days else None)


def _order_of(references: Iterable[Reference], chart: Chart) -> str | None:
    names = (chart.index.name_of(each, "MedicationRequest") for each in references)
    return next((name for name in names if name), None)
