"""Which drug, from when to when, does each medication resource speak of?"""

import json
from decimal import Decimal
from typing import Any

import pytest

from rules.codes import ATC, ICD_10_CM, SNOMED_CT, Code
from rules.facts import DoseBasis, Exposure, ExposureKind
from rules.fhir_reader import read_facts, split_bundle
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    ESCITALOPRAM,
    SERTRALINE,
    SERTRALINE_50_MG,
    Json,
    administration,
    coded,
    condition,
    dispense,
    dosage,
    patient,
    quantity,
    read,
    request,
    statement,
)

OTHER_DRUG = "0000"  # a code the drug tables do not hold
NULL_FLAVOR = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
SUMMARY = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"


def medication(name: str | None = "med", /, **members: Any) -> Json:
    made = {"resourceType": "Medication", "id": name, "code": coded(SERTRALINE_50_MG), **members}
    return {name: value for name, value in made.items() if value is not None}


def by_reference(reference: str | None, **members: Any) -> Json:
    return request(
        medicationCodeableConcept=None,
        medicationReference={"reference": reference} if reference else {},
        **members,
    )


def only(knowledge: Knowledge, *resources: Json) -> Exposure:
    (exposure,) = read(knowledge, *resources).exposures
    return exposure


@pytest.mark.parametrize(
    "resources",
    [
        (request(),),
        (by_reference("#med", contained=[{"resourceType": "Patient", "id": "med"}, medication()]),),
        (by_reference("Medication/med"), medication()),
        (by_reference("Medication/med/_history/2"), medication()),
        (by_reference("https://ehr.example/fhir/Medication/med"), medication()),
        (request(medicationCodeableConcept=None, medication={"concept": coded(SERTRALINE_50_MG)}),),
        (
            request(
                medicationCodeableConcept=None,
                medication={"reference": {"reference": "Medication/med"}},
            ),
            medication(),
        ),
    ],
)
def test_the_drug_is_found_wherever_it_is_named(
    knowledge: Knowledge, resources: tuple[Json, ...]
) -> None:
    exposure = only(knowledge, *resources)
    assert (exposure.drug.name, exposure.drug.strength_mg) == ("sertraline", 50)
    assert not exposure.drug_from_text


def test_the_drug_is_found_by_the_urn_of_its_entry(knowledge: Knowledge) -> None:
    entries = [
        {"fullUrl": "urn:uuid:1", "resource": patient()},
        {"fullUrl": "urn:uuid:2", "resource": medication(None)},
        {"resource": by_reference("urn:uuid:2")},
    ]
    body = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    assert len(read_facts(split_bundle(body), "p", knowledge).exposures) == 1


@pytest.mark.parametrize(
    "order",
    [
        request(medicationCodeableConcept={"text": "SERTRALINE 50 mg tab"}),
        request(medicationCodeableConcept={"coding": [{"display": "Sertraline"}]}),
        request(medicationCodeableConcept=coded("x", "urn:local", text="sertraline")),
        request(
            medicationCodeableConcept=None,
            medicationReference={"reference": "Medication/gone", "display": "sertraline 50 mg"},
        ),
    ],
)
def test_a_drug_known_from_words_only_is_flagged(knowledge: Knowledge, order: Json) -> None:
    exposure = only(knowledge, order)
    assert (exposure.drug.name, exposure.drug_from_text) == ("sertraline", True)


@pytest.mark.parametrize(
    ("order", "because"),
    [
        (by_reference("Medication/gone"), "its reference to a Medication leads nowhere"),
        (by_reference("Patient/p"), "its reference to a Medication leads nowhere"),
        (by_reference("#gone"), "its reference to a Medication leads nowhere"),
        (by_reference(None), "its reference to a Medication leads nowhere"),
        (by_reference("something"), "its reference to a Medication leads nowhere"),
        (request(medicationCodeableConcept=None), "it names no medication"),
    ],
)
def test_a_drug_that_cannot_be_told_is_a_gap(
    knowledge: Knowledge, order: Json, because: str
) -> None:
    facts = read(knowledge, order)
    assert facts.exposures == ()
    assert facts.medication_records == 1
    assert [gap.because for gap in facts.gaps] == [
        f"the drug of MedicationRequest/m is not known: {because}"
    ]
    assert facts.incomplete[0].resource_type == "MedicationRequest"


