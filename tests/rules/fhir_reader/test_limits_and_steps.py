"""Do limits include what they name, and do steps, sums and links hold at their edges?"""

import json
from typing import Any

import pytest

from rules.codes import ICD_10_CM, LOINC, SNOMED_CT
from rules.facts import DoseBasis, Exposure, Facts, Score
from rules.fhir_reader import read_facts, split_bundle
from rules.fhir_reader.bounds import (
    MAX_CODE_LENGTH,
    MAX_CODINGS,
    MAX_INGREDIENTS,
    MAX_INSTRUCTIONS,
)
from rules.fhir_reader.decoding import MAX_DIGITS
from rules.fhir_reader.patients import only_patient
from rules.knowledge import Knowledge
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
    patient,
    quantity,
    read,
    request,
    resource,
    statement,
)

DAY, NEXT_DAY = "2026-06-01", "2026-06-02"
DAILY: Json = {"frequency": 1, "period": 1, "periodUnit": "d"}
UNKNOWN = coded("LP0-0", LOINC)  # no code of ours
PHQ9_ITEMS = (
    *("44250-9", "44255-8", "44259-0", "44254-1", "44251-7"),
    *("44258-2", "44252-5", "44253-3", "44260-8"),
)


def without_none(made: Json) -> Json:
    return {key: value for key, value in made.items() if value is not None}


def exposures(knowledge: Knowledge, *resources: Json) -> tuple[Exposure, ...]:
    return read(knowledge, *resources).exposures


def only(knowledge: Knowledge, *resources: Json) -> Exposure:
    (exposure,) = exposures(knowledge, *resources)
    return exposure


def ordered(*instructions: Json, **members: Any) -> Json:
    return request(authoredOn=DAY, dosageInstruction=list(instructions), **members)


def timed(**repeat: Any) -> Json:
    return dosage(timing={"repeat": repeat})


def daily_mg(knowledge: Knowledge, instruction: Json) -> str | None:
    low = only(knowledge, ordered(instruction)).dose.low_mg
    return None if low is None else f"{low.normalize():f}"


def read_entries(knowledge: Knowledge, *entries: Json) -> Facts:
    body = {"resourceType": "Bundle", "type": "collection", "entry": list(entries)}
    return read_facts(split_bundle(json.dumps(body).encode()), "p", knowledge)


def referring(*medications: Json, to: str, **reference: Any) -> Json:
    made = request(
        medicationCodeableConcept=None,
        medicationReference={"reference": to, **reference},
        contained=list(medications),
        authoredOn=DAY,
    )
    return without_none(made)


@pytest.mark.parametrize(
    ("years", "unit", "day"),
    [
        (40, "year", "2024-03-10"),
        (40, "years", "2024-03-10"),
        (40, "yr", "2024-03-10"),
        (40, "YR", "2024-03-10"),
        (40, "a", "2024-03-10"),
        (0, "a", "1984-03-10"),
        (150, "a", "2134-03-10"),
    ],
)
def test_an_age_is_read_in_years_from_birth_to_the_limit(
    years: int, unit: str, day: str, knowledge: Knowledge
) -> None:
    (diagnosis,) = read(knowledge, condition(onsetAge=quantity(years, unit))).diagnoses
    assert diagnosis.onset is not None
    assert str(diagnosis.onset.earliest) == day


@pytest.mark.parametrize(("years", "unit"), [(151, "a"), (-1, "a"), (40, "mo"), (40, None)])
def test_an_age_that_is_none_is_no_date(years: int, unit: str | None, knowledge: Knowledge) -> None:
    (diagnosis,) = read(knowledge, condition(onsetAge=quantity(years, unit))).diagnoses
    assert diagnosis.onset is None


@pytest.mark.parametrize(("digits", "results"), [(MAX_DIGITS, 1), (MAX_DIGITS + 1, 0)])
def test_a_number_may_have_as_many_signs_as_are_read(
    digits: int, results: int, knowledge: Knowledge
) -> None:
    number = "4." + "0" * (digits - 3) + "1"
    crp = json.dumps({"resource": observation(valueQuantity=quantity("NUMBER", "mg/L"))})
    body = f'{{"resourceType":"Bundle","entry":[{crp.replace(chr(34) + "NUMBER" + chr(34), number)}'
    body += f',{{"resource":{json.dumps(patient())}}}]}}'
    facts = read_facts(split_bundle(body.encode()), "p", knowledge)
    assert len(facts.markers) == results


