"""How is a fact told in one line, so that a person can check a table of them?

Everything a fact holds is told, save its sources: what a line does not say is not there.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from rules.clinical_time import ClinicalDate, read_clinical_date
from rules.codes import ATC, ICD_9_CM, ICD_10, ICD_10_CM, ICD_10_PCS, LOINC, RXNORM, SNOMED_CT, Code
from rules.facts import (
    DailyDose,
    Diagnosis,
    DoseBasis,
    Encounter,
    Exposure,
    Facts,
    Intolerance,
    MarkerResult,
    Measurement,
    Person,
    Procedure,
    Score,
)

SHORT = {
    ATC: "atc",
    ICD_9_CM: "icd-9-cm",
    ICD_10: "icd-10",
    ICD_10_CM: "icd-10-cm",
    ICD_10_PCS: "icd-10-pcs",
    LOINC: "loinc",
    RXNORM: "rxnorm",
    SNOMED_CT: "snomed",
}


def tell(facts: Facts) -> list[str]:
    """Tell every fact but the patient's own data, in the order in which the rules get them."""
    return [
        *map(tell_diagnosis, facts.diagnoses),
        *map(tell_exposure, facts.exposures),
        *map(tell_marker, facts.markers),
        *map(tell_score, facts.scores),
        *map(tell_measurement, facts.measurements),
        *map(tell_procedure, facts.procedures),
        *map(tell_encounter, facts.encounters),
        *map(tell_intolerance, facts.intolerances),
    ]


def tell_person(person: Person) -> str:
    return _line("person", _dated("born", person.birth), "dead" if person.deceased else None)


def tell_diagnosis(each: Diagnosis) -> str:
    return _line(
        f"diagnosis {_codes(each.codes)}",
        each.clinical_status,
        each.verification,
        _dated("onset", each.onset),
        _dated("abated", each.abatement),
        _dated("recorded", each.recorded),
    )


def tell_exposure(each: Exposure) -> str:
    drug = each.drug
    own = each.order in each.sources
    return _line(
        f"{each.kind.value} {drug.name}",
        None if drug.strength_mg is None else f"{_number(drug.strength_mg)} mg each",
        _dose(each.dose),
        f"never for depression: {drug.not_for_depression}" if drug.not_for_depression else None,
        each.status or "no status",
        each.intent,
        "not to be given" if each.do_not_perform else None,
        _dated("from", each.start) or "undated",
        _dated("to", each.end),
        None if each.supply_days is None else f"{each.supply_days} days",
        "on need" if each.as_needed else None,
        "not every day" if each.intermittent else None,
        "by words" if each.drug_from_text else None,
        f"for {_codes(each.reasons)}" if each.reasons else None,
        f"stopped for {_codes(each.stop_reasons)}" if each.stop_reasons else None,
        None if own or each.order is None else f"of {each.order}",
    )


def tell_marker(each: MarkerResult) -> str:
    return _line(
        f"marker {_code(each.code)}",
        _amount(each.value, each.comparator, each.unit),
        f'text "{each.text}"' if each.text is not None else None,
        _between("", each.low, each.high, each.unit),
        _between("laboratory range ", each.reference_low, each.reference_high, None),
        each.status or "no status",
        _dated("reported on" if each.date_from_issued else "on", each.date) or "undated",
    )


def tell_score(each: Score) -> str:
    value = "no value" if each.value is None else _number(each.value)
    return _line(f"score {_code(each.code)}", value, each.status, _dated("on", each.date))


def tell_measurement(each: Measurement) -> str:
    return _line(
        f"measurement {_code(each.code)}",
        _amount(each.value, None, each.unit),
        _codes(each.answers) if each.answers else None,
        each.status,
        _dated("on", each.date),
    )


def tell_procedure(each: Procedure) -> str:
    reasons = f"for {_codes(each.reasons)}" if each.reasons else None
    return _line(f"procedure {_codes(each.codes)}", each.status, _dated("on", each.date), reasons)


def tell_encounter(each: Encounter) -> str:
    return _line(f"encounter {_codes(each.codes)}", each.status, _dated("on", each.date))


def tell_intolerance(each: Intolerance) -> str:
    return _line(f"intolerance {each.drug.name}", each.verification, _dated("on", each.date))


def _line(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _codes(codes: Iterable[Code]) -> str:
    return " + ".join(_code(code) for code in codes)


def _code(code: Code) -> str:
    return f"{SHORT.get(code.system, code.system)} {code.code}"


def _dated(word: str, day: ClinicalDate | None) -> str | None:
    """Tell a day, month or year as it is; any other stretch, as an age gives it, by both ends."""
    if day is None:
        return None
    if read_clinical_date(day.text) == day:
        return f"{word} {day.text}"
    return f"{word} between {day.earliest} and {day.latest}"


def _number(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _amount(value: Decimal | None, comparator: str | None, unit: str | None) -> str | None:
    if value is None:
        return None
    return f"{comparator or ''}{_number(value)} {unit or '(no unit)'}"


def _between(word: str, low: Decimal | None, high: Decimal | None, unit: str | None) -> str | None:
    ends = " ".join(_ends(low, high))
    return f"{word}{ends} {unit or ''}".strip() if ends else None


def _ends(low: Decimal | None, high: Decimal | None) -> Iterator[str]:
    if low is not None:
        yield f"from {_number(low)}"
    if high is not None:
        yield f"to {_number(high)}"


def _dose(dose: DailyDose) -> str:
    if dose.low_mg is None or dose.high_mg is None:
        return "no dose" if dose.basis is DoseBasis.NONE else "dose not clear"
    amount = _number(dose.low_mg)
    if dose.low_mg != dose.high_mg:
        amount += f" to {_number(dose.high_mg)}"
    return f"{amount} mg a day ({dose.basis.value})"
