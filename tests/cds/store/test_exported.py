"""What leaves the store in an export, in which order, and what never does?"""

import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from cds.review.roles import Account, Role
from cds.store.audit import AuditEvent, AuditLog
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.export_question import ExportQuestion
from cds.store.exported import ExportSource
from cds.store.feedback import FeedbackLog
from cds.store.samples import Team
from cds.store.schema import cases, decisions
from tests.cds.store.records import CLIENT, NOW, SERVICE, Entry, card, decision
from tests.cds.store.reviewing import (
    DISAGREE,
    Review,
    add_account,
    add_sample,
    begin_review,
    judgement,
    record,
)

ALL = ExportQuestion()
TODAY, YESTERDAY = NOW.date(), NOW.date() - timedelta(days=1)
HIDDEN = "what nobody may read yet"


def add(store: Store, **changes: Any) -> str:
    recorded = decision(**changes)
    DecisionLog(store).record(recorded)
    return recorded.id


def ids(store: Store, question: ExportQuestion = ALL, page: int = 2) -> list[str]:
    return [each.id for each in ExportSource(store, page).decisions(question)]


# Decisions


@pytest.mark.parametrize("page", [1, 2, 3, 7])
def test_every_decision_is_there_once_however_long_a_page_is(store: Store, page: int) -> None:
    added = [add(store, id=f"d{n}", pseudonym=f"p{n % 3}") for n in range(6)]
    assert sorted(ids(store, page=page)) == added


def test_decisions_come_patient_by_patient_the_oldest_first(store: Store) -> None:
    for n, (pseudonym, hours) in enumerate([("b", 0), ("a", 2), ("b", 1), ("a", 3)]):
        add(store, id=f"d{n}", pseudonym=pseudonym, decided_at=NOW + timedelta(hours=hours))
    assert ids(store) == ["d1", "d3", "d0", "d2"]


def test_a_decision_is_whole(store: Store) -> None:
    kept = decision(request_key="r", facts=b"{}", cards=(card("1"), card("2")))
    DecisionLog(store).record(kept)
    assert list(ExportSource(store).decisions(ALL)) == [kept]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (ExportQuestion(client="south"), ["south"]),
        (ExportQuestion(client="nobody"), []),
        (ExportQuestion(since=TODAY), ["south", "today"]),
        (ExportQuestion(until=YESTERDAY), ["yesterday"]),
        (ExportQuestion(since=YESTERDAY, until=YESTERDAY), ["yesterday"]),
        (ExportQuestion(until=date.max), ["south", "today", "yesterday"]),
        (ExportQuestion(sample="no such sample"), []),
    ],
)
def test_decisions_are_those_that_are_asked_for(
    store: Store, question: ExportQuestion, expected: list[str]
) -> None:
    add(store, id="today")
    add(store, id="yesterday", decided_at=NOW - timedelta(days=1))
    add(store, id="south", client="south")
    assert sorted(ids(store, question)) == expected


def test_decisions_can_be_those_of_a_sample(store: Store) -> None:
    review = begin_review(store)
    record(store)
    assert ids(store, ExportQuestion(sample=review.sample)) == [review.decision]


# Feedback


def give(store: Store, *cards: str, client: str = CLIENT, days: int = 0) -> None:
    entries = [Entry(card=each) for each in cards]
    FeedbackLog(store).add(client, SERVICE, entries, NOW + timedelta(days=days))


def test_feedback_is_told_with_its_card(store: Store) -> None:
    add(store, id="d", cards=(card("known"),))
    give(store, "known", "unknown")
    source = ExportSource(store, 1)
    assert [(each.card, each.decision, each.card_kind) for each in source.feedback(ALL)] == [
        ("unknown", None, None),
        ("known", "d", "evidence"),
    ]


def test_feedback_of_another_client_does_not_learn_whose_card_it_was(store: Store) -> None:
    add(store, id="d", cards=(card("known"),))
    give(store, "known", client="south")
    (entry,) = ExportSource(store).feedback(ALL)
    assert (entry.decision, entry.pseudonym) == (None, None)


