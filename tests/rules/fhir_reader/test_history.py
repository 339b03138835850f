"""What do Patient, Condition, Procedure, Encounter and intolerances say?"""

from typing import Any

import pytest

from rules.codes import ICD_10_CM, SNOMED_CT, Code
from rules.facts import Completeness, Facts, Incomplete
from rules.fhir_reader import read_facts
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import (
    SERTRALINE,
    SERTRALINE_50_MG,
    Json,
    coded,
    condition,
    patient,
    quantity,
    read,
    request,
    resource,
    split,
)
from tests.support.variants import with_codes

DEPRESSION = Code(ICD_10_CM, "F331")


@pytest.mark.parametrize(
    ("members", "birth", "deceased"),
    [
        ({"birthDate": "1984-03-10"}, "1984-03-10", False),
        ({"birthDate": "1984"}, "1984", False),
        ({"birthDate": None}, None, False),
        ({"_birthDate": {"extension": []}, "birthDate": None}, None, False),
        ({"birthDate": "1984", "deceasedBoolean": False}, "1984", False),
        ({"birthDate": "1984", "deceasedBoolean": True}, "1984", True),
        ({"birthDate": "1984", "deceasedDateTime": "2026-01-01"}, "1984", True),
    ],
)
def test_the_patient_has_a_birth_date_and_may_have_died(
    knowledge: Knowledge, members: Json, birth: str | None, deceased: bool
) -> None:
    person = read(knowledge, patient(**members), with_patient=False).person
    assert (person.birth.text if person.birth else None) == birth
    assert (person.deceased, person.sources) == (deceased, ("Patient/p",))


@pytest.mark.parametrize("members", [{"birthDate": "10.3.1984"}, {"deceasedBoolean": "no"}])
def test_a_patient_that_cannot_be_read_is_a_gap(knowledge: Knowledge, members: Json) -> None:
    facts = read(knowledge, patient(**members), with_patient=False)
    assert facts.person.birth is None
    assert len(facts.gaps) == 2


def test_no_patient_is_a_gap(knowledge: Knowledge) -> None:
    facts = read(knowledge, condition(), with_patient=False)
    assert [gap.what for gap in facts.gaps] == ["patient"]
    assert len(facts.diagnoses) == 1


def onset(knowledge: Knowledge, **members: Any) -> tuple[Any, Any]:
    (found,) = read(knowledge, condition(**members)).diagnoses
    return (found.onset.text if found.onset else None), (
        found.abatement.text if found.abatement else None
    )


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"onsetDateTime": "2025-01"}, ("2025-01", None)),
        ({"onsetPeriod": {"start": "2025-01-02", "end": "2025-02-01"}}, ("2025-01-02", None)),
        ({"onsetString": "about 2010"}, (None, None)),
        ({"onsetRange": {}}, (None, None)),
        ({"abatementDateTime": "2025-01-02"}, (None, "2025-01-02")),
        ({"abatementPeriod": {"start": "2025-01-02", "end": "2025-02-01"}}, (None, "2025-02-01")),
        ({"abatementString": "last spring"}, (None, None)),
        ({"onsetAge": quantity(20, "mo")}, (None, None)),
        ({"onsetAge": quantity(200, "a")}, (None, None)),
        ({"onsetAge": quantity(-1, "a")}, (None, None)),
        ({"onsetAge": {"unit": "a"}}, (None, None)),
    ],
)
def test_onset_and_abatement_are_read_in_every_form(
    knowledge: Knowledge, members: Json, expected: tuple[Any, Any]
) -> None:
    assert onset(knowledge, **members) == expected


@pytest.mark.parametrize(
    ("born", "age", "earliest", "latest"),
    [
        ("1984-03-10", quantity(30, "a"), "2014-03-10", "2015-03-09"),
        ("1984-03-10", {"value": 30, "unit": "years"}, "2014-03-10", "2015-03-09"),
        ("1984", quantity(30, "a"), "2014-01-01", "2015-12-30"),
        ("1984-02-29", quantity(30, "a"), "2014-03-01", "2015-02-28"),
        ("9990-03-10", quantity(30, "a"), "9999-03-10", "9999-03-09"),
    ],
)
def test_an_age_at_onset_means_a_year_of_days(
    knowledge: Knowledge, born: str, age: Json, earliest: str, latest: str
) -> None:
    facts = read(knowledge, condition(onsetAge=age), patient(birthDate=born), with_patient=False)
    found = facts.diagnoses[0].onset
    assert found is not None
    assert (found.earliest.isoformat(), found.latest.isoformat()) == (earliest, latest)