def test_a_cancelled_order_of_an_unknown_drug_is_no_gap(knowledge: Knowledge) -> None:
    assert read(knowledge, by_reference("Medication/gone", status="cancelled")).gaps == ()


def test_a_drug_of_no_interest_counts_as_a_record_and_is_no_exposure(knowledge: Knowledge) -> None:
    facts = read(knowledge, request(of=OTHER_DRUG))
    assert (facts.exposures, facts.medication_records, facts.gaps) == ((), 1, ())


def ingredient(code: str, numerator: Json | None, denominator: Json | None, **other: Any) -> Json:
    strength = {"numerator": numerator, "denominator": denominator}
    return {"itemCodeableConcept": coded(code), "strength": strength, **other}


MG_50, MG_20, ONE, ML = (
    quantity(50, "mg"),
    quantity(20, "mg"),
    quantity(1, "{tablet}"),
    quantity(1, "mL"),
)


@pytest.mark.parametrize(
    ("stated", "dose", "expected"),
    [
        ([ingredient(SERTRALINE, MG_50, ONE)], quantity(1, "{tablet}"), 50),
        ([ingredient(SERTRALINE, MG_50, quantity(2, "{tablet}"))], quantity(1, "{tablet}"), 25),
        (
            [
                {
                    "item": {"concept": coded(SERTRALINE)},
                    "strengthRatio": {"numerator": MG_50, "denominator": ONE},
                }
            ],
            quantity(1, "1"),
            50,
        ),
        ([ingredient(SERTRALINE, MG_20, ML)], quantity(5, "mL"), 100),
        ([ingredient(SERTRALINE, MG_20, ML)], quantity(1, "{tablet}"), None),
        (
            [ingredient(SERTRALINE, MG_20, ONE), ingredient(SERTRALINE, MG_50, ONE)],
            quantity(1, "1"),
            None,
        ),
        (
            [ingredient(SERTRALINE, MG_20, ML), ingredient(SERTRALINE, MG_50, ML)],
            quantity(1, "mL"),
            None,
        ),
        (
            [ingredient(SERTRALINE, MG_50, ONE), ingredient("0000", MG_20, ONE)],
            quantity(1, "1"),
            50,
        ),
        ([ingredient(SERTRALINE, MG_50, {"value": 0, "unit": "tablet"})], quantity(1, "1"), None),
        ([ingredient(SERTRALINE, MG_50, {"value": 1})], quantity(1, "1"), None),
        ([ingredient(SERTRALINE, MG_50, None)], quantity(1, "1"), None),
        ([ingredient(SERTRALINE, None, ONE)], quantity(1, "1"), None),
        ([{"itemCodeableConcept": coded(SERTRALINE)}], quantity(1, "1"), None),
    ],
)
def test_the_strength_is_read_from_the_medication(
    knowledge: Knowledge, stated: list[Json], dose: Json, expected: int | None
) -> None:
    exposure = only(
        knowledge,
        by_reference("Medication/med", dosageInstruction=[dosage({"doseQuantity": dose})]),
        medication(code=None, ingredient=stated),
    )
    assert exposure.drug.name == "sertraline"
    assert exposure.dose.low_mg == expected


def test_two_strengths_that_differ_are_none(knowledge: Knowledge) -> None:
    product = medication(ingredient=[ingredient("0000", MG_20, ONE)])
    assert only(knowledge, by_reference("Medication/med"), product).drug.strength_mg is None


