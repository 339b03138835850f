"""Does a resource with a value that cannot be read say exactly which element that is?

Whoever has to mend the record has nothing else to go by.
"""

from typing import Any

import pytest

from rules.codes import LOINC
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    Json,
    administration,
    coded,
    condition,
    dispense,
    dosage,
    observation,
    quantity,
    read,
    request,
    resource,
    statement,
)

NO_DATE, NO_NUMBER = "last spring", "seven"
A_DATE = "2026-06-15"
PHQ9_TOTAL = "44261-6"


def told(knowledge: Knowledge, *resources: Json) -> list[str]:
    """Give what was said of the parts that could not be read, without the resource's name."""
    facts = read(knowledge, *resources)
    return [
        because.partition("could not be read: ")[2]
        for because in (each.because for each in (*facts.gaps, *facts.not_used))
        if "could not be read: " in because
    ]


def listed(rows: list[tuple[Json, str]]) -> list[Any]:
    """Name each row of a table by its type and element."""
    return [
        pytest.param(given, element, id=f"{given['resourceType']}{element[1:]}")
        for given, element in rows
    ]


def crp(**members: Any) -> Json:
    members.setdefault("valueQuantity", quantity(4.1, "mg/L"))
    return observation(**members)


def answered(**answer: Any) -> Json:
    item = {"linkId": f"/{PHQ9_TOTAL}", "code": [{"system": LOINC, "code": PHQ9_TOTAL}]}
    return resource(
        "QuestionnaireResponse",
        "q",
        status="completed",
        questionnaire="http://loinc.org/q/44249-1",
        authored=A_DATE,
        item=[{**item, "linkId": PHQ9_TOTAL, "answer": [answer]}],
    )


def repeated(**repeat: Any) -> Json:
    return request(
        authoredOn=A_DATE,
        dosageInstruction=[
            dosage(timing={"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", **repeat}})
        ],
    )


def ordered(**dispense_request: Any) -> Json:
    return request(authoredOn=A_DATE, dispenseRequest=dispense_request)


def allergy(**members: Any) -> Json:
    made = resource("AllergyIntolerance", "i", code=coded("36437"), **members)
    return {**made, "patient": made.pop("subject")}


def adverse(**members: Any) -> Json:
    suspect = [{"instance": {"reference": "#drug"}}]
    drug = {"resourceType": "Medication", "id": "drug", "code": coded("36437")}
    return resource("AdverseEvent", "e", contained=[drug], suspectEntity=suspect, **members)


