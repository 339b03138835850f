"""Which scores does a QuestionnaireResponse hold, and is a partial sum never made?"""

from typing import Any

import pytest

from rules.codes import LOINC
from rules.facts import Facts
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import Json, read, resource
from tests.rules.fhir_reader.test_observations import ITEM9, ITEMS, PHQ9

ANSWERS = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def coding(points: int, **members: Any) -> Json:
    return {"valueCoding": {"system": LOINC, "code": ANSWERS[points], **members}}


def item(link: str, *answers: Json, **members: Any) -> Json:
    return {"linkId": link, "answer": list(answers), **members}


def respond(knowledge: Knowledge, *items: Json, **members: Any) -> Facts:
    members = {"status": "completed", "authored": "2026-06-15", **members}
    return read(knowledge, resource("QuestionnaireResponse", "q", item=list(items), **members))


def values(facts: Facts) -> dict[str, Any]:
    return {score.code.code: score.value for score in facts.scores}


@pytest.mark.parametrize("link", ["/{}", "{}", "/44249-1/{}", "phq#{}"])
def test_items_are_known_by_the_end_of_their_link(knowledge: Knowledge, link: str) -> None:
    facts = respond(knowledge, *(item(link.format(code), coding(2)) for code in ITEMS))
    assert values(facts) == {**dict.fromkeys(ITEMS, 2), PHQ9: 18}


def test_items_are_known_by_their_definition(knowledge: Knowledge) -> None:
    url = "http://loinc.org/fhir/Questionnaire/44249-1#/"
    facts = respond(knowledge, item("1", coding(1), definition=f"{url}{ITEM9}"))
    assert values(facts) == {ITEM9: 1}


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"valueInteger": 2}, 2),
        ({"valueDecimal": 2.0}, 2),
        ({"valueQuantity": {"value": 2}}, 2),
        (coding(2), 2),
        (coding(2, system=None), 2),
        ({"valueCoding": {"extension": [{"url": ORDINAL, "valueDecimal": 2}]}}, 2),
        (
            {
                "valueCoding": {
                    "extension": [{"url": "other", "valueDecimal": 2}],
                    "code": ANSWERS[1],
                }
            },
            1,
        ),
        ({"valueCoding": {"extension": [{"url": ORDINAL}]}}, None),
        ({"valueCoding": {"code": "Several-days"}}, None),
        ({"valueCoding": {}}, None),
        ({"valueString": "2"}, None),
    ],
)
def test_an_answer_is_a_number_or_a_code_with_points(
    knowledge: Knowledge, answer: Json, value: int | None
) -> None:
    assert values(respond(knowledge, item(ITEM9, answer))) == {ITEM9: value}


def test_an_answer_the_knowledge_has_no_points_for_has_none(knowledge: Knowledge) -> None:
    facts = respond(knowledge, item(ITEM9, {"valueCoding": {"code": "of nobody"}}))
    assert values(facts) == {ITEM9: None}


def test_a_stated_total_stands_before_the_sum(knowledge: Knowledge) -> None:
    total = item(PHQ9, {"valueDecimal": 15})
    facts = respond(knowledge, total, *(item(code, coding(2)) for code in ITEMS))
    assert values(facts)[PHQ9] == 15


@pytest.mark.parametrize(
    "ninth", [None, item(ITEM9), item(ITEM9, coding(1), coding(2)), item("PHQ.9", coding(1))]
)
def test_a_sum_is_never_made_of_eight_items(knowledge: Knowledge, ninth: Json | None) -> None:
    items = [item(code, coding(2)) for code in ITEMS[:-1]]
    facts = respond(knowledge, *items, *([ninth] if ninth else []))
    assert PHQ9 not in values(facts)


def test_an_item_answered_twice_in_different_ways_has_no_value(knowledge: Knowledge) -> None:
    facts = respond(knowledge, item(ITEM9, coding(1)), item(ITEM9, coding(2)))
    assert values(facts) == {ITEM9: None}


def test_an_item_that_stands_twice_with_one_answer_is_one(knowledge: Knowledge) -> None:
    assert values(respond(knowledge, item(ITEM9, coding(1)), item(f"/{ITEM9}", coding(1)))) == {
        ITEM9: 1
    }


def test_items_are_found_within_groups_and_answers(knowledge: Knowledge) -> None:
    within_answer = {
        "linkId": "a",
        "answer": [{"valueInteger": 1, "item": [item(PHQ9, coding(1))]}],
    }
    facts = respond(knowledge, {"linkId": "group", "item": [item(ITEM9, coding(1)), within_answer]})
    assert values(facts) == {ITEM9: 1, PHQ9: 1}


def test_status_and_date_are_kept(knowledge: Knowledge) -> None:
    (score,) = respond(knowledge, item(ITEM9, coding(1)), status="in-progress").scores
    assert score.date is not None
    assert (score.status, score.date.text) == ("in-progress", "2026-06-15")
    assert score.sources == ("QuestionnaireResponse/q",)