@pytest.mark.parametrize(
    ("members", "start", "end"),
    [
        ({"authoredOn": "2026-01-01"}, "2026-01-01", None),
        ({"authoredOn": "2026-01"}, "2026-01", None),
        (
            {
                "authoredOn": "2026-01-01",
                "dispenseRequest": {"validityPeriod": {"start": "2026-01-03"}},
            },
            "2026-01-03",
            None,
        ),
        (
            {
                "authoredOn": "2026-01-01",
                "dosageInstruction": [
                    dosage(
                        timing={
                            "repeat": {"boundsPeriod": {"start": "2026-01-05", "end": "2026-02-01"}}
                        }
                    )
                ],
            },
            "2026-01-05",
            "2026-02-01",
        ),
        (
            {
                "authoredOn": "2026-01-01T08:00:00+10:00",
                "dosageInstruction": [
                    dosage(timing={"repeat": {"boundsDuration": quantity(10, "d")}})
                ],
            },
            "2026-01-01",
            "2026-01-10",
        ),
        ({}, None, None),
        (
            {
                "dosageInstruction": [
                    dosage(timing={"repeat": {"boundsDuration": quantity(10, "d")}})
                ]
            },
            None,
            None,
        ),
        (
            {
                "dosageInstruction": [
                    dosage(
                        timing={
                            "repeat": {"boundsPeriod": {"start": "2026-02-01", "end": "2026-01-01"}}
                        }
                    )
                ]
            },
            "2026-02-01",
            "2026-01-01",
        ),
    ],
)
def test_an_order_has_the_bounds_it_states(
    knowledge: Knowledge, members: Json, start: str | None, end: str | None
) -> None:
    order = only(knowledge, request(**members))
    assert (order.start.text if order.start else None) == start
    assert (order.end.text if order.end else None) == end


@pytest.mark.parametrize(
    ("supplied", "days"),
    [
        ({"expectedSupplyDuration": quantity(30, "d")}, 30),
        ({"expectedSupplyDuration": {"value": 30, "unit": "days"}}, 30),
        (
            {
                "expectedSupplyDuration": {
                    "value": 30,
                    "code": "days",
                    "system": "http://unitsofmeasure.org",
                }
            },
            30,
        ),
        ({"expectedSupplyDuration": quantity(4, "wk")}, 28),
        ({"expectedSupplyDuration": quantity(3, "mo")}, 91),
        ({"expectedSupplyDuration": quantity(1, "a")}, 365),
        ({"expectedSupplyDuration": quantity(30, "d"), "numberOfRepeatsAllowed": 2}, 90),
        ({"expectedSupplyDuration": quantity(30, "d"), "numberOfRepeatsAllowed": -2}, 30),
        ({"expectedSupplyDuration": {"value": 30}}, None),
        ({"expectedSupplyDuration": quantity(30, "furlong")}, None),
        ({"expectedSupplyDuration": quantity(0, "d")}, None),
        ({"expectedSupplyDuration": {"unit": "d"}}, None),
        ({"numberOfRepeatsAllowed": 2}, None),
    ],
)
def test_the_supply_of_an_order_holds_its_repeats(
    knowledge: Knowledge, supplied: Json, days: int | None
) -> None:
    assert only(knowledge, request(dispenseRequest=supplied)).supply_days == days


def test_an_order_keeps_status_intent_and_reasons(knowledge: Knowledge) -> None:
    order = only(
        knowledge,
        condition(),
        request(
            status="stopped",
            intent="plan",
            doNotPerform=True,
            statusReason=coded("182857005", SNOMED_CT),
            reasonCode=[coded("F33.1", ICD_10_CM)],
            reasonReference=[{"reference": "Condition/c"}, {"reference": "Condition/gone"}, {}],
            reason=[{"concept": coded("F42", ICD_10_CM)}, {}],
        ),
    )
    assert (order.kind, order.status, order.intent) == (ExposureKind.REQUEST, "stopped", "plan")
    assert order.do_not_perform
    assert order.order == "MedicationRequest/m"
    assert order.stop_reasons == (Code(SNOMED_CT, "182857005"),)
    assert order.reasons == (Code(ICD_10_CM, "F331"), Code(ICD_10_CM, "F42"))


