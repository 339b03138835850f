"""Does a running service take feedback in every shape, and name what it cannot read?"""

from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.conformance.schemas import faults_of
from tests.conformance.wire.calls import FEEDBACK
from tests.conformance.wire.target import Target, let_in

REASON = {"code": "cds-not-applicable", "system": "http://example.org/reasons"}
AT = "2026-06-30T09:20:11.123Z"


def entry(**changes: Any) -> dict[str, Any]:
    stated = {"card": str(uuid4()), "outcome": "overridden", "outcomeTimestamp": AT} | changes
    return {name: value for name, value in stated.items() if value is not None}


TAKEN: dict[str, list[Any]] = {
    "no entry": [],
    "without a reason": [entry()],
    "a reason without display": [entry(overrideReason={"reason": REASON})],
    "a comment": [entry(overrideReason={"userComment": "no"})],
    "accepted": [entry(outcome="accepted", acceptedSuggestions=[{"id": "s"}])],
    "accepted without suggestions": [entry(outcome="accepted")],
    "the plural": [entry(overrideReasons={"reason": REASON})],
    "an extension": [
        entry(extension={"com.epic.cdshooks.feedback.overrideReason.reasonCategory": 4})
    ],
    "an id of its own": [entry(card="123456")],
    "a batch": [entry() for _ in range(20)],
    "a time with a zone": [entry(outcomeTimestamp="2026-06-30T11:20:11+02:00")],
}
REFUSED: dict[str, tuple[list[Any], str]] = {
    "another outcome": ([entry(), entry(outcome="ignored")], "feedback[1].outcome"),
    "no card": ([entry(card=None)], "feedback[0].card"),
    "no time": ([entry(outcomeTimestamp=None)], "feedback[0].outcomeTimestamp"),
    "a time that is none": ([entry(outcomeTimestamp="today")], "feedback[0].outcomeTimestamp"),
    "no object": ([5], "feedback[0]"),
}


def posted(target: Target, entries: list[Any]) -> requests.Response:
    return let_in(target, target.post(FEEDBACK, {"feedback": entries}))


@pytest.mark.requirement("FB-1", "FB-2", "FB-3", "FB-4", "FB-5", "FB-6", "A3", "I@148")
@pytest.mark.parametrize("name", TAKEN)
def test_feedback_of_this_shape_is_taken(name: str, target: Target) -> None:
    response = posted(target, TAKEN[name])
    assert (response.status_code, response.json()) == (200, {})


@pytest.mark.requirement("FB-7", "D21")
def test_the_same_feedback_again_and_on_an_unknown_card_gets_the_same_answer(
    target: Target,
) -> None:
    again = [entry()]
    assert [posted(target, again).json() for _ in range(2)] == [{}, {}]


@pytest.mark.requirement("FB-6", "cds-fb-1")
@pytest.mark.parametrize("name", REFUSED)
def test_feedback_that_is_none_is_refused_by_the_name_of_the_member(
    name: str, target: Target
) -> None:
    entries, named = REFUSED[name]
    response = posted(target, entries)
    assert response.status_code == 400
    assert faults_of("operation-outcome", response.json()) == []
    assert response.json()["issue"][0]["expression"] == [named]


@pytest.mark.requirement("FB-7", "D21")
def test_more_than_a_thousand_entries_are_too_many(target: Target) -> None:
    assert posted(target, [entry() for _ in range(1001)]).status_code == 413