DATES: list[tuple[Json, str]] = [
    (condition(onsetDateTime=NO_DATE), "$.onsetDateTime"),
    (condition(onsetPeriod={"start": NO_DATE}), "$.onsetPeriod.start"),
    (condition(abatementDateTime=NO_DATE), "$.abatementDateTime"),
    (condition(abatementPeriod={"end": NO_DATE}), "$.abatementPeriod.end"),
    (condition(recordedDate=NO_DATE), "$.recordedDate"),
    (condition(assertedDate=NO_DATE), "$.assertedDate"),
    (condition(dateRecorded=NO_DATE), "$.dateRecorded"),
    (crp(effectiveDateTime=NO_DATE), "$.effectiveDateTime"),
    (crp(effectiveDateTime=None, effectiveInstant=NO_DATE), "$.effectiveInstant"),
    (crp(effectiveDateTime=None, effectivePeriod={"start": NO_DATE}), "$.effectivePeriod.start"),
    (crp(effectiveDateTime=None, effectivePeriod={"end": NO_DATE}), "$.effectivePeriod.end"),
    (
        crp(effectiveDateTime=None, effectiveTiming={"event": [NO_DATE]}),
        "$.effectiveTiming.event",
    ),
    (crp(effectiveDateTime=None, issued=NO_DATE), "$.issued"),
    (statement(effectiveDateTime=NO_DATE), "$.effectiveDateTime"),
    (statement(effectivePeriod={"start": NO_DATE}), "$.effectivePeriod.start"),
    (statement(effectivePeriod={"end": NO_DATE}), "$.effectivePeriod.end"),
    (administration(effectiveDateTime=NO_DATE), "$.effectiveDateTime"),
    (administration(effectivePeriod={"start": NO_DATE}), "$.effectivePeriod.start"),
    (ordered(validityPeriod={"start": NO_DATE}), "$.dispenseRequest.validityPeriod.start"),
    (request(authoredOn=NO_DATE), "$.authoredOn"),
    (dispense(whenHandedOver=NO_DATE), "$.whenHandedOver"),
    (dispense(whenPrepared=NO_DATE), "$.whenPrepared"),
    (
        repeated(boundsPeriod={"start": NO_DATE, "end": A_DATE}),
        "$.dosage.timing.repeat.boundsPeriod.start",
    ),
    (
        repeated(boundsPeriod={"start": A_DATE, "end": NO_DATE}),
        "$.dosage.timing.repeat.boundsPeriod.end",
    ),
    (allergy(onsetDateTime=NO_DATE), "$.onsetDateTime"),
    (allergy(onsetPeriod={"start": NO_DATE}), "$.onsetPeriod.start"),
    (allergy(recordedDate=NO_DATE), "$.recordedDate"),
    (allergy(assertedDate=NO_DATE), "$.assertedDate"),
    (allergy(reaction=[{"onset": NO_DATE}]), "$.reaction.onset"),
    (adverse(date=NO_DATE), "$.date"),
    (adverse(detected=NO_DATE), "$.detected"),
    (adverse(recordedDate=NO_DATE), "$.recordedDate"),
    (resource("QuestionnaireResponse", "q", status="completed", authored=NO_DATE,
              questionnaire="http://loinc.org/q/44249-1"), "$.authored"),
    (resource("Procedure", "x", performedDateTime=NO_DATE), "$.performedDateTime"),
    (resource("Procedure", "x", performedPeriod={"start": NO_DATE}), "$.performedPeriod.start"),
    (resource("Procedure", "x", performedPeriod={"end": NO_DATE}), "$.performedPeriod.end"),
    (resource("Procedure", "x", occurrenceDateTime=NO_DATE), "$.occurrenceDateTime"),
    (resource("Procedure", "x", occurrencePeriod={"start": NO_DATE}), "$.occurrencePeriod.start"),
    (resource("Encounter", "x", period={"start": NO_DATE}), "$.period.start"),
    (resource("Encounter", "x", period={"end": NO_DATE}), "$.period.end"),
    (resource("Immunization", "x", occurrenceDateTime=NO_DATE), "$.occurrenceDateTime"),
    (resource("Immunization", "x", date=NO_DATE), "$.date"),
]  # fmt: skip