def test_an_age_says_nothing_without_a_birth_date(knowledge: Knowledge) -> None:
    given = (patient(birthDate=None), condition(onsetAge=quantity(30, "a")))
    assert read(knowledge, *given, with_patient=False).diagnoses[0].onset is None


def test_statuses_and_codes_of_a_condition_are_kept(knowledge: Knowledge) -> None:
    (found,) = read(
        knowledge,
        condition(
            clinicalStatus=coded("remission", "urn:status"),
            verificationStatus={"coding": [{}, {"code": "provisional"}]},
            recordedDate="2026-01-01T08:00:00Z",
        ),
    ).diagnoses
    assert (found.clinical_status, found.verification) == ("remission", "provisional")
    assert found.recorded is not None
    assert (found.recorded.text, found.codes) == ("2026-01-01", (DEPRESSION,))


@pytest.mark.parametrize("status", [None, {}, {"text": "Active"}])
def test_a_status_in_words_is_no_status(knowledge: Knowledge, status: Json | None) -> None:
    assert read(knowledge, condition(clinicalStatus=status)).diagnoses[0].clinical_status is None


@pytest.mark.parametrize("code", [None, {"text": "Asthma"}, {"coding": [{"code": "F33.1"}]}])
def test_a_condition_without_a_code_leaves_the_diagnoses_incomplete(
    knowledge: Knowledge, code: Json | None
) -> None:
    facts = read(knowledge, condition(code=code))
    assert facts.diagnoses == ()
    assert [gap.because for gap in facts.gaps] == ["Condition/c is a condition without a code"]
    assert [each.resource_type for each in facts.incomplete] == ["Condition"]


def test_a_refuted_condition_without_a_code_is_no_gap(knowledge: Knowledge) -> None:
    refuted = coded("entered-in-error", "urn:status")
    assert read(knowledge, condition(code=None, verificationStatus=refuted)).gaps == ()


def test_a_condition_with_an_unreadable_date_keeps_its_code(knowledge: Knowledge) -> None:
    facts = read(knowledge, condition(onsetDateTime="about 2010", onsetAge={"value": "x"}))
    assert (facts.diagnoses[0].codes, facts.diagnoses[0].onset) == ((DEPRESSION,), None)
    assert [gap.because for gap in facts.gaps] == [
        "a date of Condition/c could not be read: $.onsetDateTime should be a FHIR date"
    ]


@pytest.mark.parametrize(
    ("fault", "because"),
    [
        ({"clinicalStatus": 7}, "$.clinicalStatus should be str or object"),
        ({"code": {"coding": [{"code": 7}]}}, "$.code.coding[0].code should be str"),
        ({"meta": []}, "$.meta should be object"),
        ({"id": 7}, "$.id should be str"),
    ],
)
def test_a_condition_that_is_not_as_fhir_says_is_a_gap(
    knowledge: Knowledge, fault: Json, because: str
) -> None:
    facts = read(knowledge, condition(**fault))
    assert facts.diagnoses == ()
    assert facts.gaps[0].because.endswith(f"could not be read: {because}")
    assert facts.incomplete[0].completeness is Completeness.PARTLY_READ


@pytest.mark.parametrize(
    ("members", "date"),
    [
        ({"performedDateTime": "2026-01-01"}, "2026-01-01"),
        ({"performedPeriod": {"start": "2026-01-01", "end": "2026-01-03"}}, "2026-01-01"),
        ({"performedPeriod": {"end": "2026-01-03"}}, "2026-01-03"),
        ({"occurrenceDateTime": "2026-01-01"}, "2026-01-01"),
        ({"occurrencePeriod": {"start": "2026-01-01"}}, "2026-01-01"),
        ({"performedString": "in spring"}, None),
        ({}, None),
    ],
)
def test_a_procedure_has_the_date_it_states(
    knowledge: Knowledge, members: Json, date: str | None
) -> None:
    ect = resource(
        "Procedure", "x", status="completed", code=coded("23835007", SNOMED_CT), **members
    )
    (found,) = read(knowledge, ect).procedures
    assert (found.date.text if found.date else None) == date
    assert (found.status, found.codes) == ("completed", (Code(SNOMED_CT, "23835007"),))