def test_feedback_is_that_which_is_asked_for(store: Store) -> None:
    review = begin_review(store)
    kept = DecisionLog(store).find(review.decision)
    assert kept is not None
    give(store, kept.cards[0].uuid)
    give(store, "later", days=1)
    give(store, "south", client="south")
    source = ExportSource(store)
    answers = {
        name: [each.card for each in source.feedback(question)]
        for name, question in {
            "sample": ExportQuestion(sample=review.sample),
            "later": ExportQuestion(since=TODAY + timedelta(days=1)),
            "south": ExportQuestion(client="south"),
        }.items()
    }
    assert answers == {"sample": [kept.cards[0].uuid], "later": ["later"], "south": ["south"]}


# Judgements: nobody reads in an export what they must still judge blind


@pytest.fixture
def review(store: Store) -> Review:
    return begin_review(store)


def told(review: Review, question: ExportQuestion = ALL) -> list[tuple[str, str]]:
    source = ExportSource(review.store, 2)
    return [(each.place, each.reviewer) for each in source.judgements(question)]


Step = Callable[[Review], object]
NOT_YET: dict[str, Step] = {
    "nothing": lambda _: None,
    "a draft": lambda each: each.save(each.anna, judgement(comment=HIDDEN)),
    "two drafts": lambda each: (
        each.save(each.anna, judgement(comment=HIDDEN)),
        each.save(each.ben, judgement(comment=HIDDEN)),
    ),
    "one submitted": lambda each: each.submit(each.anna, judgement(comment=HIDDEN)),
    "one submitted, one draft": lambda each: (
        each.submit(each.anna, judgement(comment=HIDDEN)),
        each.save(each.ben, judgement(comment=HIDDEN)),
    ),
}


@pytest.mark.requirement("C6", "C8")
@pytest.mark.parametrize("step", NOT_YET)
def test_no_judgement_leaves_the_store_before_both_have_submitted(
    review: Review, step: str
) -> None:
    NOT_YET[step](review)
    assert told(review) == []


def submit_both(review: Review) -> None:
    review.submit(review.anna, judgement(DISAGREE))
    review.submit(review.ben, judgement())


@pytest.mark.requirement("C8")
def test_what_both_submitted_is_exported_while_it_waits_to_be_settled(review: Review) -> None:
    submit_both(review)
    assert told(review) == [("first", "Anna"), ("second", "Ben")]


@pytest.mark.requirement("C6", "C8")
def test_a_draft_of_the_adjudicator_is_not_exported(review: Review) -> None:
    submit_both(review)
    review.save(review.carla, judgement(comment=HIDDEN))
    assert told(review) == [("first", "Anna"), ("second", "Ben")]


def test_what_the_adjudicator_submitted_is_exported(review: Review) -> None:
    submit_both(review)
    review.submit(review.carla, judgement())
    assert ("adjudicator", "Carla") in told(review)


def test_of_a_person_only_the_newest_that_was_submitted_is_exported(review: Review) -> None:
    submit_both(review)
    review.submit(review.anna, judgement(because="I looked again."), minutes=5)
    source = ExportSource(review.store)
    (first,) = [each for each in source.judgements(ALL) if each.place == "first"]
    assert first.judgement == judgement(because="I looked again.")
    assert first.saved_at == NOW + timedelta(minutes=5)


@pytest.mark.requirement("C6", "C8")
def test_whoever_has_still_to_judge_a_decision_exports_no_judgement_on_it(review: Review) -> None:
    submit_both(review)
    dora = Account(id="account-d", name="Dora", role=Role.LEAD)
    add_account(review.store, dora)
    team = Team(first=dora.id, second=review.ben.id, adjudicator=review.carla.id)
    other = add_sample(review.store, team, review.decision, name="Second sample")
    assert told(review, ExportQuestion(blind_for=dora.id)) == []
    assert len(told(review, ExportQuestion(blind_for=review.anna.id))) == 2
    mine = Review(**{**{name: getattr(review, name) for name in ("store", "log", "decision",
                     "ben", "carla")}, "sample": other, "anna": dora})  # fmt: skip
    mine.submit(dora, judgement())
    assert len(told(review, ExportQuestion(blind_for=dora.id))) == 2


