"""Which statuses let a record count, and is every record left out named?"""

from typing import Any

import pytest

from rules.facts import Exposure, Facts
from rules.knowledge import Knowledge
from rules.record_status import keep_usable, reported_not_taken, status_is_unclear
from tests.support.build import (
    AS_OF,
    SERTRALINE,
    TOCILIZUMAB,
    administration,
    diagnosis,
    dispense,
    encounter,
    facts,
    icd,
    intolerance,
    order,
    procedure,
    snomed,
    statement,
    vaccination,
)

KINDS: dict[str, Any] = {
    "request": order,
    "dispense": dispense,
    "statement": statement,
    "administration": administration,
}
USED = {
    "request": {"active", "completed", "stopped", "on-hold", "unknown", None},
    "dispense": {"completed", "in-progress"},
    "statement": {"active", "completed", "stopped", "on-hold", "unknown", None},
    "administration": {"completed", "in-progress"},
}
STATUSES = [
    "active", "completed", "stopped", "on-hold", "unknown", None, "draft", "cancelled",
    "entered-in-error", "preparation", "declined", "in-progress", "intended", "not-done", "ended",
]  # fmt: skip


def kept(knowledge: Knowledge, *pieces: Any) -> Facts:
    return keep_usable(facts(*pieces), AS_OF, knowledge)


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("status", STATUSES)
def test_a_medication_counts_by_its_status_and_is_named_where_it_does_not(
    kind: str, status: str | None, knowledge: Knowledge
) -> None:
    given: Exposure = KINDS[kind](SERTRALINE, "2026-01-01", status=status)
    told = kept(knowledge, given)
    used = status in USED[kind]
    assert (len(told.exposures), len(told.not_used)) == ((1, 0) if used else (0, 1))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (order(SERTRALINE, "2026-01-01", intent="plan"), "intent plan"),
        (order(SERTRALINE, "2026-01-01", intent="proposal"), "intent proposal"),
        (order(SERTRALINE, "2026-01-01", intent="option"), "intent option"),
        (order(SERTRALINE, "2026-01-01", do_not_perform=True), "not to give the drug"),
        (order(SERTRALINE, "2026-07-01"), "dated 2026-07-01, after the day of evaluation"),
        (diagnosis("F31.9", verification="refuted"), "verification status refuted"),
        (diagnosis("F33.1", verification="unconfirmed"), "verification status unconfirmed"),
        (diagnosis("F33.1", verification="differential"), "verification status differential"),
        (diagnosis("T14.91XA", verification="refuted"), "verification status refuted"),
        (diagnosis("T14.91XA", verification="entered-in-error"), "entered-in-error"),
        (
            diagnosis("F31.9", verification="unconfirmed", onset="2026-07-02"),
            "after the day of evaluation",
        ),
        (vaccination("2026-01-01", status="not-done"), "status not-done"),
        (vaccination("2026-01-01", status="entered-in-error"), "status entered-in-error"),
        (vaccination("2026-01-01", status=None), "status unknown"),
        (vaccination("2026-07-01"), "after the day"),
        (diagnosis("F31.9", onset="2026-07-02"), "after the day of evaluation"),
        (procedure(snomed("23835007"), "2026-01-01", status="not-done"), "status not-done"),
        (procedure(snomed("23835007"), "2026-07-01"), "after the day"),
        (encounter(icd("F33.1"), "2026-01-01", status="cancelled"), "status cancelled"),
        (encounter(icd("F33.1"), "2026-01-01", status=None), "status unknown"),
        (intolerance(SERTRALINE, "2026-01-01", verification="refuted"), "status refuted"),
        (intolerance(SERTRALINE, "2026-07-01"), "after the day"),
    ],
    ids=str,
)
def test_what_is_left_out_is_named_with_the_reason(
    given: Any, words: str, knowledge: Knowledge
) -> None:
    told = kept(knowledge, given)
    left = (told.exposures, told.diagnoses, told.unconfirmed, told.procedures, told.vaccinations)
    assert (*left, told.encounters, told.intolerances) == ((),) * 7
    assert [each.source for each in told.not_used if words in each.because] == list(given.sources)