def test_two_copies_whose_members_stand_in_another_order_are_one(knowledge: Knowledge) -> None:
    one = observation(valueQuantity=quantity(4, "mg/L"))
    facts = read(knowledge, one, dict(reversed(one.items())))
    assert (len(facts.markers), facts.not_used, facts.gaps) == (1, (), ())


@pytest.mark.parametrize(("codings", "read_whole"), [(MAX_CODINGS, True), (MAX_CODINGS + 1, False)])
def test_a_concept_may_have_as_many_codings_as_are_read(
    codings: int, read_whole: bool, knowledge: Knowledge
) -> None:
    code = {"coding": [{"system": ICD_10_CM, "code": "F33.1"}] * codings}
    assert bool(read(knowledge, condition(code=code)).diagnoses) is read_whole


@pytest.mark.parametrize(
    ("length", "read_whole"), [(MAX_CODE_LENGTH, True), (MAX_CODE_LENGTH + 1, False)]
)
def test_a_code_may_be_as_long_as_is_read(
    length: int, read_whole: bool, knowledge: Knowledge
) -> None:
    code = coded("F" * length, ICD_10_CM)
    assert bool(read(knowledge, condition(code=code)).diagnoses) is read_whole


@pytest.mark.parametrize(("ingredients", "found"), [(MAX_INGREDIENTS, 1), (MAX_INGREDIENTS + 1, 0)])
def test_a_product_may_have_as_many_ingredients_as_are_read(
    ingredients: int, found: int, knowledge: Knowledge
) -> None:
    each = {"itemCodeableConcept": coded(SERTRALINE)}
    drug = {"resourceType": "Medication", "id": "drug", "ingredient": [each] * ingredients}
    assert len(exposures(knowledge, referring(drug, to="#drug"))) == found


@pytest.mark.parametrize(
    ("instructions", "found"), [(MAX_INSTRUCTIONS, 1), (MAX_INSTRUCTIONS + 1, 0)]
)
def test_an_order_may_have_as_many_instructions_as_are_read(
    instructions: int, found: int, knowledge: Knowledge
) -> None:
    assert len(exposures(knowledge, ordered(*[dosage()] * instructions))) == found


@pytest.mark.parametrize(
    ("repeat", "mg"),
    [
        ({"count": 1, "boundsDuration": quantity(2, "d")}, "25"),
        ({"count": 1, "boundsPeriod": {"start": DAY, "end": DAY}}, "50"),
        ({"count": 4, "boundsPeriod": {"start": DAY, "end": NEXT_DAY}}, "100"),
        ({"count": 4, "boundsPeriod": {"start": NEXT_DAY, "end": DAY}}, None),
        ({"frequency": 1, "period": 0.5, "periodUnit": "d"}, "100"),
        ({"frequency": 1, "period": 1}, None),
        ({**DAILY, "frequency": 14, "dayOfWeek": ["mon"]}, "100"),
    ],
)
def test_a_timing_gives_the_daily_dose(repeat: Json, mg: str | None, knowledge: Knowledge) -> None:
    assert daily_mg(knowledge, timed(**repeat)) == mg


def test_one_day_of_the_week_is_intermittent_however_much_is_taken(knowledge: Knowledge) -> None:
    instruction = timed(**{**DAILY, "frequency": 14, "dayOfWeek": ["mon"]})
    assert only(knowledge, ordered(instruction)).intermittent


def test_a_rate_that_is_null_is_no_rate(knowledge: Knowledge) -> None:
    dose = {"doseQuantity": quantity(50, "mg"), "rateQuantity": None}
    assert daily_mg(knowledge, dosage(dose)) == "50"


def test_a_range_may_begin_where_it_ends(knowledge: Knowledge) -> None:
    dose = {"doseRange": {"low": quantity(50, "mg"), "high": quantity(50, "mg")}}
    assert daily_mg(knowledge, dosage(dose)) == "50"