@pytest.mark.parametrize("items", [[], [item("PHQ.1", coding(3))], [{"text": "no link"}]])
def test_a_response_without_a_known_item_is_named_as_not_used(
    knowledge: Knowledge, items: list[Json]
) -> None:
    facts = respond(knowledge, *items)
    assert facts.scores == ()
    assert [each.because for each in facts.not_used] == ["no item under a known code"]


@pytest.mark.parametrize(
    "fault", [item(ITEM9, {"valueInteger": "2"}), item(ITEM9, {"valueDecimal": {}}), {"linkId": 9}]
)
def test_a_response_that_is_not_as_fhir_says_is_a_gap(knowledge: Knowledge, fault: Json) -> None:
    facts = respond(knowledge, fault)
    assert [gap.what for gap in facts.gaps] == ["questionnaireResponse"]
    assert facts.scores == ()


HOUSE = [item(f"PHQ.{number}", coding(1)) for number in range(1, 10)]
ADDRESS = "https://example.org/Questionnaire/house-phq-9"
NAMED = "QuestionnaireResponse/q is a PHQ-9 whose items cannot be told apart"


@pytest.mark.parametrize(
    "questionnaire",
    [ADDRESS, f"{ADDRESS}|1.2", "Questionnaire/PHQ9", {"reference": "Questionnaire/phq_9-en"}],
)
def test_house_links_are_read_where_the_address_names_the_phq_9(
    knowledge: Knowledge, questionnaire: Any
) -> None:
    facts = respond(knowledge, *HOUSE, questionnaire=questionnaire)
    assert values(facts) == {**dict.fromkeys(ITEMS, 1), PHQ9: 9}


@pytest.mark.parametrize(
    "questionnaire",
    [
        None,
        "https://example.org/phq-9/intake",
        f"{ADDRESS}-modified",
        f"{ADDRESS}m",
        "Questionnaire/phq-90",
        "Questionnaire/phq-9-a",
        {"display": "PHQ-9"},
    ],
)
def test_house_links_of_any_other_questionnaire_stand_for_nothing(
    knowledge: Knowledge, questionnaire: Any
) -> None:
    facts = respond(knowledge, *HOUSE, questionnaire=questionnaire)
    assert (facts.scores, facts.gaps) == ((), ())
    assert [each.because for each in facts.not_used] == ["no item under a known code"]


@pytest.mark.parametrize("missing", range(9))
def test_eight_house_links_are_a_gap_and_no_score(knowledge: Knowledge, missing: int) -> None:
    parts = [*HOUSE[:missing], *HOUSE[missing + 1 :]]
    facts = respond(knowledge, *parts, questionnaire=ADDRESS)
    assert (facts.scores, [gap.because for gap in facts.gaps]) == ((), [NAMED])


def test_a_house_link_without_an_answer_makes_no_total(knowledge: Knowledge) -> None:
    facts = respond(knowledge, *HOUSE[:-1], item("PHQ.9"), questionnaire=ADDRESS)
    assert values(facts) == {**dict.fromkeys(ITEMS, 1), ITEM9: None}


def test_a_phq_9_that_was_entered_in_error_is_no_gap(knowledge: Knowledge) -> None:
    facts = respond(knowledge, questionnaire=ADDRESS, status="entered-in-error")
    assert (facts.scores, facts.gaps, len(facts.not_used)) == ((), (), 1)


def form(*items: Json, **members: Any) -> Json:
    return {"resourceType": "Questionnaire", "id": "f", "item": list(items), **members}


def asks(link: str | None, code: str) -> Json:
    return {"linkId": link, "code": [{"system": LOINC, "code": code}]}


@pytest.mark.parametrize(
    ("contained", "expected"),
    [
        ([form(asks("a", ITEM9))], {ITEM9: 2}),
        ([form({"linkId": "g", "item": [asks("a", PHQ9)]})], {PHQ9: 2}),
        ([form(asks("a", "8302-2"))], {}),
        ([form({"linkId": "a"}), form(id="other")], {}),
        ([form(asks(None, ITEM9))], {}),
        ([form(asks("a", ITEM9), id="other")], {}),
        ([{"resourceType": "Patient", "id": "f"}], {}),
        ([form(item=None)], {}),
        (None, {}),
    ],
)
def test_the_questionnaire_within_a_response_says_what_its_links_ask(
    knowledge: Knowledge, contained: Any, expected: dict[str, int]
) -> None:
    facts = respond(
        knowledge, item("a", {"valueInteger": 2}), questionnaire="#f", contained=contained
    )
    assert values(facts) == expected


def test_a_questionnaire_within_that_cannot_be_read_is_a_gap(knowledge: Knowledge) -> None:
    facts = respond(knowledge, questionnaire="#f", contained=[form(item="x")])
    assert [gap.what for gap in facts.gaps] == ["questionnaireResponse"]
