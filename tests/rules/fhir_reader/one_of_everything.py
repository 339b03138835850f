"""What does the reader make of one resource of every kind, to the last member?

`python -m tests.rules.fhir_reader.one_of_everything` writes the facts down. A change of any of them
then shows as a difference somebody has to look at.
"""

import json
from pathlib import Path

import msgspec

from rules.codes import LOINC, SNOMED_CT
from rules.facts import Facts
from rules.knowledge import Knowledge, load_knowledge
from tests.rules.fhir_reader.shapes import (
    ESCITALOPRAM,
    SERTRALINE,
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

WRITTEN = Path(__file__).parent / "one_of_everything.json"
DAY = "2026-05-04"
LATER = "2026-05-18"
SOON_AFTER = "2026-05-04T18:00:00+02:00"
REASON = [coded("F33.1", "http://hl7.org/fhir/sid/icd-10-cm")]
BECAUSE_OF = [{"reference": "Condition/c1"}]
PHQ9_ITEMS = (
    *("44250-9", "44255-8", "44259-0", "44254-1", "44251-7"),
    *("44258-2", "44252-5", "44253-3", "44260-8"),
)
HALF_DAILY = {"repeat": {"frequency": 1, "period": 2, "periodUnit": "d"}}


def diagnoses() -> list[Json]:
    active = coded("active", "http://terminology.hl7.org/CodeSystem/condition-clinical")
    confirmed = coded("confirmed", "http://terminology.hl7.org/CodeSystem/condition-ver-status")
    return [
        condition(
            "c1",
            clinicalStatus=active,
            verificationStatus=confirmed,
            onsetDateTime="2025",
            recordedDate=DAY,
        ),
        condition("c2", "E66.9", onsetAge=quantity(40, "a"), abatementAge=quantity(41, "years")),
        condition("c3", "J18.9", onsetPeriod={"start": DAY}, abatementPeriod={"end": LATER}),
        condition("c4", "M06.9", abatementDateTime="2026-05", assertedDate=DAY),
    ]


def orders() -> list[Json]:
    supply = {
        "validityPeriod": {"start": DAY, "end": LATER},
        "expectedSupplyDuration": quantity(30, "d"),
        "numberOfRepeatsAllowed": 2,
        "quantity": quantity(30, None, unit="tablet"),
    }
    steps = [
        {**dosage({"doseQuantity": quantity(dose, "mg")}), "sequence": place}
        for place, dose in enumerate((50, 100), start=1)
    ]
    swallowed = dosage({"doseRange": {"low": quantity(50, "mg"), "high": quantity(100, "mg")}})
    as_needed = {**dosage(timing=HALF_DAILY), "asNeededBoolean": True}
    return [
        request("m1", authoredOn=DAY, dispenseRequest=supply, dosageInstruction=steps),
        request("m2", authoredOn=DAY, dosageInstruction=[swallowed], reasonCode=REASON),
        request("m3", authoredOn=LATER, dosageInstruction=[as_needed], reasonReference=BECAUSE_OF),
        request("m4", status=None, intent=None, authoredOn=DAY, doNotPerform=True),
        request("m5", status="stopped", authoredOn=DAY, statusReason=coded("x", "urn:site")),
        request("m6", medicationCodeableConcept={"text": "Sertraline 50 mg tablets"}),
        dispense(
            "d1",
            whenHandedOver=DAY,
            daysSupply=quantity(30, "d"),
            quantity=quantity(60, None, unit="tablet"),
            authorizingPrescription=[{"reference": "MedicationRequest/m1"}],
        ),
        dispense("d2", whenPrepared=LATER, daysSupply=quantity(1), dosageInstruction=[dosage()]),
        dispense("d3", status=None, medicationCodeableConcept={"text": "sertraline"}),
    ]


def intake() -> list[Json]:
    given = {"dose": quantity(25, "mg")}
    return [
        statement(
            "s1",
            effectivePeriod={"start": DAY, "end": LATER},
            dosage=[dosage()],
            reasonCode=REASON,
        ),
        statement("s2", status=None, effectiveDateTime="2026-05", reasonReference=BECAUSE_OF),
        statement("s3", medicationCodeableConcept={"text": "citalopram"}, dosage=[dosage()]),
        statement("s4", of=ESCITALOPRAM, status="stopped", statusReason=[coded("x", "urn:site")]),
        administration("a1", effectiveDateTime=DAY, dosage=given, reasonCode=REASON),
        administration("a2", effectiveDateTime=SOON_AFTER, dosage=given),
        administration(
            "a3",
            effectivePeriod={"start": LATER, "end": LATER},
            dosage=given,
            request={"reference": "MedicationRequest/m1"},
            reasonReference=BECAUSE_OF,
        ),
        administration("a4", status=None, medicationCodeableConcept={"text": "sertraline"}),
    ]


def observations() -> list[Json]:
    ranged = [{"low": quantity(0, "mg/L"), "high": quantity(5, "mg/L")}]
    parts = [
        {"code": coded("8480-6", LOINC), "valueQuantity": quantity(120, "mm[Hg]")},
        {"code": coded("30522-7", LOINC), "valueQuantity": quantity(6, "mg/L", comparator="<")},
    ]
    return [
        observation("o1", valueQuantity=quantity(4.1, "mg/L"), referenceRange=ranged),
        observation("o2", "1988-5", valueString="<5", effectiveDateTime=None, issued=SOON_AFTER),
        observation("o3", valueQuantity=quantity(3, "mg/L"), status=None),
        observation("o4", "85354-9", component=parts),
        observation("o5", "44261-6", valueInteger=17),
        observation("o6", "44260-8", valueCodeableConcept=coded("LA6570-1", LOINC)),
        observation("o7", "39156-5", valueQuantity=quantity(38.2, "kg/m2")),
        observation("o8", "82810-3", valueCodeableConcept=coded("77386006", SNOMED_CT)),
        observation("o9", effectiveDateTime=None, effectivePeriod={"start": DAY, "end": LATER},
                    valueRange={"low": quantity(3, "mg/L"), "high": quantity(10, "mg/L")}),
    ]  # fmt: skip


def answers() -> Json:
    item = [{"linkId": f"/{code}", "answer": [{"valueInteger": 2}]} for code in PHQ9_ITEMS]
    return resource(
        "QuestionnaireResponse",
        "q1",
        status="completed",
        questionnaire="http://loinc.org/q/44249-1",
        authored=DAY,
        item=item,
    )


def events() -> list[Json]:
    ect = coded("23835007", SNOMED_CT)
    of_patient = {"reference": "Patient/p"}
    return [
        resource("Procedure", "p1", status="completed", code=ect, performedDateTime=DAY,
                 reasonCode=REASON),
        resource("Procedure", "p2", status="completed", code=ect, reasonReference=BECAUSE_OF,
                 performedPeriod={"end": LATER}),
        resource("Encounter", "e1", status="finished", period={"start": DAY},
                 reasonCode=REASON),
        resource("Encounter", "e2", status="finished", period={"end": LATER},
                 diagnosis=[{"condition": BECAUSE_OF[0]}]),
        resource("Immunization", "i1", status="completed", subject=None, patient=of_patient,
                 occurrenceDateTime=DAY),
        resource("AllergyIntolerance", "y1", subject=None, patient=of_patient,
                 code=coded(SERTRALINE), recordedDate=DAY),
        resource("AllergyIntolerance", "y2", subject=None, patient=of_patient,
                 reaction=[{"substance": coded(ESCITALOPRAM), "onset": LATER}]),
        resource("AdverseEvent", "v1", date=DAY,
                 suspectEntity=[{"instance": {"reference": "MedicationRequest/m1"}}]),
    ]  # fmt: skip


def facts(knowledge: Knowledge) -> Facts:
    """Read a chart that holds one of everything."""
    return read(
        knowledge, *diagnoses(), *orders(), *intake(), *observations(), answers(), *events()
    )


def told(knowledge: Knowledge) -> str:
    """Write those facts as JSON, in an order that is always the same."""
    plain = msgspec.json.decode(msgspec.json.encode(facts(knowledge), order="deterministic"))
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    WRITTEN.write_text(told(load_knowledge()), encoding="utf-8")
