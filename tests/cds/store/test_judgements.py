"""Is what reviewers say kept, row by row, and never lost to another tab or another person?"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from cds.review.judging import Answer, Judgement
from cds.review.standing import Refusal
from cds.store.case_view import SavedJudgement
from cds.store.database import Store
from cds.store.judgements import Form, Stale
from cds.store.schema import judgements
from tests.cds.store.records import NOW
from tests.cds.store.reviewing import AGREE, CANNOT_TELL, DISAGREE, Review, begin_review, judgement


@pytest.fixture
def review(store: Store) -> Review:
    return begin_review(store)


def rows(review: Review) -> int:
    with review.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(judgements)) or 0


@pytest.mark.requirement("C4")
def test_every_save_is_kept_and_the_newest_row_holds(review: Review) -> None:
    said = (judgement(DISAGREE), judgement(CANNOT_TELL), judgement(AGREE, comment="After all."))
    for minutes, each in enumerate(said):
        review.save(review.anna, each, minutes=minutes)
    view = review.view(review.anna)
    assert [row.judgement for row in view.own] == list(said)
    assert view.newest == view.own[-1]


def test_an_unfinished_form_is_kept_as_it_is(review: Review) -> None:
    half = Judgement(criteria={"inflammation": Answer(verdict=DISAGREE, comment="one value")})
    review.save(review.anna, half)
    newest = review.view(review.anna).newest
    assert newest is not None
    assert newest.judgement == half
    assert not newest.submitted


def test_the_same_draft_again_is_not_written_again(review: Review) -> None:
    first = review.save(review.anna, judgement())
    assert review.save(review.anna, judgement(), minutes=5) == first
    assert rows(review) == 1


def test_a_submission_delivered_twice_is_written_once(review: Review) -> None:
    form = Form(judgement=judgement(), submit=True, based_on=0)
    assignment = review.assignment(review.anna)
    first, second = (review.log.save(review.anna.id, assignment, form, NOW) for _ in range(2))
    assert first == second
    assert rows(review) == 1


@pytest.mark.requirement("C4")
def test_a_form_based_on_an_older_row_is_refused_and_the_saved_one_given(review: Review) -> None:
    saved = review.save(review.anna, judgement(DISAGREE))
    old = Form(judgement=judgement(CANNOT_TELL), submit=True, based_on=0)
    outcome = review.log.save(review.anna.id, review.assignment(review.anna), old, NOW)
    assert outcome == Stale(saved)
    assert rows(review) == 1


def test_of_two_tabs_that_save_at_once_one_is_told_to_be_stale(review: Review) -> None:
    assignment = review.assignment(review.anna)

    def save(comment: str) -> object:
        form = Form(judgement=judgement(comment=comment), submit=False, based_on=0)
        return review.log.save(review.anna.id, assignment, form, NOW)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(save, ("one", "two")))
    assert sorted(type(each).__name__ for each in outcomes) == ["SavedJudgement", "Stale"]
    assert rows(review) == 1


@pytest.mark.requirement("C4")
def test_a_submitted_judgement_can_be_changed_and_both_stay(review: Review) -> None:
    review.submit(review.anna, judgement(DISAGREE))
    review.submit(review.anna, judgement(AGREE, because="I had the wrong value"))
    assert [row.submitted for row in review.view(review.anna).own] == [True, True]


def test_a_draft_does_not_replace_what_was_submitted(review: Review) -> None:
    review.submit(review.anna, judgement(DISAGREE))
    assert review.try_to_save(review.anna, judgement()) is Refusal.SUBMITTED


@pytest.mark.requirement("C6")
@pytest.mark.parametrize(
    ("second", "refusal"),
    [(None, Refusal.WAITING), (judgement(), Refusal.AGREED)],
    ids=["one has submitted", "both agree"],
)
def test_nothing_is_settled_before_both_have_said_different_things(
    review: Review, second: Judgement | None, refusal: Refusal
) -> None:
    review.submit(review.anna, judgement())
    if second is not None:
        review.submit(review.ben, second)
    assert review.try_to_save(review.carla, judgement(), submit=True) is refusal


@pytest.mark.requirement("C6")
@pytest.mark.parametrize(
    "second",
    [judgement(DISAGREE), judgement(inflammation=DISAGREE), judgement(confounders=CANNOT_TELL)],
    ids=["other overall", "other on one criterion", "cannot tell on one criterion"],
)
def test_the_adjudicator_settles_where_the_two_leave_something_open(
    review: Review, second: Judgement
) -> None:
    review.submit(review.anna, judgement())
    review.submit(review.ben, second)
    review.submit(review.carla, judgement(DISAGREE))
    assert review.view(review.carla).standing.settled


def test_two_who_cannot_tell_leave_it_to_the_adjudicator(review: Review) -> None:
    for account in (review.anna, review.ben):
        review.submit(account, judgement(CANNOT_TELL))
    review.submit(review.carla, judgement())
    assert review.view(review.carla).standing.settled


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("who", ["anna", "ben", "carla"])
def test_nobody_changes_a_settled_case(review: Review, who: str) -> None:
    review.submit(review.anna, judgement())
    review.submit(review.ben, judgement(DISAGREE))
    review.submit(review.carla, judgement())
    changed = judgement(CANNOT_TELL, because="too late")
    assert review.try_to_save(getattr(review, who), changed, submit=True) is Refusal.SETTLED


def test_a_change_meanwhile_is_shown_before_the_adjudicator_settles(review: Review) -> None:
    review.submit(review.anna, judgement())
    review.submit(review.ben, judgement(DISAGREE))
    seen = review.view(review.carla).seen
    review.submit(review.ben, judgement(CANNOT_TELL, because="looked again"))
    form = Form(judgement=judgement(), submit=True, based_on=0, seen=seen)
    outcome = review.log.save(review.carla.id, review.assignment(review.carla), form, NOW)
    assert outcome is Refusal.CHANGED


def test_settling_and_changing_at_once_never_both_succeed(review: Review) -> None:
    review.submit(review.anna, judgement())
    review.submit(review.ben, judgement(DISAGREE))
    view = review.view(review.carla)
    settling = Form(judgement=judgement(), submit=True, based_on=0, seen=view.seen)
    changing = Form(
        judgement=judgement(because="looked again"),
        submit=True,
        based_on=review.view(review.ben).based_on,
    )
    tasks: list[Callable[[], object]] = [
        lambda: review.log.save(review.carla.id, review.assignment(review.carla), settling, NOW),
        lambda: review.log.save(review.ben.id, review.assignment(review.ben), changing, NOW),
    ]
    with ThreadPoolExecutor(2) as pool:
        outcomes = [task.result() for task in [pool.submit(each) for each in tasks]]
    assert sum(isinstance(each, SavedJudgement) for each in outcomes) == 1


@pytest.mark.requirement("C6")
def test_nobody_saves_on_the_assignment_of_another(review: Review) -> None:
    form = Form(judgement=judgement(), submit=True, based_on=0)
    for account in (review.ben, review.carla):
        assert review.log.save(account.id, review.assignment(review.anna), form, NOW) is None
    assert rows(review) == 0


def test_characters_no_database_keeps_become_replacements(review: Review) -> None:
    review.save(review.anna, judgement(comment="a\0b"))
    newest = review.view(review.anna).newest
    assert newest is not None
    assert newest.judgement.overall.comment == "a\N{REPLACEMENT CHARACTER}b"


def test_a_comment_is_in_no_repr(review: Review) -> None:
    saved = review.save(review.anna, judgement(comment="Anna A."))
    assert "Anna A." not in repr(replace(saved))