def test_a_missing_status_stays_missing(knowledge: Knowledge) -> None:
    assert only(knowledge, request(status=None, intent=None)).status is None


@pytest.mark.parametrize(
    ("members", "start"),
    [
        ({"whenHandedOver": "2026-01-02", "whenPrepared": "2026-01-01"}, "2026-01-02"),
        ({"whenPrepared": "2026-01-01"}, "2026-01-01"),
        ({}, None),
    ],
)
def test_a_supply_starts_when_it_was_handed_over(
    knowledge: Knowledge, members: Json, start: str | None
) -> None:
    facts = read(knowledge, dispense(**members))
    found = facts.exposures[0].start
    assert (found.text if found else None) == start
    assert [day.text for day in facts.dispense_dates] == ([start] if start else [])


def test_dates_of_supply_of_any_drug_are_kept(knowledge: Knowledge) -> None:
    facts = read(
        knowledge,
        dispense("d1", of=OTHER_DRUG, whenHandedOver="2026-02-02"),
        dispense("d2", of=OTHER_DRUG, whenHandedOver="2026-01-02"),
        dispense("d3", of=OTHER_DRUG, whenHandedOver="2026-01-09", status="cancelled"),
    )
    assert [day.text for day in facts.dispense_dates] == ["2026-01-02", "2026-02-02"]
    assert facts.medication_records == 2


TWICE_DAILY = {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}
ONE_TABLET = {"doseQuantity": quantity(1, "{tablet}")}
RANGE = {"doseRange": {"low": quantity(25, "mg"), "high": quantity(50, "mg")}}


@pytest.mark.parametrize(
    ("code", "members", "days"),
    [
        (SERTRALINE, {"daysSupply": quantity(30, "d")}, 30),
        (SERTRALINE, {"daysSupply": quantity(10, "days")}, 10),
        (SERTRALINE, {"daysSupply": {"value": 30}}, 30),
        (SERTRALINE, {"daysSupply": {"value": 0}}, None),
        (SERTRALINE, {"daysSupply": {}}, None),
        (SERTRALINE, {"daysSupply": quantity(2, "wk")}, 14),
        (
            SERTRALINE_50_MG,
            {
                "quantity": quantity(60, "{tablet}"),
                "dosageInstruction": [dosage(ONE_TABLET, TWICE_DAILY)],
            },
            30,
        ),
        (
            SERTRALINE_50_MG,
            {"quantity": quantity(60, "{tablet}"), "dosageInstruction": [dosage()]},
            60,
        ),
        (
            SERTRALINE,
            {
                "quantity": quantity(60, "{tablet}"),
                "dosageInstruction": [dosage(ONE_TABLET, TWICE_DAILY)],
            },
            30,
        ),
        (SERTRALINE, {"quantity": quantity(60, "{tablet}"), "dosageInstruction": [dosage()]}, None),
        (
            SERTRALINE_50_MG,
            {"quantity": quantity(60, "{tablet}"), "dosageInstruction": [dosage(RANGE)]},
            None,
        ),
        (
            SERTRALINE_50_MG,
            {
                "quantity": quantity(60, "{tablet}"),
                "dosageInstruction": [dosage(asNeededBoolean=True)],
            },
            None,
        ),
        (
            SERTRALINE_50_MG,
            {"quantity": quantity(0.1, "{tablet}"), "dosageInstruction": [dosage()]},
            None,
        ),
        (SERTRALINE_50_MG, {"quantity": quantity(60, "{tablet}")}, None),
        (SERTRALINE_50_MG, {"dosageInstruction": [dosage()]}, None),
    ],
)
def test_the_length_of_a_supply_is_stated_or_follows_from_its_quantity(
    knowledge: Knowledge, code: str, members: Json, days: int | None
) -> None:
    assert only(knowledge, dispense(of=code, **members)).supply_days == days


