"""Can a reviewer learn what the other one said, while it can still matter? Asked in the store."""

from dataclasses import replace

import pytest

from cds.review.judging import Judgement
from cds.review.roles import Account
from cds.review.sampling import Draw, Pick
from cds.review.standing import Progress
from cds.store.case_view import CaseView
from cds.store.database import Store
from cds.store.judged_cases import JudgedCases
from cds.store.samples import Samples, Team
from cds.store.worklists import Worklists
from tests.cds.store.reviewing import (
    CANNOT_TELL,
    DISAGREE,
    Review,
    add_sample,
    begin_review,
    judgement,
)

WRITTEN = "what Anna wrote"


@pytest.fixture
def review(store: Store) -> Review:
    return begin_review(store)


def said_of(view: CaseView) -> list[Judgement]:
    return [row.judgement for row in view.others]


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("submit", [False, True])
@pytest.mark.parametrize("who", ["ben", "carla"])
def test_nobody_else_sees_what_the_first_saved_or_submitted(
    review: Review, who: str, submit: bool
) -> None:
    account: Account = getattr(review, who)
    before = review.view(account)
    review.save(review.anna, judgement(DISAGREE, comment=WRITTEN), submit=submit)
    # Not only nothing of it: nothing at all is different.
    assert review.view(account) == before


@pytest.mark.requirement("C6")
def test_a_reviewer_who_submitted_sees_nothing_of_the_other(review: Review) -> None:
    review.submit(review.anna, judgement(DISAGREE, comment=WRITTEN))
    review.submit(review.ben, judgement())
    assert said_of(review.view(review.ben)) == []
    assert review.view(review.ben).standing.progress is None


@pytest.mark.requirement("C6")
def test_a_reviewer_sees_nothing_of_the_others_after_the_end(review: Review) -> None:
    review.submit(review.anna, judgement(DISAGREE, comment=WRITTEN))
    review.submit(review.ben, judgement())
    review.submit(review.carla, judgement(comment=WRITTEN))
    assert said_of(review.view(review.ben)) == []
    assert review.view(review.ben).standing.settled


@pytest.mark.requirement("C6")
def test_the_adjudicator_sees_what_both_submitted_with_what_was_superseded(review: Review) -> None:
    first, changed = judgement(DISAGREE), judgement(because="looked again")
    second = judgement(CANNOT_TELL)
    review.submit(review.anna, first)
    review.submit(review.anna, changed)
    review.submit(review.ben, second)
    assert said_of(review.view(review.carla)) == [first, changed, second]


@pytest.mark.requirement("C6")
def test_a_draft_is_its_authors_alone(review: Review) -> None:
    review.save(review.anna, judgement(DISAGREE, comment=WRITTEN))
    review.submit(review.anna, judgement())
    review.submit(review.ben, judgement(DISAGREE))
    assert WRITTEN not in [said.overall.comment for said in said_of(review.view(review.carla))]


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("who", ["ben", "carla"])
def test_nobody_opens_the_assignment_of_another(review: Review, who: str) -> None:
    account: Account = getattr(review, who)
    assert review.log.view(account.id, review.assignment(review.anna)) is None


@pytest.mark.requirement("C6")
def test_who_must_still_judge_a_decision_blind_sees_nothing_of_it_as_adjudicator(
    review: Review,
) -> None:
    # Anna settles the second sample, and has not judged the same decision for the first one yet.
    team = Team(first=review.ben.id, second=review.carla.id, adjudicator=review.anna.id)
    second = add_sample(review.store, team, review.decision, name="Second sample")
    other = replace(review, sample=second)
    other.submit(review.ben, judgement(comment=WRITTEN))
    other.submit(review.carla, judgement(DISAGREE))
    view = other.view(review.anna)
    assert (said_of(view), view.standing.progress) == ([], Progress.WAITING)
    review.submit(review.anna, judgement())
    assert other.view(review.anna).standing.progress is Progress.DUE


@pytest.mark.requirement("C6")
def test_figures_and_exports_hold_no_case_before_both_have_submitted(review: Review) -> None:
    cases = JudgedCases(review.store)
    review.submit(review.anna, judgement(DISAGREE, comment=WRITTEN))
    review.save(review.ben, judgement())
    assert cases.of_sample(review.sample) == cases.of_all_samples() == ()
    review.submit(review.ben, judgement())
    assert [case.decision for case in cases.of_sample(review.sample)] == [review.decision]


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("submit", [False, True])
@pytest.mark.parametrize("who", ["ben", "carla"])
def test_a_worklist_does_not_show_what_the_other_did(
    review: Review, who: str, submit: bool
) -> None:
    worklists = Worklists(review.store)
    account: Account = getattr(review, who)
    before = worklists.of(account.id)
    review.save(review.anna, judgement(DISAGREE), submit=submit)
    assert worklists.of(account.id) == before


@pytest.mark.requirement("C6")
def test_nobody_judges_blind_what_they_settle_for_another_sample(review: Review) -> None:
    draw = _draw_again(review)
    settles = Team(first=review.ben.id, second=review.anna.id, adjudicator=review.carla.id)
    swapped = Team(first=review.ben.id, second=review.carla.id, adjudicator=review.anna.id)
    samples = Samples(review.store)
    assert samples.who_cannot(draw, settles) == frozenset()
    assert samples.who_cannot(draw, swapped) == {review.anna.id, review.carla.id}


def _draw_again(review: Review) -> Draw:
    return Draw(picks=(Pick(decision=review.decision, stratum="shown"),), strata=())
