"""Is feedback read in every shape a client sends, and is what is wrong named?"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cds.errors import BodyTooLarge, InvalidRequest, MissingMember, ServiceError
from cds.hooks.feedback import MAX_ENTRIES, FeedbackEntry, read_feedback

CARD = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
AT = "2026-06-30T12:00:00Z"
MOMENT = datetime(2026, 6, 30, 12, tzinfo=UTC)
SYSTEM = "http://terminology.example/reasons"


def entry(**changes: Any) -> dict[str, Any]:
    members = {"card": CARD, "outcome": "overridden", "outcomeTimestamp": AT, **changes}
    return {name: value for name, value in members.items() if value is not ...}


def read(*entries: object) -> tuple[FeedbackEntry, ...]:
    return read_feedback(json.dumps({"feedback": entries}).encode())


EPIC = "com.epic.cdshooks.feedback.overrideReason."
REASON = {"code": "not-applicable", "system": SYSTEM, "display": "Not applicable"}

SHAPES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "overridden without a reason": (entry(), {}),
    "the standard": (
        entry(overrideReason={"reason": REASON, "userComment": "seen before"}),
        {
            "reason_code": "not-applicable",
            "reason_system": SYSTEM,
            "reason_display": "Not applicable",
            "user_comment": "seen before",
        },
    ),
    "a comment alone": (
        entry(overrideReason={"userComment": "seen before"}),
        {"user_comment": "seen before"},
    ),
    "the Sandbox, without display": (
        entry(
            overrideReason={"reason": {"code": "not-applicable", "system": SYSTEM}},
            outcomeTimestamp="2026-06-30T12:00:00.000Z",
        ),
        {"reason_code": "not-applicable", "reason_system": SYSTEM},
    ),
    "the plural object": (
        entry(card="123456", overrideReasons={"reason": REASON}),
        {
            "card": "123456",
            "reason_code": "not-applicable",
            "reason_system": SYSTEM,
            "reason_display": "Not applicable",
        },
    ),
    "an extension on the reason": (
        entry(
            overrideReasons={
                "extension": {f"{EPIC}reasonCategory": "7", f"{EPIC}Display": "Not now"},
                "userComment": "later",
            }
        ),
        {"reason_code": "7", "reason_display": "Not now", "user_comment": "later"},
    ),
    "an extension on the entry": (
        entry(extension={f"{EPIC}reasonCategory": 7, f"{EPIC}Title": "x"}),
        {"reason_code": "7"},
    ),
    "an extension of somebody else": (entry(extension={"org.example": {"a": 1}}), {}),
    "an extension in FHIR's form": (entry(extension=[{"url": "urn:x"}]), {}),
    "accepted with a suggestion": (
        entry(outcome="accepted", acceptedSuggestions=[{"id": "s-1"}, {"id": "s-2"}]),
        {"outcome": "accepted", "accepted_suggestions": ("s-1", "s-2")},
    ),
    "accepted without one": (entry(outcome="accepted"), {"outcome": "accepted"}),
    "nulls and empty texts": (
        entry(overrideReason={"reason": None, "userComment": ""}, acceptedSuggestions=None),
        {},
    ),
    "an offset in place of Z": (entry(outcomeTimestamp="2026-06-30T14:00:00+02:00"), {}),
    "small letters": (entry(outcomeTimestamp="2026-06-30t12:00:00z"), {}),
    "nine digits of a second": (
        entry(outcomeTimestamp="2026-06-30T12:00:00.123456789Z"),
        {"outcome_at": MOMENT.replace(microsecond=123456)},
    ),
    "members nobody knows": (entry(hookInstance="x", cards=[1]), {}),
}


@pytest.mark.requirement("A3", "FB-1", "FB-2", "FB-3", "FB-4", "FB-5")
@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_that_clients_send_is_read(name: str) -> None:
    sent, expected = SHAPES[name]
    whole = {"card": CARD, "outcome": "overridden", "outcome_at": MOMENT, **expected}
    assert read(sent) == (FeedbackEntry(**whole),)


def test_there_are_a_dozen_shapes() -> None:
    assert len(SHAPES) >= 12


@pytest.mark.requirement("FB-7")
def test_a_batch_keeps_its_order() -> None:
    sent = [entry(card=f"card-{number}") for number in range(MAX_ENTRIES)]
    assert [each.card for each in read(*sent)] == [f"card-{n}" for n in range(MAX_ENTRIES)]


@pytest.mark.requirement("FB-7", "D21")
def test_a_batch_that_is_too_large_is_refused() -> None:
    with pytest.raises(BodyTooLarge):
        read(*[entry()] * (MAX_ENTRIES + 1))


def test_an_empty_batch_is_none() -> None:
    assert read() == ()


@pytest.mark.requirement("FB-6")
@pytest.mark.parametrize(
    ("sent", "error", "at"),
    [
        (entry(card=...), MissingMember, "feedback[1].card"),
        (entry(card=None), MissingMember, "feedback[1].card"),
        (entry(card=7), InvalidRequest, "feedback[1].card"),
        (entry(card=""), InvalidRequest, "feedback[1].card"),
        (entry(card="x" * 2001), InvalidRequest, "feedback[1].card"),
        (entry(outcome=...), MissingMember, "feedback[1].outcome"),
        (entry(outcome="ignored"), InvalidRequest, "feedback[1].outcome"),
        (entry(outcomeTimestamp=...), MissingMember, "feedback[1].outcomeTimestamp"),
        (entry(outcomeTimestamp="yesterday"), InvalidRequest, "feedback[1].outcomeTimestamp"),
        (
            entry(outcomeTimestamp="2026-W27-2T12:00:00Z"),
            InvalidRequest,
            "feedback[1].outcomeTimestamp",
        ),
        (entry(outcomeTimestamp="2026-06-30"), InvalidRequest, "feedback[1].outcomeTimestamp"),
        (
            entry(outcomeTimestamp="2026-06-30T12:00:00"),
            InvalidRequest,
            "feedback[1].outcomeTimestamp",
        ),
        (
            entry(outcomeTimestamp="0001-01-01T00:00:00+14:00"),
            InvalidRequest,
            "feedback[1].outcomeTimestamp",
        ),
        (entry(overrideReason="no"), InvalidRequest, "feedback[1].overrideReason"),
        (entry(overrideReasons=[REASON]), InvalidRequest, "feedback[1].overrideReasons"),
        (
            entry(overrideReason={"reason": "no"}),
            InvalidRequest,
            "feedback[1].overrideReason.reason",
        ),
        (
            entry(overrideReason={"reason": {"code": 7}}),
            InvalidRequest,
            "feedback[1].overrideReason.reason.code",
        ),
        (
            entry(acceptedSuggestions={"id": "s"}),
            InvalidRequest,
            "feedback[1].acceptedSuggestions",
        ),
        (
            entry(acceptedSuggestions=[{}]),
            MissingMember,
            "feedback[1].acceptedSuggestions[0].id",
        ),
        (["x"], InvalidRequest, "feedback[1]"),
        (None, InvalidRequest, "feedback[1]"),
    ],
)
def test_what_is_wrong_is_named(sent: Any, error: type[ServiceError], at: str) -> None:
    with pytest.raises(error) as caught:
        read(entry(), sent)
    assert caught.value.expression == (at,)
    assert caught.value.message.startswith(at)


@pytest.mark.parametrize("body", [b"{}", b'{"feedback": null}', b'{"feedback": {}}'])
def test_a_body_without_feedback_is_refused(body: bytes) -> None:
    with pytest.raises(ServiceError) as caught:
        read_feedback(body)
    assert caught.value.expression == ("feedback",)


@pytest.mark.requirement("FB-9")
def test_a_comment_is_in_no_repr() -> None:
    (told,) = read(entry(overrideReason={"userComment": "about Mr Example"}))
    assert "Example" not in repr(told)
