"""Is every entry counted whose codes no table knows, and none that is known?"""

from collections.abc import Mapping

import pytest

from rules.codes import ATC, LOINC, SNOMED_CT
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    Json,
    administration,
    coded,
    dispense,
    observation,
    quantity,
    read,
    request,
    statement,
)

NO_CODE_OF_OURS = "999999999"
WORDS_ONLY: Json = {"text": "sertraline 50 mg oral tablet"}
OTHER_LOINC = "99999-7"


def named(text: str, code: str = OTHER_LOINC, system: str = LOINC) -> Json:
    return {"coding": [{"system": system, "code": code}], "text": text}


@pytest.mark.parametrize(
    ("entry", "counted"),
    [
        (request(), {}),
        (request(medicationCodeableConcept=WORDS_ONLY), {"drug_in_words": 1}),
        (
            dispense(medicationCodeableConcept={**coded(NO_CODE_OF_OURS), **WORDS_ONLY}),
            {"drug_in_words": 1},
        ),
        (statement(medicationCodeableConcept=coded(NO_CODE_OF_OURS)), {"drug_not_listed": 1}),
        (statement(medicationCodeableConcept=coded("H03AA01", ATC)), {"drug_not_listed": 1}),
        (administration(medicationCodeableConcept={"text": "vitamin"}), {"drug_not_listed": 1}),
        (
            request(medicationCodeableConcept=coded("777", "urn:oid:1.2.3")),
            {"drug_untold": 1},
        ),
    ],
)
def test_a_medication_is_counted_by_what_its_codes_tell(
    knowledge: Knowledge, entry: Json, counted: Mapping[str, int]
) -> None:
    assert read(knowledge, entry).unknown_codes == counted


def test_a_medication_that_leads_nowhere_is_counted_as_untold(knowledge: Knowledge) -> None:
    order = request(medicationReference={"reference": "Medication/x"})
    del order["medicationCodeableConcept"]
    assert read(knowledge, order).unknown_codes == {"drug_untold": 1}


@pytest.mark.parametrize("concept", [WORDS_ONLY, coded(NO_CODE_OF_OURS), {}])
def test_a_medication_whose_status_keeps_it_out_is_not_counted(
    knowledge: Knowledge, concept: Json
) -> None:
    cancelled = request(status="entered-in-error", medicationCodeableConcept=concept)
    assert read(knowledge, cancelled).unknown_codes == {}


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        (named("C-reactive protein", "1988-5"), {}),
        (named("C-reactive protein"), {"marker_in_words": 1}),
        (named("CRP, high sensitivity", "55235003", SNOMED_CT), {"marker_in_words": 1}),
        ({"text": "hs-CRP"}, {"marker_in_words": 1}),
        (named("PHQ-9 total score"), {"scale_in_words": 1}),
        ({"text": "MADRS"}, {"scale_in_words": 1}),
        (named("PHQ-2 total score"), {}),
        (named("Haemoglobin"), {}),
        ({"text": "SARS-CoV-2 PCR"}, {}),
    ],
)
def test_an_observation_known_by_its_words_alone_is_counted(
    knowledge: Knowledge, code: Json, counted: Mapping[str, int]
) -> None:
    entry = observation(code=code, valueQuantity=quantity(4, "mg/L"))
    assert read(knowledge, entry).unknown_codes == counted


def test_each_entry_counts_though_they_say_the_same(knowledge: Knowledge) -> None:
    entries = [observation(f"o{n}", code=named("C-reactive protein")) for n in range(3)]
    assert read(knowledge, *entries).unknown_codes == {"marker_in_words": 3}


def test_a_marker_under_another_loinc_code_is_counted_and_told_to_nobody(
    knowledge: Knowledge,
) -> None:
    assert read(knowledge, observation(code=named("C-reactive protein"))).not_used == ()


def test_a_component_in_words_is_still_named_beside_one_under_another_code(
    knowledge: Knowledge,
) -> None:
    parts = [{"code": named("C-reactive protein")}, {"code": {"text": "CRP"}}]
    facts = read(knowledge, observation(code=coded("24323-8", LOINC), component=parts))
    assert [each.source for each in facts.not_used] == ["Observation/o"]


@pytest.mark.parametrize(
    ("loinc", "unit", "counted"),
    [
        ("1988-5", "mg/L", {}),
        ("1988-5", "mg/dl", {}),
        ("1988-5", "furlong", {"marker_unit": 1}),
        ("1988-5", "nmol/L", {"marker_unit": 1}),
        ("1988-5", None, {}),
        ("2276-4", "ng/mL", {}),
        ("2276-4", "mol/L", {"marker_unit": 1}),
        ("11039-5", "mg/L", {}),
    ],
)
def test_a_unit_that_the_code_does_not_have_is_counted(
    knowledge: Knowledge, loinc: str, unit: str | None, counted: Mapping[str, int]
) -> None:
    entry = observation("o", loinc, valueQuantity=quantity(4, unit))
    assert read(knowledge, entry).unknown_codes == counted


def test_the_counts_do_not_depend_on_the_order_of_the_record(knowledge: Knowledge) -> None:
    entries = [
        observation("o1", code=named("PHQ-9")),
        observation("o2", code=named("CRP")),
        request(medicationCodeableConcept=WORDS_ONLY),
    ]
    there, back = read(knowledge, *entries), read(knowledge, *reversed(entries))
    assert list(there.unknown_codes.items()) == list(back.unknown_codes.items())