@pytest.mark.parametrize(
    ("link", "order"),
    [
        ([{"reference": "MedicationRequest/m"}], "MedicationRequest/m"),
        (
            [{"reference": "https://ehr.example/fhir/MedicationRequest/m/_history/1"}],
            "MedicationRequest/m",
        ),
        ([{"reference": "MedicationRequest/gone"}], "MedicationRequest/gone"),
        ([{"display": "an order"}, {"reference": "MedicationRequest/m"}], "MedicationRequest/m"),
        ([{"reference": "Patient/p"}], None),
        ([{"reference": "ServiceRequest/gone"}], None),
        ([{"reference": "urn:uuid:gone"}], None),
        (None, None),
    ],
)
def test_a_supply_names_its_order(knowledge: Knowledge, link: Any, order: str | None) -> None:
    facts = read(knowledge, request(), dispense(authorizingPrescription=link))
    found = {each.kind: each.order for each in facts.exposures}
    assert found[ExposureKind.DISPENSE] == order


@pytest.mark.parametrize(
    ("members", "start", "end"),
    [
        (
            {"effectivePeriod": {"start": "2026-01-01", "end": "2026-03-01"}},
            "2026-01-01",
            "2026-03-01",
        ),
        ({"effectivePeriod": {"start": "2026-01-01"}}, "2026-01-01", None),
        ({"effectiveDateTime": "2026-01-01"}, "2026-01-01", "2026-01-01"),
        ({"dateAsserted": "2026-01-01"}, None, None),
    ],
)
def test_a_statement_has_the_dates_of_the_taking_only(
    knowledge: Knowledge, members: Json, start: str | None, end: str | None
) -> None:
    found = only(knowledge, statement(**members))
    assert (found.start.text if found.start else None) == start
    assert (found.end.text if found.end else None) == end


@pytest.mark.parametrize(
    ("status", "adherence", "expected"),
    [
        ("active", None, "active"),
        (None, None, None),
        ("recorded", "taking-as-directed", "active"),
        ("recorded", "not-taking", "not-taken"),
        ("recorded", "on-hold-as-directed", "on-hold"),
        ("recorded", "stopped", "stopped"),
        ("recorded", "unknown", "unknown"),
        ("recorded", None, "unknown"),
    ],
)
def test_the_status_of_a_statement_is_told_in_the_words_of_r4(
    knowledge: Knowledge, status: str | None, adherence: str | None, expected: str | None
) -> None:
    said = {"code": coded(adherence, "urn:adherence")} if adherence else None
    assert only(knowledge, statement(status=status, adherence=said)).status == expected


def test_a_statement_keeps_dose_order_and_reasons(knowledge: Knowledge) -> None:
    found = only(
        knowledge,
        statement(
            dosage=[dosage()],
            basedOn=[{"reference": "ServiceRequest/x"}],
            derivedFrom=[{"reference": "MedicationRequest/m"}],
            statusReason=[coded("182857005", SNOMED_CT)],
            reasonCode=[coded("F33.1", ICD_10_CM)],
        ),
    )
    assert (found.dose.low_mg, found.order) == (50, "MedicationRequest/m")
    assert found.stop_reasons == (Code(SNOMED_CT, "182857005"),)
    assert found.reasons == (Code(ICD_10_CM, "F331"),)


def given(
    name: str, dose: Json | None, on: str | None = "2026-01-01T08:00:00Z", **members: Any
) -> Json:
    return administration(name, effectiveDateTime=on, dosage={"dose": dose}, **members)


@pytest.mark.parametrize(
    ("dose", "expected", "basis"),
    [
        (quantity(50, "mg"), Decimal(50), DoseBasis.STRUCTURED),
        (quantity(2, "{tablet}"), Decimal(100), DoseBasis.PRODUCT_STRENGTH),
        (None, None, DoseBasis.NONE),
    ],
)
def test_a_given_dose_is_the_dose_of_its_day(
    knowledge: Knowledge, dose: Json | None, expected: Decimal | None, basis: DoseBasis
) -> None:
    found = only(knowledge, given("a", dose))
    assert (found.dose.low_mg, found.dose.basis) == (expected, basis)
    assert found.start == found.end


