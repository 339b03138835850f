"""What do orders and supplies say: MedicationRequest and MedicationDispense?"""

from collections.abc import Sequence

from rules.clinical_time import ClinicalDate
from rules.facts import Exposure, ExposureKind
from rules.fhir_reader.dates import days_of, read_date, shift, start_of
from rules.fhir_reader.decoding import decode, read_number
from rules.fhir_reader.elements import codes_of
from rules.fhir_reader.exposures import (
    Chart,
    MedicationFacts,
    Supply,
    days_supplied,
    lay_out,
)
from rules.fhir_reader.medication_shapes import (
    DISPENSE,
    REQUEST,
    DispenseRequest,
    MedicationDispense,
    MedicationRequest,
)
from rules.fhir_reader.regimen import Step
from rules.fhir_reader.resources import RawResource
from rules.fhir_reader.unread_parts import refuse_denial


def read_request(item: RawResource, chart: Chart) -> MedicationFacts:
    """Read an order. Source: rule.md section 4.1. Errors: UnreadableError."""
    read = decode(REQUEST, item.raw)
    product = chart.product(item, read)
    wanted = read.dispense_request or DispenseRequest()
    supply = _supply_of(wanted)
    written = start_of(wanted.validity_period, "$.dispenseRequest.validityPeriod")
    written = written or read_date(read.authored_on, "$.authoredOn")
    exposures: list[Exposure] = []
    for drug in product.drugs:
        steps = chart.regimen(item, read.dosage_instruction, drug, product)
        start, end = _bounds(steps, written)
        order = Exposure(
            kind=ExposureKind.REQUEST,
            drug=drug,
            status=read.status,
            intent=read.intent,
            do_not_perform=bool(read.do_not_perform),
            start=start,
            end=end,
            supply_days=supply.total_days,
            drug_from_text=product.from_text,
            reasons=chart.index.reasons(read.reason_code, read.reason_reference, read.reason),
            stop_reasons=codes_of(read.status_reason),
            order=item.name if item.has_name else None,
            sources=(item.name,),
        )
        exposures += lay_out(order, steps, product, supply)
    return MedicationFacts(
        exposures=tuple(exposures),
        usable=_is_usable(read, chart),
        unresolved=product.unresolved,
        no_drug=product.no_drug,
    )


def read_dispense(item: RawResource, chart: Chart) -> MedicationFacts:
    """Read a supply. Source: rule.md section 4.1. Errors: UnreadableError."""
    read = decode(DISPENSE, item.raw)
    refuse_denial(notDone=read.not_done_codeable_concept or read.not_done_reference)
    product = chart.product(item, read)
    start = read_date(read.when_handed_over, "$.whenHandedOver")
    start = start or read_date(read.when_prepared, "$.whenPrepared")
    stated = Supply(quantity=read.quantity, days=_stated_days(read))
    exposures: list[Exposure] = []
    for drug in product.drugs:
        steps = chart.regimen(item, read.dosage_instruction, drug, product)
        days = stated.days or days_supplied(stated, read.dosage_instruction, drug, product, steps)
        supply = Exposure(
            kind=ExposureKind.DISPENSE,
            drug=drug,
            status=read.status,
            start=start,
            supply_days=days,
            drug_from_text=product.from_text,
            order=_order_of(read, chart),
            sources=(item.name,),
        )
        exposures += lay_out(supply, steps, product, stated)
    records = chart.knowledge.records
    usable = (read.status or "unknown") in records.dispense_used | records.dispense_unclear
    return MedicationFacts(
        exposures=tuple(exposures),
        usable=usable,
        dispensed=start if usable else None,
        unresolved=product.unresolved,
        no_drug=product.no_drug,
    )


def _bounds(
    steps: Sequence[Step], written: ClinicalDate | None
) -> tuple[ClinicalDate | None, ClinicalDate | None]:
    """Give start and end of an order: by the bounds of its timing, else as it was written."""
    start = steps[0].start or written
    days = steps[0].days if len(steps) == 1 else None
    return start, steps[-1].end or (shift(start, days - 1) if days else None)


def _supply_of(wanted: DispenseRequest) -> Supply:
    path = "$.dispenseRequest"
    days = days_of(wanted.expected_supply_duration, f"{path}.expectedSupplyDuration")
    repeats = read_number(wanted.number_of_repeats_allowed, f"{path}.numberOfRepeatsAllowed")
    times = 1 + max(0, int(repeats or 0))
    return Supply(
        quantity=wanted.quantity, days=days, total_days=None if days is None else days * times
    )


def _stated_days(read: MedicationDispense) -> int | None:
    """Give daysSupply, whose name is its unit where it has none."""
    if read.days_supply is None:
        return None
    if read.days_supply.unit_as_stated is None:
        number = read.days_supply.number("$.daysSupply")
        return int(number) if number is not None and number >= 1 else None
    return days_of(read.days_supply, "$.daysSupply")


def _order_of(read: MedicationDispense, chart: Chart) -> str | None:
    links = read.authorizing_prescription or []
    names = (chart.index.name_of(link, "MedicationRequest") for link in links)
    return next((name for name in names if name), None)


def _is_usable(read: MedicationRequest, chart: Chart) -> bool:
    records = chart.knowledge.records
    status = read.status or "unknown"
    return (
        status in records.request_used | records.request_unclear
        and not read.do_not_perform
        and (read.intent is None or read.intent in records.request_intents)
    )
