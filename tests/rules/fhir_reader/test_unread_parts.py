"""Is what may change a meaning, or stands within another resource, named and not passed over?"""

import json
from typing import Any

import pytest

from rules.facts import Facts
from rules.fhir_reader import read_facts, split_bundle
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    ESCITALOPRAM,
    SERTRALINE_50_MG,
    Json,
    bundle,
    coded,
    condition,
    dispense,
    observation,
    patient,
    quantity,
    read,
    request,
    resource,
)

NEGATED = [{"url": "https://ehr.example/negated", "valueBoolean": True}]


def gaps(facts: Facts) -> list[tuple[str, str]]:
    return [(gap.what, gap.because) for gap in facts.gaps]


def crp(**members: Any) -> Json:
    return observation(**({"valueQuantity": quantity(4.1, "mg/L")} | members))


@pytest.mark.parametrize(
    ("name", "value"),
    [("modifierExtension", NEGATED), ("implicitRules", "https://ehr.example/rules")],
)
def test_a_resource_whose_meaning_may_be_changed_is_not_used(
    knowledge: Knowledge, name: str, value: object
) -> None:
    facts = read(knowledge, crp(**{name: value}))
    assert facts.markers == ()
    assert gaps(facts) == [
        ("observation", f"Observation/o could not be read: its {name} may change what it means")
    ]


@pytest.mark.parametrize(
    "members", [{"modifierExtension": []}, {"implicitRules": ""}, {"extension": NEGATED}]
)
def test_nothing_and_a_plain_extension_change_no_meaning(
    knowledge: Knowledge, members: dict[str, Any]
) -> None:
    assert len(read(knowledge, crp(**members)).markers) == 1


@pytest.mark.parametrize("holder", ["DiagnosticReport", "Observation", "List"])
def test_a_result_within_another_resource_is_named(knowledge: Knowledge, holder: str) -> None:
    facts = read(knowledge, resource(holder, "r", contained=[crp(), crp(id="o2")]))
    assert facts.markers == ()
    assert gaps(facts) == [("observation", f"what {holder}/r holds within itself was not read")]
    assert [each.resource_type for each in facts.incomplete] == ["Observation"]


@pytest.mark.parametrize(
    "contained",
    [
        [{"resourceType": "Patient", "id": "q"}, {"resourceType": "Practitioner"}],
        [{"id": "x"}],
        [],
        None,
        "x",
        [5],
    ],
)
def test_what_the_rules_never_use_is_not_missed(knowledge: Knowledge, contained: object) -> None:
    facts = read(knowledge, resource("DiagnosticReport", "r", contained=contained))
    assert (gaps(facts), facts.incomplete) == ([], ())


@pytest.mark.parametrize(
    "members",
    [
        {"code": {"coding": [{"system": "urn:x", "code": str(each)} for each in range(101)]}},
        {"code": {"coding": [{"system": "urn:x", "code": "1" * 201}]}},
    ],
    ids=["codings", "length"],
)
@pytest.mark.requirement("D13")
def test_more_codes_than_any_server_sends_are_a_gap(
    knowledge: Knowledge, members: dict[str, Any]
) -> None:
    facts = read(knowledge, condition(**members))
    assert facts.diagnoses == ()
    assert "should have at most" in facts.gaps[0].because


@pytest.mark.requirement("D13")
def test_more_instructions_than_anyone_could_follow_are_a_gap(knowledge: Knowledge) -> None:
    facts = read(knowledge, request(dosageInstruction=[{"sequence": each} for each in range(101)]))
    assert facts.exposures == ()
    assert "at most 100 instructions" in facts.gaps[0].because


@pytest.mark.requirement("D13")
def test_more_ingredients_than_any_product_has_are_a_gap(knowledge: Knowledge) -> None:
    product = {"resourceType": "Medication", "id": "x", "ingredient": [{}] * 51}
    order = request(
        medicationCodeableConcept=None, medicationReference={"reference": "Medication/x"}
    )
    facts = read(knowledge, product, order)
    assert facts.exposures == ()
    assert "at most 50 ingredients" in facts.gaps[0].because


def test_a_product_that_cannot_be_read_is_named_with_every_order_of_it(
    knowledge: Knowledge,
) -> None:
    product = {"resourceType": "Medication", "id": "x", "code": 5}
    orders = [
        request(name, medicationCodeableConcept=None,
                medicationReference={"reference": "Medication/x"})
        for name in ("m1", "m2")
    ]  # fmt: skip
    facts = read(knowledge, product, *orders)
    assert [gap.because for gap in facts.gaps] == [
        f"MedicationRequest/{name} could not be read: $.code should be object"
        for name in ("m1", "m2")
    ]


def test_two_products_under_one_address_are_no_product(knowledge: Knowledge) -> None:
    order = request(medicationCodeableConcept=None, medicationReference={"reference": "urn:uuid:1"})
    entries = [
        {"resource": patient()},
        {"resource": order},
        *(
            {
                "fullUrl": "urn:uuid:1",
                "resource": {"resourceType": "Medication", "id": name, "code": coded(code)},
            }
            for name, code in (("x", SERTRALINE_50_MG), ("y", ESCITALOPRAM))
        ),
    ]
    body = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    facts = read_facts(split_bundle(body), "p", knowledge)
    assert facts.exposures == ()
    assert facts.gaps[0].because.endswith("its reference to a Medication leads nowhere")


def test_an_id_in_a_reference_is_not_shown_unless_it_has_the_form_of_one(
    knowledge: Knowledge,
) -> None:
    link = [{"reference": "MedicationRequest/<b>Jane Doe"}]
    facts = read(knowledge, dispense(authorizingPrescription=link))
    assert facts.exposures[0].order is None


@pytest.mark.requirement("D15")
@pytest.mark.parametrize(
    "name", ["~~x~~", "a b", "<b>", "x" * 129, "J\u00e9rome", "x\u200b", "[x](y)"]
)
def test_an_id_of_another_form_is_used_and_not_shown(knowledge: Knowledge, name: str) -> None:
    (marker,) = read(knowledge, crp(id=name)).markers
    assert marker.sources == ("Observation/?",)


@pytest.mark.parametrize("written", ["-0", "-0.0", "0"])
def test_minus_nothing_is_nothing(knowledge: Knowledge, written: str) -> None:
    body = bundle(patient(), crp()).replace(b"4.1", written.encode())
    (marker,) = read_facts(split_bundle(body), "p", knowledge).markers
    assert str(marker.value) == "0"
