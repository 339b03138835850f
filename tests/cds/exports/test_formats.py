"""Does every format come back as what was written? Written by us, read by a reader of the other."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import count
from xml.etree import ElementTree as ET

import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from fhir.resources.R4B.guidanceresponse import GuidanceResponse

from cds.decision import CardRecord, Decision
from cds.exports import (
    audit_events,
    guidance_responses,
    json_lines,
    label_studio,
    redcap,
    tables,
)
from cds.exports.fhir_parts import Issuer
from cds.kept_case import read_case
from cds.review.audit import ACTIONS
from cds.review.judging import CRITERIA, OVERALL, Verdict3
from cds.store.export_records import ExportedFeedback, ExportedJudgement
from tests.cds.exports.readers import (
    Told,
    access_of_line,
    decision_of_line,
    decision_of_resource,
    decision_of_row,
    feedback_of_line,
    labels_of,
    moment,
    read_lines,
    read_table,
    told_in_label_studio,
    told_in_lines,
    told_in_redcap,
    told_in_tables,
)
from tests.cds.exports.records import (
    ODD,
    REASONS,
    access,
    deidentified,
    feedback,
    one_case,
    said,
)
from tests.cds.store.records import NOW, card, decision
from tests.conformance.schemas import faults_of

ISSUER = Issuer(base="https://cds.example.org")
# Every member set to something that is not its default.
FULL = decision(
    request_key=None,
    outcome="snoozed",
    review_class="could_not_tell",
    could_not_tell=",inflammation,treatment_resistance,",
    evidence_key="c" * 64,
    unknown_codes={"markers": 2, "drugs": 1},
    answer={},
    service="trd-inflammation-patient-view",
    cards=(card(), CardRecord(uuid="9f", kind="data_gap", summary=None, shown=False)),
    shown=True,
)
BARE = decision(request_key=None, hook_instance=None, cards=(), shown=False, answer={})


def without(each: Decision, *members: str) -> Decision:
    """Take away what a format does not tell."""
    empty = {
        "answer": {},
        "facts": None,
        "evidence_key": None,
        "unknown_codes": {},
        "request_key": None,
        "summaries": None,
    }
    if "summaries" in members:
        cards = tuple(replace(card, summary=None) for card in each.cards)
        each = replace(each, cards=cards)
    changes = {name: empty[name] for name in members if name != "summaries"}
    return replace(each, **changes)  # type: ignore[arg-type]


# Decisions


@pytest.mark.requirement("C8")
def test_decisions_come_back_from_a_table(decided: tuple[Decision, ...]) -> None:
    written = (*decided, FULL, BARE)
    rows = read_table(tables.write_decisions(written))
    assert [decision_of_row(row) for row in rows] == [
        without(each, "answer", "facts", "summaries", "request_key") for each in written
    ]
    assert [row["facts_kept"] == "yes" for row in rows] == [bool(each.facts) for each in written]


@pytest.mark.requirement("C8")
def test_whole_decisions_come_back_from_lines(decided: tuple[Decision, ...]) -> None:
    written = (*decided, FULL, BARE)
    lines = read_lines(json_lines.write_decisions(written))
    assert [decision_of_line(line) for line in lines] == [
        without(each, "request_key") for each in written
    ]


def test_a_case_that_comes_back_from_a_line_can_be_read_as_a_case(
    decided: tuple[Decision, ...],
) -> None:
    kept = [each.facts for each in decided if each.facts]
    lines = read_lines(json_lines.write_decisions(decided))
    back = [decision_of_line(line).facts for line in lines]
    assert [read_case(each) for each in back if each] == [read_case(each) for each in kept]
    assert len(kept) == len(decided)


@pytest.mark.requirement("C8")
def test_decisions_come_back_from_fhir(decided: tuple[Decision, ...]) -> None:
    written = (*decided, FULL, BARE)
    resources = read_lines(guidance_responses.write_guidance_responses(written, ISSUER))
    assert [decision_of_resource(each) for each in resources] == [
        without(each, "answer", "facts", "evidence_key", "unknown_codes", "request_key")
        for each in written
    ]


@pytest.mark.requirement("C8")
def test_every_decision_is_a_valid_guidance_response(decided: tuple[Decision, ...]) -> None:
    written = (*decided, FULL, BARE)
    for each in read_lines(guidance_responses.write_guidance_responses(written, ISSUER)):
        assert json.loads(GuidanceResponse.model_validate(each).model_dump_json()) == each


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "success"),
        ({"could_not_tell": ",inflammation,"}, "data-requested"),
        ({"could_not_tell": ",inflammation,", "review_class": "could_not_tell"}, "data-required"),
        ({"outcome": "evidence_expired"}, "success"),
        ({"outcome": "snoozed"}, "success"),
        ({"outcome": "switched_off", "review_class": "switched_off", "cards": ()}, "failure"),
    ],
)
def test_the_outcomes_of_an_evaluation_are_told_apart(changes: dict[str, str], status: str) -> None:
    (resource,) = read_lines(
        guidance_responses.write_guidance_responses([decision(**changes)], ISSUER)
    )
    assert resource["status"] == status


def test_a_service_with_a_plan_is_named_by_its_address_and_version() -> None:
    (resource,) = read_lines(guidance_responses.write_guidance_responses([FULL], ISSUER))
    assert resource["moduleCanonical"] == (
        "https://cds.example.org/fhir/PlanDefinition/trd-inflammation-patient-view"
        "|1.0.0+bbbbbbbbbbbb"
    )


def test_the_lines_of_decisions_keep_their_schema(decided: tuple[Decision, ...]) -> None:
    hidden = map(deidentified().decision, (*decided, FULL, BARE))
    for line in read_lines(json_lines.write_decisions([*decided, FULL, BARE, *hidden])):
        assert faults_of("export-decision", line) == []


@pytest.mark.parametrize("spoilt", [{"shown": "yes"}, {"decidedAt": "today"}, {"name": "Ada"}])
def test_a_spoilt_line_of_a_decision_is_refused(spoilt: dict[str, str]) -> None:
    (line,) = read_lines(json_lines.write_decisions([FULL]))
    assert faults_of("export-decision", line | spoilt) != []


@pytest.mark.parametrize(
    "write",
    [
        tables.write_decisions,
        json_lines.write_decisions,
        lambda each: guidance_responses.write_guidance_responses(each, ISSUER),
    ],
)
def test_a_file_is_written_while_it_is_read(
    write: Callable[[Iterable[Decision]], Iterator[bytes]],
) -> None:
    taken = []
    endless = (taken.append(n) or decision(id=f"d{n}") for n in count())  # type: ignore[func-returns-value]
    next(iter(write(endless)))
    assert len(taken) <= 100


# Feedback


@pytest.mark.requirement("C8")
def test_the_first_six_columns_of_feedback_are_those_the_regulation_asks_for() -> None:
    (row,) = read_table(tables.write_feedback([feedback()]))
    assert list(row.items())[:6] == [
        ("intervention", "trd-inflammation: evidence card"),
        ("action_taken", "overridden"),
        ("user_feedback", f"patient-ineligible; Told by Dr Grey; {ODD}"),
        ("user", "not known"),
        ("date", "2026-06-30T12:00:00.123456Z"),
        ("location", "north"),
    ]


def test_feedback_comes_back_from_a_table() -> None:
    entry = feedback()
    (row,) = read_table(tables.write_feedback([entry]))
    assert {
        "card": row["card"],
        "decision": row["decision"],
        "pseudonym": row["patient"],
        "outcome": row["action_taken"],
        "reason_code": row["reason_code"],
        "reason_display": row["reason_display"],
        "user_comment": row["comment"],
        "outcome_at": moment(row["date"]),
        "received_at": moment(row["received_at"]),
    } == {
        name: getattr(entry, name)
        for name in (
            "card", "decision", "pseudonym", "outcome", "reason_code", "reason_display",
            "user_comment", "outcome_at", "received_at",
        )
    }  # fmt: skip


def test_feedback_without_a_time_of_its_own_says_that_its_date_is_another() -> None:
    (row,) = read_table(tables.write_feedback([feedback(outcome_at=None)]))
    assert (row["date"], row["date_is"]) == (row["received_at"], "received")


def test_feedback_on_a_card_that_is_not_kept_says_so() -> None:
    orphan = feedback(card_kind=None, decision=None, pseudonym=None)
    (row,) = read_table(tables.write_feedback([orphan]))
    assert row["intervention"] == "trd-inflammation: card that is not kept"


@pytest.mark.parametrize(
    "entry",
    [
        feedback(),
        feedback(decision=None, pseudonym=None, card_kind=None, outcome_at=None),
        feedback(reason_code=None, reason_system=None, reason_display=None, user_comment=None),
        deidentified().feedback(feedback()),
    ],
)
def test_the_lines_of_feedback_keep_their_schema(entry: object) -> None:
    (line,) = read_lines(json_lines.write_feedback([entry]))  # type: ignore[list-item]
    assert faults_of("export-feedback", line) == []


@pytest.mark.requirement("C8")
@pytest.mark.parametrize(
    "entry",
    [feedback(), feedback(decision=None, pseudonym=None, card_kind=None, outcome_at=None)],
)
def test_feedback_comes_back_from_lines(entry: ExportedFeedback) -> None:
    (line,) = read_lines(json_lines.write_feedback([entry]))
    assert feedback_of_line(line) == entry


# Judgements


def as_told(judgements: list[ExportedJudgement]) -> list[Told]:
    return [
        Told(each.decision, each.sample, each.place, each.reviewer, each.judgement)
        for each in judgements
    ]


@pytest.mark.requirement("C8")
def test_judgements_come_back_from_a_table() -> None:
    rows = read_table(tables.write_judgements(one_case()))
    assert told_in_tables(rows) == as_told(one_case())


@pytest.mark.requirement("C8")
def test_judgements_come_back_from_lines() -> None:
    lines = read_lines(json_lines.write_judgements(one_case()))
    assert told_in_lines(lines) == as_told(one_case())


@pytest.mark.requirement("C8")
def test_judgements_come_back_from_label_studio() -> None:
    tasks = json.loads(b"".join(label_studio.write_tasks(one_case())))
    config = json.loads(b"".join(label_studio.write_config(one_case())))
    assert told_in_label_studio(tasks, config) == as_told(one_case())


@pytest.mark.requirement("C8")
def test_judgements_come_back_from_redcap() -> None:
    dictionary = read_table(redcap.write_dictionary(REASONS))
    rows = read_table(redcap.write_records(one_case(), REASONS))
    assert told_in_redcap(rows, dictionary) == as_told(one_case())


def test_the_lines_of_judgements_keep_their_schema() -> None:
    hidden = map(deidentified().judgement, one_case())
    for line in read_lines(json_lines.write_judgements([*one_case(), *hidden])):
        assert faults_of("export-judgement", line) == []


def test_every_case_is_one_task_of_label_studio_with_an_annotation_of_each_person() -> None:
    second = [replace(each, decision="decision-8") for each in one_case()]
    tasks = json.loads(b"".join(label_studio.write_tasks([*one_case(), *second])))
    assert [len(task["annotations"]) for task in tasks] == [3, 3]
    assert len({task["id"] for task in tasks}) == 2


def test_the_adjudicator_alone_is_the_ground_truth() -> None:
    (task,) = json.loads(b"".join(label_studio.write_tasks(one_case())))
    truths = [each["completed_by"] for each in task["annotations"] if each["ground_truth"]]
    assert truths == [label_studio.annotator_id("account-c")]


def test_the_same_answer_to_two_questions_is_two_labels() -> None:
    (task,) = json.loads(b"".join(label_studio.write_tasks([said()])))
    (by_person,) = labels_of([task]).values()
    (labels,) = by_person.values()
    assert labels == {f"{question}: agree" for question in (OVERALL, *CRITERIA)}


def test_every_choice_of_the_tasks_is_in_the_labelling_configuration() -> None:
    view = ET.fromstring(b"".join(label_studio.write_labelling(REASONS)))  # noqa: S314 - ours
    allowed = {
        control.get("name"): {choice.get("value") for choice in control.iter("Choice")}
        for control in view.iter("Choices")
    }
    (task,) = json.loads(b"".join(label_studio.write_tasks(one_case())))
    used = [result for each in task["annotations"] for result in each["result"]]
    for result in used:
        assert set(result["value"]["choices"]) <= allowed[result["from_name"]], result["from_name"]
    texts = {text.get("name"): text.get("value") for text in view.iter("Text")}
    assert {texts[result["to_name"]] for result in used} == {"$case"}


def test_no_results_of_an_annotation_share_an_id() -> None:
    (task,) = json.loads(b"".join(label_studio.write_tasks([one_case()[1]])))
    ids = [result["id"] for result in task["annotations"][0]["result"]]
    assert len(set(ids)) == len(ids)


def test_the_configuration_of_chart_review_names_each_verdict_on_each_question() -> None:
    config = json.loads(b"".join(label_studio.write_config(one_case())))
    assert len(config["labels"]) == len(set(config["labels"])) == 6 * len(Verdict3)
    assert set(config["annotators"]) == {"Anna", "Ben", "Carla"}


def test_no_judgement_is_a_list_without_tasks() -> None:
    assert json.loads(b"".join(label_studio.write_tasks([]))) == []


HEADER = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note",'
    '"Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",'
    'Identifier?,"Branching Logic (Show field only if...)","Required Field?","Custom Alignment",'
    '"Question Number (surveys only)","Matrix Group Name","Matrix Ranking?","Field Annotation"'
)


def test_the_data_dictionary_has_the_eighteen_columns_of_redcap() -> None:
    written = b"".join(redcap.write_dictionary(REASONS)).decode()
    assert written.splitlines()[0].replace('"', "") == HEADER.replace('"', "")
    assert len(redcap.DICTIONARY_COLUMNS) == 18


def test_the_data_dictionary_keeps_the_rules_of_redcap() -> None:
    fields = read_table(redcap.write_dictionary(REASONS))
    names = [row["Variable / Field Name"] for row in fields]
    assert names[0] == "record_id"
    assert len(set(names)) == len(names)
    for row in fields:
        assert row["Variable / Field Name"].replace("_", "").isalnum()
        assert row["Variable / Field Name"].islower()
        assert len(row["Variable / Field Name"]) <= 26
        assert row["Field Type"] in {"text", "notes", "radio", "checkbox"}
        has_choices = bool(row["Choices, Calculations, OR Slider Labels"])
        assert has_choices == (row["Field Type"] in {"radio", "checkbox"})


def test_the_import_has_a_column_for_each_field_and_for_each_box() -> None:
    expected = []
    for row in read_table(redcap.write_dictionary(REASONS)):
        name, choices = row["Variable / Field Name"], row["Choices, Calculations, OR Slider Labels"]
        codes = [each.split(", ", 1)[0] for each in choices.split(" | ")]
        boxes = [f"{name}___{code}" for code in codes]
        expected += boxes if row["Field Type"] == "checkbox" else [name]
    (imported, *_) = read_table(redcap.write_records(one_case(), REASONS))
    assert list(imported) == [*expected, "judgement_complete"]


def test_each_reason_has_a_code_of_its_own_in_redcap() -> None:
    codes = {redcap.raw_code(each.code) for each in REASONS}
    assert len(codes) == len(REASONS)
    assert all(code.replace("_", "").isalnum() for code in codes)


# The audit


@pytest.mark.requirement("C8")
def test_accesses_come_back_from_a_table() -> None:
    (row,) = read_table(tables.write_accesses([access()]))
    assert row == {
        "number": "3",
        "at": "2026-06-30T12:00:00.123456Z",
        "account": "account-a",
        "name": "Anna",
        "action": "view_case",
        "outcome": "done",
        "decision": "decision-7",
        "client": "north",
        "patient": "0" * 32,
        "details": "page: judgement",
    }


ACCESSES = [
    access(),
    access(account=None, name=None, decision=None, client=None, pseudonym=None, details={}),
    access(details={"blank": " ", "n": 3}),
    *(access(action=action, outcome="refused") for action in ACTIONS),
]


@pytest.mark.parametrize("each", ACCESSES)
def test_the_lines_of_accesses_keep_their_schema(each: object) -> None:
    (line,) = read_lines(json_lines.write_accesses([each]))  # type: ignore[list-item]
    assert faults_of("export-access", line) == []


@pytest.mark.requirement("C8")
def test_accesses_come_back_from_lines() -> None:
    lines = read_lines(json_lines.write_accesses(ACCESSES))
    assert [access_of_line(line) for line in lines] == ACCESSES


@pytest.mark.requirement("C8")
def test_every_access_is_a_valid_audit_event() -> None:
    for each in read_lines(audit_events.write_audit_events(ACCESSES, ISSUER)):
        assert json.loads(AuditEvent.model_validate(each).model_dump_json()) == each


def test_looking_at_a_case_is_a_read_of_a_resource_of_a_patient() -> None:
    (event,) = read_lines(audit_events.write_audit_events([access()], ISSUER))
    agents = [each["type"]["coding"][0]["code"] for each in event["agent"]]
    assert (event["type"]["code"], event["action"], event["outcome"]) == ("rest", "R", "0")
    assert event["subtype"][0]["code"] == "read"
    assert agents == ["110153", "110152", "IRCP"]
    assert [each["requestor"] for each in event["agent"]] == [False, False, True]
    assert [(each["type"]["code"], each["role"]["code"]) for each in event["entity"][:2]] == [
        ("1", "1"),
        ("2", "4"),
    ]


def test_an_access_comes_back_from_fhir() -> None:
    each = access()
    (event,) = read_lines(audit_events.write_audit_events([each], ISSUER))
    user = event["agent"][2]["who"]
    patient, resource, details = event["entity"]
    assert (
        moment(event["recorded"]),
        event["subtype"][-1]["code"],
        event["outcomeDesc"],
        user["identifier"]["value"],
        user["display"],
        patient["what"]["identifier"]["value"],
        resource["what"]["identifier"]["value"],
        {part["type"]: part["valueString"] for part in details["detail"]},
    ) == (
        NOW, "view_case", "done", each.account, each.name, each.pseudonym, each.decision,
        each.details,
    )  # fmt: skip


def test_every_action_of_the_audit_has_a_type_of_its_own() -> None:
    for action in ACTIONS:
        (event,) = read_lines(audit_events.write_audit_events([access(action=action)], ISSUER))
        assert (event["type"]["code"], event["action"]) != ("rest", "E"), action


def test_an_action_that_an_older_version_wrote_down_is_still_told() -> None:
    (event,) = read_lines(audit_events.write_audit_events([access(action="gone")], ISSUER))
    AuditEvent.model_validate(event)
    assert event["subtype"] == [
        {"system": "https://trd-inflammation-cds.com/CodeSystem/audited-action", "code": "gone"}
    ]


def test_a_refusal_is_no_success() -> None:
    (event,) = read_lines(audit_events.write_audit_events([access(outcome="refused")], ISSUER))
    assert event["outcome"] == "4"