@pytest.mark.parametrize("status", ["unconfirmed", "differential"])
@pytest.mark.parametrize(
    "code",
    ["F31.9", "F29", "F33.3", "F03.90", "F05", "Z33.1", "O80", "Z39.1", "Z51.5", "F06.31", "J18.9",
     "T14.91XA", "R45.851"],
)  # fmt: skip
def test_what_nobody_confirmed_is_set_apart_where_it_speaks_against_a_card(
    code: str, status: str, knowledge: Knowledge
) -> None:
    suspected = diagnosis(code, verification=status)
    told = kept(knowledge, suspected)
    assert (told.diagnoses, told.unconfirmed, told.not_used) == ((), (suspected,), ())


@pytest.mark.parametrize(
    "given",
    [
        order(SERTRALINE, "2026-06-30"),
        order(SERTRALINE, "2026"),
        order(SERTRALINE, None),
        order(SERTRALINE, "2026-01-01", intent=None),
        order(SERTRALINE, "2026-01-01", intent="instance-order"),
        diagnosis("F31.9", verification=None),
        diagnosis("F31.9", recorded="2026-06-30"),
        procedure(snomed("23835007"), None),
        intolerance(SERTRALINE, None, verification="unconfirmed"),
        intolerance(SERTRALINE, "2026-01-01"),
    ],
    ids=str,
)
def test_a_record_that_may_count_stays(given: Any, knowledge: Knowledge) -> None:
    told = kept(knowledge, given)
    assert told.not_used == ()


@pytest.mark.parametrize(
    ("given", "unclear"),
    [
        (order(SERTRALINE, "2026-01-01", status="active"), False),
        (order(SERTRALINE, "2026-01-01", status="unknown"), True),
        (order(SERTRALINE, "2026-01-01", status=None), True),
        (order(SERTRALINE, "2026-01-01", status="on-hold"), True),
        (order(SERTRALINE, "2026-01-01", end="2026-02-01", status="on-hold"), True),
        (dispense(SERTRALINE, "2026-01-01", status="in-progress"), True),
        (dispense(SERTRALINE, "2026-01-01"), False),
        (administration(SERTRALINE, "2026-01-01", status="in-progress"), False),
        (statement(SERTRALINE, "2026-01-01", status="on-hold"), True),
        (statement(SERTRALINE, "2026-01-01", "2026-02-01", status="on-hold"), False),
        (statement(SERTRALINE, "2026-01-01", "2026-02-01", status="unknown"), True),
    ],
    ids=str,
)
def test_an_unclear_status_is_a_gap_unless_the_hold_is_dated(
    given: Exposure, unclear: bool, knowledge: Knowledge
) -> None:
    assert status_is_unclear(given, knowledge.records) is unclear


def test_a_denied_antidepressant_is_named_and_kept_as_evidence(knowledge: Knowledge) -> None:
    denial = statement(SERTRALINE, "2026-01-01", status="not-taken")
    told = kept(knowledge, denial)
    assert (told.exposures, len(told.not_used)) == ((denial,), 1)
    assert reported_not_taken(denial, knowledge.records)


@pytest.mark.parametrize(
    "denial",
    [
        statement(TOCILIZUMAB, "2026-01-01", status="not-taken"),
        statement(SERTRALINE, "2026-07-01", status="not-taken"),
        order(SERTRALINE, "2026-01-01", status="not-taken"),
    ],
    ids=["another drug", "in the future", "an order"],
)
def test_a_denial_that_speaks_of_no_trial_is_left_out(
    denial: Exposure, knowledge: Knowledge
) -> None:
    assert kept(knowledge, denial).exposures == ()
