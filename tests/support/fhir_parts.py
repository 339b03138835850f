"""How are a code, a quantity, a drug and a dosage written in FHIR R4?"""

from decimal import Decimal
from typing import Any

from rules.codes import ATC, ICD_10_CM, RXNORM
from tests.support import chart
from tests.support.products import name_of_product, products
from tests.support.record import STOP_REASONS
from tests.support.stated_dose import HOW_OFTEN, StatedDose

UCUM = "http://unitsofmeasure.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

Resource = dict[str, Any]


def medication(entry: chart.DrugEntry) -> Resource:
    name = name_of_product(entry)
    code = products()[name].code
    assert code.system in {RXNORM, ATC}
    return concept(code.system, code.code, text=name)


def dosage(entry: chart.DrugEntry, bounds: Resource | None = None) -> list[Resource] | None:
    if entry.dose is None:
        return None
    dosage: Resource = {"text": entry.dose}
    if entry.as_needed:
        dosage["asNeededBoolean"] = True
    dose = entry.stated_dose
    if dose is not None:
        dosage["timing"] = {"repeat": {**(bounds or {}), **_repeat(dose.how_often)}}
        dosage["doseAndRate"] = [_amount(dose)]
    return [dosage]


def _repeat(how_often: str) -> Resource:
    times, days = HOW_OFTEN[how_often]
    repeat: Resource = {"frequency": times, "period": days, "periodUnit": "d"}
    if days % 7 == 0:
        repeat = {"frequency": times, "period": days // 7, "periodUnit": "wk"}
    return {**repeat, "when": ["HS"]} if how_often == "at bedtime" else repeat


def _amount(dose: StatedDose) -> Resource:
    low, high = quantity(dose.low_mg, "mg"), quantity(dose.high_mg, "mg")
    return {"doseQuantity": low} if low == high else {"doseRange": {"low": low, "high": high}}


def units_for(entry: chart.DrugEntry, days: int) -> Resource | None:
    product, dose = products()[name_of_product(entry)], entry.stated_dose
    if product.mg is None or dose is None or dose.low_mg != dose.high_mg:
        return None
    return {"value": dose.over(dose.low_mg, days) / product.mg, "unit": product.unit}


def bounds(start: str, end: str | None) -> Resource | None:
    return None if end is None else {"boundsPeriod": period(start, end)}


def period(start: str | None, end: str | None) -> Resource | None:
    return None if start is None and end is None else {"start": start, "end": end}


def reason(codes: tuple[str, ...]) -> list[Resource] | None:
    return [concept(ICD_10_CM, code) for code in codes] or None


def stop_reason(code: str | None) -> Resource | None:
    return None if code is None else concept(STOP_REASONS, code)


def status(name: str, code: str | None) -> Resource | None:
    return None if code is None else concept(f"{TERMINOLOGY}/{name}", code)


def concept(system: str, code: str, text: str | None = None) -> Resource:
    return {"coding": [{"system": system, "code": code}], "text": text}


def quantity(value: Decimal | int, unit: str) -> Resource:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}