@pytest.mark.parametrize(
    "category", [coded("387713003", SNOMED_CT), [coded("387713003", SNOMED_CT)]]
)
def test_a_procedure_counts_under_its_category_too(knowledge: Knowledge, category: Any) -> None:
    found = read(
        knowledge,
        condition(),
        resource(
            "Procedure", "x", category=category, reasonReference=[{"reference": "Condition/c"}]
        ),
    ).procedures[0]
    assert (found.codes, found.reasons) == ((Code(SNOMED_CT, "387713003"),), (DEPRESSION,))


@pytest.mark.parametrize("name", ["Procedure", "Encounter"])
def test_an_event_without_a_code_is_no_fact(knowledge: Knowledge, name: str) -> None:
    facts = read(knowledge, resource(name, "x", code={"text": "something"}))
    assert (facts.procedures, facts.encounters, facts.gaps) == ((), (), ())


@pytest.mark.parametrize(
    "members",
    [
        {"reasonCode": [coded("F33.1", ICD_10_CM)]},
        {"reasonReference": [{"reference": "Condition/c"}]},
        {"diagnosis": [{"condition": {"reference": "Condition/c"}}, {}]},
    ],
)
def test_an_encounter_counts_under_its_reasons_and_diagnoses(
    knowledge: Knowledge, members: Json
) -> None:
    seen = resource("Encounter", "e", status="finished", period={"start": "2026-01-01"}, **members)
    (found,) = read(knowledge, condition(), seen).encounters
    assert found.date is not None
    assert (found.codes, found.date.text, found.status) == ((DEPRESSION,), "2026-01-01", "finished")


def test_a_reason_that_cannot_be_read_is_a_gap_of_its_own_resource(knowledge: Knowledge) -> None:
    seen = resource("Encounter", "e", reasonReference=[{"reference": "Condition/c"}])
    facts = read(knowledge, condition(code="text"), seen)
    assert (facts.encounters, [gap.what for gap in facts.gaps]) == ((), ["condition"])


def allergy(**members: Any) -> Json:
    subject = {"subject": None, "patient": {"reference": "Patient/p"}}
    return resource("AllergyIntolerance", "x", **{**subject, "code": coded(SERTRALINE), **members})


def dates(facts: Facts) -> list[Any]:
    return [each.date.text if each.date else None for each in facts.intolerances]


@pytest.mark.parametrize(
    ("members", "date"),
    [
        ({"onsetDateTime": "2026-01-01", "recordedDate": "2026-03-01"}, "2026-01-01"),
        ({"onsetPeriod": {"start": "2026-01-01"}}, "2026-01-01"),
        ({"reaction": [{"onset": "2026-02-01"}, {"onset": "2026-01-01"}, {}]}, "2026-01-01"),
        ({"recordedDate": "2026-03-01"}, "2026-03-01"),
        ({}, None),
    ],
)
def test_an_intolerance_has_the_date_it_showed(
    knowledge: Knowledge, members: Json, date: str | None
) -> None:
    facts = read(knowledge, allergy(verificationStatus=coded("confirmed", "urn:v"), **members))
    assert dates(facts) == [date]
    assert (facts.intolerances[0].drug.name, facts.intolerances[0].verification) == (
        "sertraline",
        "confirmed",
    )


@pytest.mark.parametrize(
    ("code", "reaction", "count"),
    [
        (coded("1191"), None, 0),
        ({"text": "sertraline"}, None, 0),
        (None, [{"substance": coded(SERTRALINE)}], 1),
        (coded(SERTRALINE), [{"substance": coded(SERTRALINE)}], 1),
    ],
)
def test_only_a_coded_antidepressant_makes_an_intolerance(
    knowledge: Knowledge, code: Any, reaction: Any, count: int
) -> None:
    assert len(read(knowledge, allergy(code=code, reaction=reaction)).intolerances) == count


MEDICATION: Json = {"resourceType": "Medication", "id": "med", "code": coded(SERTRALINE_50_MG)}


