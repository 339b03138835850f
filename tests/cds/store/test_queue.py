"""Does the queue give the decisions that were asked for, in an order that holds?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from cds.decision import Decision
from cds.store import queue as queue_module
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from cds.store.queue import Queue
from cds.store.queue_filters import QueueQuestion
from cds.store.queue_rows import Position
from tests.cds.store.assigned import assign
from tests.cds.store.records import NOW, Entry, card, decision

ALL = QueueQuestion()
ME, OTHER = "account-1", "account-2"


def keep(store: Store, *kept: Decision) -> None:
    log = DecisionLog(store)
    for each in kept:
        log.record(each)


def numbered(count: int, **changes: Any) -> list[Decision]:
    """Give decisions of which each is an hour older than the one before."""
    return [
        decision(
            id=f"d{place:03}",
            decided_at=NOW - timedelta(hours=place),
            cards=(),
            review_class="shown",
            **changes,
        )
        for place in range(count)
    ]


def ids(store: Store, question: QueueQuestion = ALL) -> list[str]:
    return [row.id for row in Queue(store).first(question, ME).rows]


def test_the_newest_decision_comes_first(store: Store) -> None:
    keep(store, *reversed(numbered(3)))
    assert ids(store) == ["d000", "d001", "d002"]


def test_decisions_of_one_moment_stand_in_the_order_of_their_ids(store: Store) -> None:
    keep(store, *(replace(each, decided_at=NOW) for each in numbered(3)))
    assert ids(store) == ["d002", "d001", "d000"]


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"review_class": "near_miss"}, QueueQuestion(review_class="near_miss")),
        ({"client": "south"}, QueueQuestion(client="south")),
        ({"service": "evaluate"}, QueueQuestion(service="evaluate")),
        ({"rule_version": "2"}, QueueQuestion(knowledge="2")),
        ({"knowledge_sha256": "f" * 64}, QueueQuestion(knowledge="f" * 64)),
        ({"resistance": "possible"}, QueueQuestion(resistance="possible")),
        ({"inflammation": "normal"}, QueueQuestion(inflammation="normal")),
        ({"could_not_tell": ",inflammation,record,"}, QueueQuestion(left_open="record")),
        ({"decided_at": NOW + timedelta(days=2)}, QueueQuestion(first_day=date(2026, 7, 2))),
        ({"decided_at": NOW - timedelta(days=2)}, QueueQuestion(last_day=date(2026, 6, 28))),
    ],
)
def test_each_filter_leaves_what_meets_it(
    changes: dict[str, Any], question: QueueQuestion, store: Store
) -> None:
    wanted = replace(numbered(1)[0], id="wanted", **changes)
    keep(store, *numbered(2), wanted)
    assert ids(store, question) == ["wanted"]


def test_an_open_criterion_is_not_found_by_a_part_of_its_name(store: Store) -> None:
    keep(store, replace(numbered(1)[0], could_not_tell=",trials,"))
    assert ids(store, QueueQuestion(left_open="trial")) == []


def test_a_comment_is_found_and_shown_with_its_decision(store: Store) -> None:
    commented, silent = (decision(id=each, cards=(card(each),)) for each in ("a", "b"))
    keep(store, commented, silent)
    FeedbackLog(store).add("north", "s", [Entry(card="a", user_comment="Not now.")], NOW)
    FeedbackLog(store).add("north", "s", [Entry(card="b", user_comment=None)], NOW)
    (row,) = Queue(store).first(QueueQuestion(said="comment"), ME).rows
    assert (row.id, [said.comment for said in row.said]) == ("a", ["Not now."])


def test_feedback_without_a_comment_is_feedback_too(store: Store) -> None:
    keep(store, decision(id="a", cards=(card("a"),)), decision(id="b", cards=(card("b"),)))
    FeedbackLog(store).add("north", "s", [Entry(card="a")], NOW)
    assert ids(store, QueueQuestion(said="any")) == ["a"]


def test_feedback_of_another_client_is_shown_with_nobodys_decision(store: Store) -> None:
    keep(store, decision(id="a", cards=(card("a"),)))
    FeedbackLog(store).add("south", "s", [Entry(card="a", user_comment="Not ours.")], NOW)
    (row,) = Queue(store).first(ALL, ME).rows
    assert (row.said, ids(store, QueueQuestion(said="any"))) == ((), [])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (QueueQuestion(reviewer=ME), ["d000", "d001"]),
        (QueueQuestion(reviewer=ME, reviewed=True), ["d000"]),
        (QueueQuestion(reviewer=ME, reviewed=False), ["d001"]),
        (QueueQuestion(reviewed=True), ["d000", "d002"]),
        (QueueQuestion(reviewed=False), ["d001", "d003"]),
    ],
)
def test_cases_are_found_by_whose_they_are_and_how_far(
    question: QueueQuestion, expected: list[str], store: Store
) -> None:
    keep(store, *numbered(4))
    assign(store, "d000", ME, submitted=True)
    assign(store, "d001", ME)
    assign(store, "d002", OTHER, submitted=True)
    assert ids(store, question) == expected


def test_what_is_mine_is_marked_and_what_others_did_is_not(store: Store) -> None:
    keep(store, *numbered(3))
    assign(store, "d000", ME, submitted=True)
    assign(store, "d001", ME)
    assign(store, "d002", OTHER, submitted=True)
    marks = [row.mine for row in Queue(store).first(ALL, ME).rows]
    assert marks == ["submitted", "open", ""]


@pytest.fixture
def pages_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "PAGE", 3)


@pytest.mark.usefixtures("pages_of_three")
def test_the_pages_hold_every_decision_once(store: Store) -> None:
    keep(store, *numbered(8))
    queue = Queue(store)
    page = queue.first(ALL, ME)
    seen = [row.id for row in page.rows]
    while page.has_older:
        page = queue.older(ALL, ME, page.rows[-1].position)
        seen += [row.id for row in page.rows]
    assert seen == [f"d{place:03}" for place in range(8)]


@pytest.mark.usefixtures("pages_of_three")
def test_a_page_stays_as_it_is_when_a_decision_comes_in(store: Store) -> None:
    kept = numbered(6)
    keep(store, *kept[1:])
    queue = Queue(store)
    place = queue.first(ALL, ME).rows[-1].position
    before = queue.older(ALL, ME, place)
    keep(store, kept[0])
    assert queue.older(ALL, ME, place) == before


@pytest.mark.usefixtures("pages_of_three")
def test_the_way_back_leads_to_the_page_before(store: Store) -> None:
    keep(store, *numbered(8))
    queue = Queue(store)
    first = queue.first(ALL, ME)
    second = queue.older(ALL, ME, first.rows[-1].position)
    back = queue.newer(ALL, ME, second.rows[0].position)
    assert (back.rows, back.has_newer) == (first.rows, False)


def test_the_cases_beside_one_meet_the_same_filters(store: Store) -> None:
    kept = numbered(5)
    keep(
        store, *(replace(each, client="south" if n % 2 else "north") for n, each in enumerate(kept))
    )
    place = Position(decided_at=kept[2].decided_at, id="d002")
    assert Queue(store).around(QueueQuestion(client="north"), place) == ("d000", "d004")


def test_the_first_case_has_none_that_is_newer(store: Store) -> None:
    keep(store, *numbered(2))
    place = Queue(store).place_of("d000")
    assert place is not None
    assert Queue(store).around(ALL, place) == (None, "d001")


def test_a_decision_that_is_gone_has_no_place(store: Store) -> None:
    assert Queue(store).place_of("gone") is None


def test_classes_are_counted_by_the_other_filters(store: Store) -> None:
    kept = numbered(3)
    keep(store, kept[0], replace(kept[1], review_class="silent"), replace(kept[2], client="south"))
    question = QueueQuestion(client="north", review_class="silent")
    assert Queue(store).counts(question) == {"shown": 1, "silent": 1}


def test_only_what_occurs_can_be_chosen(store: Store) -> None:
    keep(store, *numbered(2, client="south"))
    assign(store, "d000", OTHER)
    found = Queue(store).choices()
    assert (found.clients, dict(found.reviewers)) == (("south",), {OTHER: OTHER})


def statements_of(store: Store, call: Callable[[], object]) -> list[str]:
    seen: list[str] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    event.listen(store._engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(store._engine, "before_cursor_execute", note)
    return [each for each in seen if each.lstrip().upper().startswith("SELECT")]


def test_a_page_asks_the_same_few_questions_however_many_decisions_it_shows(store: Store) -> None:
    keep(store, *numbered(1))
    queue = Queue(store)
    few = statements_of(store, lambda: queue.first(ALL, ME))
    keep(store, *(replace(each, id=f"n{each.id}", request_key=each.id) for each in numbered(20)))
    many = statements_of(store, lambda: queue.first(ALL, ME))
    assert len(many) == len(few) == 4


def test_the_answer_of_a_decision_is_not_read_for_a_page(store: Store) -> None:
    keep(store, *numbered(1))
    asked = statements_of(store, lambda: Queue(store).first(ALL, ME))
    assert [each for each in asked if "answer" in each] == []