def test_judgements_are_those_that_are_asked_for(review: Review) -> None:
    submit_both(review)
    tomorrow = TODAY + timedelta(days=1)
    assert [
        len(told(review, question))
        for question in (
            ExportQuestion(sample=review.sample),
            ExportQuestion(sample="no such sample"),
            ExportQuestion(client="south"),
            ExportQuestion(since=tomorrow),
            ExportQuestion(until=TODAY),
        )
    ] == [2, 0, 0, 0, 2]


def test_the_judgements_of_a_case_come_together(review: Review) -> None:
    others = [record(review.store) for _ in range(3)]
    team = Team(first=review.anna.id, second=review.ben.id, adjudicator=review.carla.id)
    sample = add_sample(review.store, team, *others, name="Second sample")
    for decided in others:
        for account in (review.anna, review.ben):
            mine = Review(review.store, review.log, sample, decided,
                          review.anna, review.ben, review.carla)  # fmt: skip
            mine.submit(account, judgement())
    submit_both(review)
    cases = [(each.sample, each.decision) for each in ExportSource(review.store, 3).judgements(ALL)]
    assert len(cases) == 8
    assert cases == sorted(cases)


# Accesses


def look(store: Store, **changes: Any) -> None:
    values = {"at": NOW, "account": None, "action": "view_case", "outcome": "done"} | changes
    AuditLog(store).add(AuditEvent(**values))


def test_an_access_is_told_with_the_patient_of_its_decision(review: Review) -> None:
    look(review.store, account="account-a", decision=review.decision, details={"page": "x"})
    (access,) = ExportSource(review.store).accesses(ALL)
    assert (access.name, access.client, access.pseudonym, access.details) == (
        "Anna",
        CLIENT,
        "0" * 32,
        {"page": "x"},
    )


def test_an_access_to_a_decision_that_is_gone_is_still_told(store: Store) -> None:
    look(store, decision="gone")
    (access,) = ExportSource(store).accesses(ALL)
    assert (access.decision, access.pseudonym) == ("gone", None)


def test_accesses_are_those_that_are_asked_for(review: Review) -> None:
    look(review.store, decision=review.decision)
    look(review.store, at=NOW + timedelta(days=1), action="sign_in")
    source = ExportSource(review.store, 1)
    assert [
        [each.action for each in source.accesses(question)]
        for question in (
            ALL,
            ExportQuestion(client=CLIENT),
            ExportQuestion(sample=review.sample),
            ExportQuestion(until=TODAY),
            ExportQuestion(since=TODAY + timedelta(days=1)),
        )
    ] == [["sign_in", "view_case"], ["view_case"], ["view_case"], ["view_case"], ["sign_in"]]


# Memory


def test_ten_thousand_decisions_need_no_more_memory_than_a_page(store: Store) -> None:
    facts = b'{"filling":"' + b"x" * 2_000 + b'"}'
    names = [column.name for column in decisions.columns]
    like = {name: getattr(decision(), name) for name in names}
    rows = [like | {"id": f"d{n:05d}", "pseudonym": f"p{n % 500}"} for n in range(10_000)]
    with store.writing() as connection:
        connection.execute(insert(decisions), rows)
        connection.execute(insert(cases), [{"decision": r["id"], "facts": facts} for r in rows])
    source = ExportSource(store)
    next(source.decisions(ALL))  # what is made once
    tracemalloc.start()
    seen = sum(1 for _ in source.decisions(ALL))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == 10_000
    assert peak < 5_000_000  # all of them are more than 20 000 000