NUMBERS: list[tuple[Json, str]] = [
    (condition(onsetAge=quantity(NO_NUMBER, "a")), "$.onsetAge.value"),
    (condition(abatementAge=quantity(NO_NUMBER, "a")), "$.abatementAge.value"),
    (crp(valueQuantity=quantity(NO_NUMBER, "mg/L")), "$.valueQuantity.value"),
    (crp(valueQuantity=None, valueInteger=NO_NUMBER), "$.valueInteger"),
    (
        crp(valueQuantity=None, valueRange={"low": quantity(NO_NUMBER, "mg/L")}),
        "$.valueRange.low.value",
    ),
    (
        crp(valueQuantity=None, valueRange={"high": quantity(NO_NUMBER, "mg/L")}),
        "$.valueRange.high.value",
    ),
    (
        crp(referenceRange=[{"low": quantity(NO_NUMBER, "mg/L")}]),
        "$.referenceRange.low.value",
    ),
    (
        crp(referenceRange=[{"high": quantity(NO_NUMBER, "mg/L")}]),
        "$.referenceRange.high.value",
    ),
    (
        ordered(expectedSupplyDuration=quantity(NO_NUMBER, "d")),
        "$.dispenseRequest.expectedSupplyDuration.value",
    ),
    (
        ordered(expectedSupplyDuration=quantity(30, "d"), numberOfRepeatsAllowed=NO_NUMBER),
        "$.dispenseRequest.numberOfRepeatsAllowed",
    ),
    (
        dispense(whenHandedOver=A_DATE, daysSupply=quantity(NO_NUMBER, "d")),
        "$.daysSupply.value",
    ),
    (
        dispense(whenHandedOver=A_DATE, daysSupply=quantity(NO_NUMBER)),
        "$.daysSupply.value",
    ),
    (repeated(frequency=NO_NUMBER), "$.dosage.timing.repeat.frequency"),
    (repeated(period=NO_NUMBER), "$.dosage.timing.repeat.period"),
    (repeated(periodMax=NO_NUMBER), "$.dosage.timing.repeat.periodMax"),
    (
        request(
            authoredOn=A_DATE,
            dosageInstruction=[
                dosage(timing={"repeat": {"count": NO_NUMBER, "boundsDuration": quantity(30, "d")}})
            ],
        ),
        "$.dosage.timing.repeat.count",
    ),
    (
        repeated(boundsDuration=quantity(NO_NUMBER, "d")),
        "$.dosage.timing.repeat.boundsDuration.value",
    ),
    (
        request(
            authoredOn=A_DATE,
            dosageInstruction=[dosage({"doseQuantity": quantity(NO_NUMBER, "mg")})],
        ),
        "$.dosage.doseAndRate.doseQuantity.value",
    ),
    (
        request(
            authoredOn=A_DATE,
            dosageInstruction=[dosage({"doseRange": {"low": quantity(NO_NUMBER, "mg")}})],
        ),
        "$.dosage.doseAndRate.doseRange.low.value",
    ),
    (
        request(
            authoredOn=A_DATE,
            dosageInstruction=[
                dosage(
                    {
                        "doseRange": {
                            "low": quantity(50, "mg"),
                            "high": quantity(NO_NUMBER, "mg"),
                        }
                    }
                )
            ],
        ),
        "$.dosage.doseAndRate.doseRange.high.value",
    ),
    (
        request(
            authoredOn=A_DATE,
            dosageInstruction=[{**dosage(), "sequence": NO_NUMBER}, dosage()],
        ),
        "$.dosage.sequence",
    ),
    (answered(valueInteger=NO_NUMBER), "$.answer.valueInteger"),
    (answered(valueDecimal=NO_NUMBER), "$.answer.valueDecimal"),
    (answered(valueQuantity=quantity(NO_NUMBER)), "$.answer.valueQuantity.value"),
]


@pytest.mark.parametrize(("given", "element"), listed(DATES))
def test_a_date_that_is_none_is_named_by_its_element(
    given: Json, element: str, knowledge: Knowledge
) -> None:
    assert told(knowledge, given) == [f"{element} should be a FHIR date"]


@pytest.mark.parametrize(("given", "element"), listed(NUMBERS))
def test_a_number_that_is_none_is_named_by_its_element(
    given: Json, element: str, knowledge: Knowledge
) -> None:
    assert told(knowledge, given) == [f"{element} should be a number"]


TWO_FORMS: list[tuple[Json, str]] = [
    (condition(onsetDateTime=A_DATE, onsetPeriod={"start": A_DATE}), "$.onset[x]"),
    (condition(onsetDateTime=A_DATE, onsetAge=quantity(40, "a")), "$.onset[x]"),
    (condition(abatementDateTime=A_DATE, abatementPeriod={"end": A_DATE}), "$.abatement[x]"),
    (condition(abatementDateTime=A_DATE, abatementAge=quantity(40, "a")), "$.abatement[x]"),
    (crp(effectivePeriod={"start": A_DATE}), "$.effective[x]"),
    (crp(effectiveInstant="2026-06-01T08:00:00Z"), "$.effective[x]"),
    (crp(effectiveTiming={"event": [A_DATE]}), "$.effective[x]"),
    (crp(valueInteger=4), "$.value[x]"),
    (
        statement(effectiveDateTime=A_DATE, effectivePeriod={"start": A_DATE}),
        "$.effective[x]",
    ),
]


@pytest.mark.parametrize(("given", "element"), listed(TWO_FORMS))
def test_an_element_in_two_forms_is_named(given: Json, element: str, knowledge: Knowledge) -> None:
    assert told(knowledge, given) == [f"{element} should be one value"]