def test_doses_given_on_one_day_add_up(knowledge: Knowledge) -> None:
    facts = read(
        knowledge,
        given("a1", quantity(50, "mg"), reasonCode=[coded("F33.1", ICD_10_CM)]),
        given("a2", quantity(1, "{tablet}"), "2026-01-01T20:00:00Z"),
        given("a3", quantity(50, "mg"), "2026-01-02"),
        given("a4", quantity(50, "mg"), status="not-done"),
        given("a5", quantity(10, "mg"), of=ESCITALOPRAM),
    )
    assert [(each.dose.low_mg, each.status, each.drug.name) for each in facts.exposures] == [
        (10, "completed", "escitalopram"),
        (100, "completed", "sertraline"),
        (50, "not-done", "sertraline"),
        (50, "completed", "sertraline"),
    ]
    both = facts.exposures[1]
    assert both.sources == ("MedicationAdministration/a1", "MedicationAdministration/a2")
    assert both.reasons == (Code(ICD_10_CM, "F331"),)
    assert both.dose.basis is DoseBasis.PRODUCT_STRENGTH


def test_one_unknown_dose_leaves_the_day_open(knowledge: Knowledge) -> None:
    assert not only(knowledge, given("a1", quantity(50, "mg")), given("a2", None)).dose.known


@pytest.mark.parametrize(
    "members",
    [
        {"effectiveDateTime": None},
        {"effectiveDateTime": "2026-01"},
        {"effectivePeriod": {"start": "2026-01-01", "end": "2026-01-03"}},
    ],
)
def test_doses_without_one_day_are_not_put_together(knowledge: Knowledge, members: Json) -> None:
    doses = [
        administration(name, dosage={"dose": quantity(50, "mg")}, **members)
        for name in ("a1", "a2")
    ]
    assert len(read(knowledge, *doses).exposures) == 2


def test_an_administration_names_its_order(knowledge: Knowledge) -> None:
    found = only(
        knowledge, administration(request={"reference": "MedicationRequest/m"}, dosage=None)
    )
    assert found.order == "MedicationRequest/m"


@pytest.mark.parametrize(
    ("fault", "because"),
    [
        ({"authoredOn": "about 2010"}, "$.authoredOn should be a FHIR date"),
        ({"authoredOn": 2010}, "$.authoredOn should be str"),
        ({"dosageInstruction": {}}, "$.dosageInstruction should be array"),
        (
            {"dosageInstruction": [dosage({"doseQuantity": {"value": "50", "unit": "mg"}})]},
            "$.dosage.doseAndRate.doseQuantity.value should be a number",
        ),
        ({"dosageInstruction": [dosage(sequence="1")]}, "$.dosage.sequence should be a number"),
        (
            {
                "contained": ["x"],
                "medicationCodeableConcept": None,
                "medicationReference": {"reference": "#x"},
            },
            "$ should be object",
        ),
    ],
)
def test_an_order_that_is_not_as_fhir_says_is_a_gap_with_the_path_of_the_fault(
    knowledge: Knowledge, fault: Json, because: str
) -> None:
    facts = read(knowledge, request(**fault))
    assert facts.exposures == ()
    assert [(gap.what, gap.because) for gap in facts.gaps] == [
        ("medicationRequest", f"MedicationRequest/m could not be read: {because}")
    ]
    assert facts.incomplete[0].completeness.value == "partly_read"