@pytest.mark.parametrize(
    ("suspect", "others"),
    [
        ({"instance": {"reference": "Medication/med"}}, (MEDICATION,)),
        ({"instance": {"reference": "#med"}}, ()),
        ({"instance": {"reference": "MedicationRequest/m"}}, (request(),)),
        ({"instanceReference": {"reference": "Medication/med"}}, (MEDICATION,)),
        ({"instanceCodeableConcept": coded(SERTRALINE)}, ()),
    ],
)
def test_an_adverse_event_is_held_against_the_drug_it_suspects(
    knowledge: Knowledge, suspect: Json, others: tuple[Json, ...]
) -> None:
    event = resource(
        "AdverseEvent", "x", date="2026-01-01", suspectEntity=[suspect], contained=[MEDICATION]
    )
    facts = read(knowledge, event, *others)
    assert [each.drug.name for each in facts.intolerances] == ["sertraline"]
    assert dates(facts) == ["2026-01-01"]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"detected": "2026-01-02"}, ["2026-01-02"]),
        ({"recordedDate": "2026-01-03"}, ["2026-01-03"]),
        ({"actuality": "actual"}, [None]),
        ({"actuality": "potential"}, []),
        ({"suspectEntity": None}, []),
        ({"suspectEntity": [{}]}, []),
    ],
)
def test_an_adverse_event_must_have_happened(
    knowledge: Knowledge, members: Json, expected: list[Any]
) -> None:
    suspects = [{"instanceCodeableConcept": coded(SERTRALINE)}]
    event = resource("AdverseEvent", "x", **{"suspectEntity": suspects, **members})
    assert dates(read(knowledge, event)) == expected


def test_what_the_caller_could_not_get_is_part_of_the_facts(knowledge: Knowledge) -> None:
    refused = Incomplete(
        resource_type="Condition", completeness=Completeness.NOT_OBTAINED, because="403"
    )
    facts = read_facts(split(patient()), "p", knowledge, [refused, refused])
    assert facts.incomplete == (refused,)


SUMMARY = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def test_a_status_that_stands_by_itself_is_read(knowledge: Knowledge) -> None:
    (found,) = read(
        knowledge, condition(clinicalStatus="remission", verificationStatus="provisional")
    ).diagnoses
    assert (found.clinical_status, found.verification) == ("remission", "provisional")


@pytest.mark.parametrize("code", ["unknown", "masked"])
def test_a_diagnosis_that_is_said_to_be_unknown_is_one_without_a_code(
    knowledge: Knowledge, code: str
) -> None:
    facts = read(knowledge, condition(code=coded(code, ABSENT)))
    assert facts.diagnoses == ()
    assert [gap.because for gap in facts.gaps] == ["Condition/c is a condition without a code"]


def test_a_summary_that_knows_of_no_diagnosis_is_no_gap(knowledge: Knowledge) -> None:
    facts = read(knowledge, condition(code=coded("no-known-problems", SUMMARY)))
    assert (facts.diagnoses, facts.gaps) == ((), ())
    assert [each.because for each in facts.not_used] == ["it says that no diagnosis is known"]


def test_a_code_of_a_system_nobody_knows_leaves_the_diagnoses_incomplete(
    knowledge: Knowledge,
) -> None:
    facts = read(knowledge, condition(code=coded("4711", "urn:house")))
    assert [each.codes for each in facts.diagnoses] == [(Code("urn:house", "4711"),)]
    assert [gap.because for gap in facts.gaps] == [
        "Condition/c has no code of a system the rules know"
    ]


def test_a_code_that_a_site_adds_is_known(knowledge: Knowledge) -> None:
    own = with_codes(knowledge, "bipolar", {Code("urn:house", "4711"): "bipolar"})
    assert read(own, condition(code=coded("4711", "urn:house"))).gaps == ()


def test_a_procedure_in_words_only_is_named_as_not_used(knowledge: Knowledge) -> None:
    facts = read(knowledge, resource("Procedure", "x", code={"text": "ECT"}))
    assert [each.because for each in facts.not_used] == ["a procedure without a code"]


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"code": {"text": "Allergic to ZOLOFT (sertraline)"}}, "sertraline"),
        ({"code": None, "reaction": [{"substance": {"text": "sertraline"}}]}, "sertraline"),
        ({"code": coded("372594008", SNOMED_CT, text="Sertraline")}, "sertraline"),
        ({"code": coded(SERTRALINE, text="Sertraline")}, None),
        ({"code": {"text": "ibuprofen"}}, None),
        ({"code": {"text": "peanuts"}}, None),
        ({"code": {"text": "sertraline"}, "verificationStatus": coded("refuted", "urn:v")}, None),
    ],
)
def test_an_antidepressant_not_tolerated_in_words_is_a_gap_and_no_intolerance(
    knowledge: Knowledge, members: Json, named: str | None
) -> None:
    facts = read(knowledge, allergy(**members))
    gaps = [f"AllergyIntolerance/x names {named} in words only, which may be misread"]
    assert [gap.because for gap in facts.gaps] == (gaps if named else [])
    assert len(facts.intolerances) == (members["code"] == coded(SERTRALINE, text="Sertraline"))