def test_a_range_with_one_end_in_tablets_rests_on_the_strength(knowledge: Knowledge) -> None:
    dose = {"doseRange": {"low": quantity(50, "mg"), "high": quantity(2, None, unit="tablet")}}
    assert only(knowledge, ordered(dosage(dose))).dose.basis is DoseBasis.PRODUCT_STRENGTH


def test_a_conflict_is_told_before_an_instruction_without_a_dose(knowledge: Knowledge) -> None:
    silent = {"timing": {"repeat": DAILY}}
    conflict = dosage(text="100 mg once daily")
    assert only(knowledge, ordered(silent, conflict)).dose.basis is DoseBasis.STRUCTURED


def placed(sequence: int, mg: int, **more: Any) -> Json:
    repeat = more.pop("repeat", {})
    dose = {"doseQuantity": quantity(mg, "mg")}
    return dosage(dose, {"repeat": {**DAILY, **repeat}}, sequence=sequence, **more)


def unplaced(**more: Any) -> list[Json]:
    first = placed(1, 50, repeat={"boundsPeriod": {"start": "2026-05-01"}}, **more)
    last = placed(3, 150, repeat={"boundsPeriod": {"end": "2026-07-01"}}, **more)
    return [first, placed(2, 100, **more), last]


def test_steps_that_cannot_be_placed_are_one_from_the_first_start_to_the_last_end(
    knowledge: Knowledge,
) -> None:
    made = only(knowledge, ordered(*unplaced()))
    assert made.start is not None
    assert made.end is not None
    assert (made.start.text, made.end.text) == ("2026-05-01", "2026-07-01")


def test_steps_that_cannot_be_placed_are_as_needed_where_all_are(knowledge: Knowledge) -> None:
    assert only(knowledge, ordered(*unplaced(asNeededBoolean=True))).as_needed


def test_steps_that_cannot_be_placed_are_intermittent_where_one_is(knowledge: Knowledge) -> None:
    steps = unplaced()
    steps[1]["timing"] = {"repeat": {**DAILY, "period": 2}}
    assert only(knowledge, ordered(*steps)).intermittent


WEEK = {"boundsDuration": quantity(7, "d")}


def supplied(days: int, *steps: Json) -> Json:
    return ordered(*steps, dispenseRequest={"expectedSupplyDuration": quantity(days, "d")})


@pytest.mark.parametrize(("days", "left"), [(30, 16), (14, 0), (10, 0)])
def test_the_last_step_lasts_what_the_steps_before_leave_of_the_supply(
    days: int, left: int, knowledge: Knowledge
) -> None:
    steps = (placed(1, 50, repeat=WEEK), placed(2, 100, repeat=WEEK), placed(3, 150))
    assert exposures(knowledge, supplied(days, *steps))[-1].supply_days == left


def test_a_step_that_ends_where_the_next_begins_takes_nothing_from_the_supply(
    knowledge: Knowledge,
) -> None:
    last = placed(2, 100, repeat={"boundsPeriod": {"start": "2026-06-10"}})
    assert exposures(knowledge, supplied(30, placed(1, 50), last))[-1].supply_days == 30


def test_a_supply_may_last_one_day(knowledge: Knowledge) -> None:
    supply = dispense(
        whenHandedOver=DAY,
        quantity=quantity(1, None, unit="tablet"),
        dosageInstruction=[dosage()],
    )
    assert only(knowledge, supply).supply_days == 1


def test_two_references_are_two_drugs(knowledge: Knowledge) -> None:
    first = {"resourceType": "Medication", "id": "drug", "code": coded(SERTRALINE)}
    second = {"resourceType": "Medication", "id": "drug", "code": coded(ESCITALOPRAM)}
    orders = [referring(first, to="#drug"), {**referring(second, to="#drug"), "id": "m2"}]
    found = {each.drug.name for each in exposures(knowledge, *orders)}
    assert found == {"sertraline", "escitalopram"}