@pytest.mark.parametrize(
    ("concept", "because"),
    [
        ({}, "it names no medication"),
        (
            coded("4711", "urn:house"),
            "its code is of a system the drug tables do not hold, and no words stand beside it",
        ),
        (coded("asked-unknown", NULL_FLAVOR), "it says that its drug is not known"),
        (
            coded("no-medication-info", SUMMARY, text="nothing known"),
            "it says that its drug is not known",
        ),
    ],
)
def test_a_drug_named_in_no_form_that_could_be_looked_up_is_a_gap(
    knowledge: Knowledge, concept: Json, because: str
) -> None:
    facts = read(knowledge, request(medicationCodeableConcept=concept))
    assert (facts.exposures, facts.medication_records) == ((), 1)
    assert [gap.because for gap in facts.gaps] == [
        f"the drug of MedicationRequest/m is not known: {because}"
    ]


@pytest.mark.parametrize(
    "concept",
    [
        {"text": "lisinopril"},
        coded(OTHER_DRUG),
        coded("C09AA03", ATC),
        coded("4711", "urn:house", text="lisinopril"),
    ],
)
def test_a_drug_that_could_be_looked_up_and_is_not_ours_is_no_gap(
    knowledge: Knowledge, concept: Json
) -> None:
    facts = read(knowledge, request(medicationCodeableConcept=concept))
    assert (facts.exposures, facts.medication_records, facts.gaps) == ((), 1, ())


def test_a_statement_that_no_medication_is_known_is_a_record_of_none(knowledge: Knowledge) -> None:
    none_known = statement(medicationCodeableConcept=coded("no-known-medications", SUMMARY))
    facts = read(knowledge, none_known)
    assert (facts.medication_records, facts.gaps) == (0, ())
    assert [each.because for each in facts.not_used] == ["it says that no medication is known"]


@pytest.mark.parametrize(
    ("inner", "names", "gaps"),
    [
        ([{"itemCodeableConcept": {"text": "Sertraline"}}], ["sertraline"], 0),
        ([{"item": {"concept": {"text": "Sertraline"}}}], ["sertraline"], 0),
        ([{"itemCodeableConcept": {"text": "Starch"}}, {}], [], 0),
        ([{}], [], 1),
        ([{"itemCodeableConcept": coded("4711", "urn:house")}], [], 1),
    ],
)
def test_a_product_without_a_code_is_known_by_the_words_of_its_ingredients(
    knowledge: Knowledge, inner: list[Json], names: list[str], gaps: int
) -> None:
    facts = read(knowledge, by_reference("Medication/med"), medication(code=None, ingredient=inner))
    assert [each.drug.name for each in facts.exposures] == names
    assert len(facts.gaps) == gaps


def repeated(**repeat: Any) -> Json:
    return dosage(timing={"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", **repeat}})


@pytest.mark.parametrize(
    ("members", "end"),
    [
        ({"dosage": [repeated(boundsDuration=quantity(10, "d"))]}, "2026-01-10"),
        ({"dosage": [repeated(boundsPeriod={"end": "2026-02-01"})]}, "2026-02-01"),
        ({"dosage": [repeated()]}, None),
        ({}, None),
        (
            {
                "effectivePeriod": {"start": "2026-01-01", "end": "2026-03-01"},
                "dosage": [repeated(boundsDuration=quantity(10, "d"))],
            },
            "2026-03-01",
        ),
    ],
)
def test_a_statement_ends_when_it_or_else_its_dosage_says(
    knowledge: Knowledge, members: Json, end: str | None
) -> None:
    report = only(knowledge, statement(**{"effectivePeriod": {"start": "2026-01-01"}, **members}))
    assert (report.end.text if report.end else None) == end


def test_a_statement_in_steps_goes_on_after_the_last(knowledge: Knowledge) -> None:
    steps = [
        {"sequence": 1, **repeated(boundsDuration=quantity(7, "d"))},
        {"sequence": 2, **repeated()},
    ]
    report = statement(effectivePeriod={"start": "2026-01-01"}, dosage=steps)
    ends = [each.end.text if each.end else None for each in read(knowledge, report).exposures]
    assert ends == ["2026-01-07", None]
