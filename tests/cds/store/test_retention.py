"""Does what is too old go, with all that hangs on it, and nothing else?"""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cds.store.audit import AuditEvent, AuditLog
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from cds.store.removal import AT_ONCE
from cds.store.retention import KINDS, DaysKept, Retention
from cds.store.samples import Team
from cds.store.schema import METADATA
from cds.store.used_tokens import UsedTokens
from tests.cds.store.records import CLIENT, NOW, SERVICE, Entry, card, decision
from tests.cds.store.reviewing import add_sample, begin_review, judgement

YEAR = DaysKept.all_alike(365)
ONE_LEFT = timedelta(days=365)
TOO_OLD = ONE_LEFT + timedelta(microseconds=1)
NOTHING = dict.fromkeys(KINDS, 0)


def rows(store: Store) -> dict[str, int]:
    """Count the rows of every table that a purge empties."""
    return {name: number for name, number in all_rows(store).items() if name in KINDS}


def all_rows(store: Store) -> dict[str, int]:
    with store.reading() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in METADATA.tables.items()
        }


def record(store: Store, age: timedelta, *uuids: str) -> str:
    recorded = decision(
        decided_at=NOW - age, cards=tuple(card(uuid) for uuid in uuids), facts=b"{}"
    )
    DecisionLog(store).record(recorded)
    return recorded.id


def say(store: Store, age: timedelta, *named: str, client: str = CLIENT) -> None:
    FeedbackLog(store).add(client, SERVICE, [Entry(card=each) for each in named], NOW - age)


@pytest.mark.requirement("D30")
def test_an_old_decision_goes_with_all_that_hangs_on_it(store: Store) -> None:
    record(store, TOO_OLD, "a", "b")
    say(store, timedelta(days=1), "a", "b")
    removed = Retention(store).purge(NOW, YEAR)
    assert removed == NOTHING | {"decisions": 1, "cards": 2, "cases": 1, "feedback": 2}
    assert rows(store) == NOTHING


@pytest.mark.requirement("D30")
def test_what_is_exactly_of_that_age_stays(store: Store) -> None:
    record(store, ONE_LEFT, "a")
    say(store, ONE_LEFT, "a", "unknown")
    UsedTokens(store, lambda: NOW).claim("issuer", "id", NOW)
    assert Retention(store).purge(NOW, YEAR) == NOTHING
    assert rows(store) == NOTHING | {
        "decisions": 1, "cards": 1, "cases": 1, "feedback": 2, "used_tokens": 1
    }  # fmt: skip


@pytest.mark.requirement("D30")
def test_judgements_go_with_their_decision_and_the_audit_and_the_draw_stay(store: Store) -> None:
    review = begin_review(store)
    other = record(store, timedelta(0))
    team = Team(first=review.anna.id, second=review.ben.id, adjudicator=review.carla.id)
    add_sample(store, team, other, name="Another sample")
    for _ in range(2):
        review.submit(review.anna, judgement(comment="Anna A."))
        review.submit(review.ben, judgement(because="again", comment="Anna A."))
    AuditLog(store).add(
        AuditEvent(
            at=NOW,
            account=review.anna.id,
            action="judge",
            outcome="done",
            decision=review.decision,
        )
    )
    removed = Retention(store).purge(NOW + TOO_OLD, YEAR)
    assert (removed["assignments"], removed["judgements"]) == (6, 2)
    left = all_rows(store)
    assert (left["assignments"], left["judgements"]) == (0, 0)
    assert (left["samples"], left["audit_events"], left["accounts"]) == (2, 1, 3)


@pytest.mark.requirement("D30")
def test_judgements_on_what_stays_stay(store: Store) -> None:
    review = begin_review(store)
    review.submit(review.anna, judgement())
    record(store, TOO_OLD, "a")
    assert Retention(store).purge(NOW, YEAR)["decisions"] == 1
    assert (rows(store)["assignments"], rows(store)["judgements"]) == (3, 1)


@pytest.mark.requirement("D30")
def test_feedback_on_a_card_nobody_knows_goes_with_its_age(store: Store) -> None:
    say(store, TOO_OLD, "unknown")
    say(store, ONE_LEFT, "unknown too")
    assert Retention(store).purge(NOW, YEAR) == NOTHING | {"feedback": 1}


@pytest.mark.requirement("D30")
def test_each_kind_of_record_has_days_of_its_own(store: Store) -> None:
    for age in (5, 15, 25):
        record(store, timedelta(days=age), f"card-{age}")
        say(store, timedelta(days=age), f"card-{age}")
    days = DaysKept(decisions=30, cases=20, feedback=10)
    assert Retention(store).purge(NOW, days) == NOTHING | {"cases": 1, "feedback": 2}
    assert rows(store) == NOTHING | {"decisions": 3, "cards": 3, "cases": 2, "feedback": 1}


def test_what_another_client_said_of_a_card_stays(store: Store) -> None:
    record(store, TOO_OLD, "a")
    say(store, timedelta(0), "a", client="south")
    assert Retention(store).purge(NOW, YEAR)["feedback"] == 0
    assert rows(store)["feedback"] == 1


def test_token_ids_go_once_they_ran_out(store: Store) -> None:
    tokens = UsedTokens(store, lambda: NOW)
    tokens.claim("issuer", "old", NOW - timedelta(microseconds=1))
    tokens.claim("issuer", "new", NOW)
    # The second claim had nothing to tidy up yet: a minute lies between two removals.
    Retention(store).purge(NOW, YEAR)
    assert rows(store)["used_tokens"] == 1


def test_more_than_one_step_is_purged(store: Store) -> None:
    say(store, TOO_OLD, *(f"card-{number}" for number in range(AT_ONCE + 1)))
    assert Retention(store).purge(NOW, YEAR)["feedback"] == AT_ONCE + 1


def test_a_second_purge_finds_nothing(store: Store) -> None:
    record(store, TOO_OLD, "a")
    Retention(store).purge(NOW, YEAR)
    assert Retention(store).purge(NOW, YEAR) == NOTHING