def test_a_medication_may_name_its_drug_in_words(knowledge: Knowledge) -> None:
    drug = {"resourceType": "Medication", "id": "drug", "code": {"text": "Sertraline tablets"}}
    assert only(knowledge, referring(drug, to="#drug")).drug_from_text


def test_the_words_beside_a_reference_may_name_the_drug(knowledge: Knowledge) -> None:
    drug = {"resourceType": "Medication", "id": "drug"}
    assert only(knowledge, referring(drug, to="#drug", display="Sertraline")).drug_from_text


def given(name: str, reason: str, **members: Any) -> Json:
    return administration(
        name,
        effectiveDateTime=DAY,
        dosage={"dose": quantity(25, "mg")},
        reasonCode=[coded(reason, ICD_10_CM)],
        **members,
    )


def test_doses_of_one_day_keep_the_reasons_of_each(knowledge: Knowledge) -> None:
    made = only(knowledge, given("a1", "F33.1"), given("a2", "F41.1"))
    assert [each.code for each in made.reasons] == ["F331", "F411"]


def test_doses_of_one_day_keep_the_stop_reasons_of_each(knowledge: Knowledge) -> None:
    stopped = [[coded(code, "urn:site")] for code in ("x", "y")]
    made = only(
        knowledge,
        given("a1", "F33.1", statusReason=stopped[0]),
        given("a2", "F33.1", statusReason=stopped[1]),
    )
    assert [each.code for each in made.stop_reasons] == ["x", "y"]


def test_a_dose_given_over_several_days_is_one_number(knowledge: Knowledge) -> None:
    made = only(
        knowledge,
        administration(
            effectivePeriod={"start": DAY, "end": NEXT_DAY},
            dosage={"dose": quantity(25, "mg")},
        ),
    )
    assert made.dose.low_mg == made.dose.high_mg


def test_a_given_volume_rests_on_the_strength_of_the_product(knowledge: Knowledge) -> None:
    strength = {"numerator": quantity(20, "mg"), "denominator": quantity(1, "mL")}
    drug = {
        "resourceType": "Medication",
        "id": "drug",
        "ingredient": [{"itemCodeableConcept": coded(SERTRALINE), "strength": strength}],
    }
    made = administration(
        medicationCodeableConcept=None,
        medicationReference={"reference": "#drug"},
        contained=[drug],
        effectiveDateTime=DAY,
        dosage={"dose": quantity(5, "mL")},
    )
    assert only(knowledge, without_none(made)).dose.basis is DoseBasis.PRODUCT_STRENGTH


def test_an_order_is_named_by_the_resource_its_address_leads_to(knowledge: Knowledge) -> None:
    supply = dispense(
        whenHandedOver=DAY, authorizingPrescription=[{"reference": "urn:uuid:the-order"}]
    )
    facts = read_entries(
        knowledge,
        {"resource": patient()},
        {"fullUrl": "urn:uuid:the-order", "resource": request(authoredOn=DAY)},
        {"resource": supply},
    )
    assert {each.order for each in facts.exposures} == {"MedicationRequest/m"}


def test_reasons_without_an_id_are_told_apart_by_their_address(knowledge: Knowledge) -> None:
    reasons = [("urn:uuid:1", "F33.1"), ("urn:uuid:2", "F41.1")]
    entries = [
        {"fullUrl": url, "resource": without_none({**condition("c", code), "id": None})}
        for url, code in reasons
    ]
    order = request(authoredOn=DAY, reasonReference=[{"reference": url} for url, _ in reasons])
    facts = read_entries(knowledge, {"resource": patient()}, {"resource": order}, *entries)
    assert [each.code for each in facts.exposures[0].reasons] == ["F331", "F411"]


def test_leaving_others_out_keeps_the_address_of_an_entry() -> None:
    entry = {"fullUrl": "urn:uuid:1", "resource": condition()}
    body = {"resourceType": "Bundle", "entry": [entry, {"resource": patient()}]}
    kept = only_patient(split_bundle(json.dumps(body).encode()), "p").items
    assert [each.full_url for each in kept if each.resource_type == "Condition"] == ["urn:uuid:1"]


def test_a_second_form_that_is_null_is_no_second_value(knowledge: Knowledge) -> None:
    crp = {**observation(valueQuantity=quantity(4, "mg/L")), "valueInteger": None}
    assert len(read(knowledge, crp).markers) == 1


def test_a_total_made_of_components_is_of_their_day_status_and_source(
    knowledge: Knowledge,
) -> None:
    parts = [{"code": coded(item, LOINC), "valueInteger": 2} for item in PHQ9_ITEMS]
    panel = observation("panel", "44249-1", component=parts, effectiveDateTime=DAY)
    (total,) = (each for each in read(knowledge, panel).scores if each.code.code == "44261-6")
    assert isinstance(total, Score)
    assert total.date is not None
    assert (total.status, total.date.text, total.sources) == (
        "final",
        DAY,
        ("Observation/panel",),
    )


def test_a_component_is_read_under_a_code_that_was_of_no_use_before(knowledge: Knowledge) -> None:
    part = {"code": coded("30522-7", LOINC), "valueQuantity": quantity(4, "mg/L")}
    before = observation("o1", code=UNKNOWN)
    facts = read(knowledge, before, observation("o2", code=UNKNOWN, component=[part]))
    assert len(facts.markers) == 1


@pytest.mark.parametrize(
    "member", [{"modifierExtension": [{"url": "urn:x"}]}, {"implicitRules": "urn:x"}]
)
def test_a_modifier_is_seen_under_a_code_that_was_of_no_use_before(
    member: Json, knowledge: Knowledge
) -> None:
    before = observation("o1", code=UNKNOWN)
    facts = read(knowledge, before, observation("o2", code=UNKNOWN, **member))
    assert len(facts.gaps) == 1


def test_a_procedure_is_read_under_a_code_that_was_of_no_use_as_an_observation(
    knowledge: Knowledge,
) -> None:
    ect = coded("23835007", SNOMED_CT)
    done = resource("Procedure", "x", status="completed", code=ect, performedDateTime=DAY)
    assert len(read(knowledge, observation(code=ect), done).procedures) == 1


def test_an_absent_code_is_left_out_beside_one_that_names_something(knowledge: Knowledge) -> None:
    absent = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
    code = {
        "coding": [
            {"system": absent, "code": "unknown"},
            {"system": ICD_10_CM, "code": "F33.1"},
        ]
    }
    (diagnosis,) = read(knowledge, condition(code=code)).diagnoses
    assert [each.code for each in diagnosis.codes] == ["F331"]


def test_days_of_supply_stand_in_order_of_time(knowledge: Knowledge) -> None:
    days = [f"2026-06-{day:02}" for day in range(1, 13)]
    supplies = [dispense(f"d{day}", whenHandedOver=day) for day in reversed(days)]
    assert [each.text for each in read(knowledge, *supplies).dispense_dates] == days


def test_a_reported_end_stands_beside_an_instruction_without_bounds(knowledge: Knowledge) -> None:
    report = statement(effectivePeriod={"start": DAY, "end": NEXT_DAY}, dosage=[dosage()])
    made = only(knowledge, report)
    assert made.end is not None
    assert made.end.text == NEXT_DAY


def test_two_reasons_without_an_address_are_two(knowledge: Knowledge) -> None:
    reasons = [condition("c1", "F33.1"), condition("c2", "F41.1")]
    stated = [{"reference": f"Condition/{name}"} for name in ("c1", "c2")]
    made = only(knowledge, *reasons, request(authoredOn=DAY, reasonReference=stated))
    assert [each.code for each in made.reasons] == ["F331", "F411"]


def test_two_medications_without_an_address_are_two(knowledge: Knowledge) -> None:
    drugs = [
        {"resourceType": "Medication", "id": name, "code": coded(code)}
        for name, code in (("x", SERTRALINE), ("y", ESCITALOPRAM))
    ]
    orders = [
        {**without_none({**referring(to=f"Medication/{name}"), "contained": None}), "id": name}
        for name in ("x", "y")
    ]
    found = {each.drug.name for each in exposures(knowledge, *drugs, *orders)}
    assert found == {"sertraline", "escitalopram"}
