"""Is a sample kept as it was drawn, and is each of its cases told only when both have judged it?"""

from datetime import timedelta

import pytest

from cds.review.judging import Place
from cds.review.sampling import Stratum
from cds.store.database import Store
from cds.store.judged_cases import JudgedCases
from cds.store.samples import Frame, SampleNameTakenError, Samples, Team
from cds.store.worklists import Worklists, WorkState
from tests.cds.store.records import NOW
from tests.cds.store.reviewing import (
    CANNOT_TELL,
    DISAGREE,
    Review,
    add_sample,
    begin_review,
    judgement,
    record,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def review(store: Store) -> Review:
    return begin_review(store)


def team(review: Review) -> Team:
    return Team(first=review.anna.id, second=review.ben.id, adjudicator=review.carla.id)


@pytest.mark.requirement("C6")
def test_a_sample_comes_back_as_it_was_kept(review: Review) -> None:
    kept = Samples(review.store).find(review.sample)
    assert kept is not None
    assert (kept.name, kept.drawn_at, kept.drawn_by) == ("First sample", NOW, review.carla.id)
    assert (kept.method, kept.seed, kept.plan) == ("stratified", 7, "n = 1; stop after it")
    assert kept.strata == (Stratum(name="shown", held=40, drawn=1),)
    assert Samples(review.store).everything() == (kept,)


def test_a_name_is_given_once_and_nothing_of_the_second_is_kept(review: Review) -> None:
    with pytest.raises(SampleNameTakenError):
        add_sample(review.store, team(review), review.decision)
    assert len(review.log.assigned(review.anna.id, review.decision)) == 1


@pytest.mark.parametrize(
    ("frame", "found"),
    [
        (Frame(), True),
        (Frame(client="north"), True),
        (Frame(client="south"), False),
        (Frame(service="trd-inflammation"), True),
        (Frame(service="other"), False),
        (Frame(since=NOW), True),
        (Frame(since=NOW + HOUR), False),
        (Frame(until=NOW), False),
        (Frame(until=NOW + HOUR), True),
    ],
)
def test_a_frame_narrows_what_is_drawn_from(review: Review, frame: Frame, found: bool) -> None:
    held = Samples(review.store).ids_by_class(frame)
    assert dict(held) == ({"shown": [review.decision]} if found else {})


def test_only_what_has_facts_can_be_drawn(review: Review) -> None:
    record(review.store, facts=None, review_class="near_miss")
    samples = Samples(review.store)
    assert dict(samples.ids_by_class(Frame())) == {"shown": [review.decision]}
    assert samples.count_without_facts(Frame()) == 1


def test_clients_and_services_are_listed_once(review: Review) -> None:
    record(review.store, client="east")
    record(review.store, client="east")
    assert Samples(review.store).clients_and_services() == (
        ("east", "north"),
        ("trd-inflammation",),
    )


def test_progress_counts_what_was_submitted_and_not_what_was_saved(review: Review) -> None:
    review.save(review.ben, judgement())
    review.submit(review.anna, judgement())
    review.submit(review.anna, judgement(DISAGREE, because="looked again"))
    progress = Samples(review.store).progress(review.sample)
    assert {each.place: (each.assigned, each.submitted) for each in progress} == {
        Place.FIRST: (1, 1),
        Place.SECOND: (1, 0),
        Place.ADJUDICATOR: (1, 0),
    }


@pytest.mark.requirement("C7")
def test_a_judged_case_holds_the_newest_of_each_and_what_holds(review: Review) -> None:
    review.submit(review.anna, judgement(DISAGREE))
    review.submit(review.anna, judgement(because="looked again"))
    review.submit(review.ben, judgement(CANNOT_TELL))
    cases = JudgedCases(review.store)
    (case,) = cases.of_sample(review.sample)
    assert (case.stratum, case.review_class) == ("shown", "shown")
    assert case.first.judgement == judgement(because="looked again")
    assert case.second.account == review.ben.id
    assert (case.adjudicated, case.result) == (None, None)
    review.submit(review.carla, judgement(DISAGREE))
    (settled,) = cases.of_all_samples()
    assert settled.result == judgement(DISAGREE)


def test_where_both_agree_the_result_stands_without_an_adjudicator(review: Review) -> None:
    for account in (review.anna, review.ben):
        review.submit(account, judgement(DISAGREE))
    (case,) = JudgedCases(review.store).of_sample(review.sample)
    assert case.result == judgement(DISAGREE)


def test_a_draft_of_the_adjudicator_settles_nothing(review: Review) -> None:
    review.submit(review.anna, judgement())
    review.submit(review.ben, judgement(DISAGREE))
    review.save(review.carla, judgement())
    (case,) = JudgedCases(review.store).of_sample(review.sample)
    assert case.adjudicated is None


def test_the_same_decision_in_two_samples_is_judged_for_each(review: Review) -> None:
    second = add_sample(review.store, team(review), review.decision, name="Again")
    for account in (review.anna, review.ben):
        review.submit(account, judgement())
    cases = JudgedCases(review.store)
    assert len(cases.of_sample(review.sample)) == 1
    assert cases.of_sample(second) == ()


def test_a_worklist_tells_what_is_to_do_and_what_was_done(review: Review) -> None:
    worklists = Worklists(review.store)

    def state() -> WorkState:
        (item,) = worklists.of(review.anna.id).blind
        return item.state

    assert state() is WorkState.TO_DO
    review.save(review.anna, judgement())
    assert state() is WorkState.DRAFT
    review.submit(review.anna, judgement())
    assert state() is WorkState.SUBMITTED


@pytest.mark.requirement("C6")
def test_the_adjudicators_worklist_has_only_what_is_to_be_settled(review: Review) -> None:
    worklists = Worklists(review.store)
    assert (worklists.of(review.carla.id).to_settle, worklists.of(review.carla.id).waiting) == (
        (),
        1,
    )
    review.submit(review.anna, judgement())
    review.submit(review.ben, judgement(DISAGREE))
    assert [item.decision for item in worklists.of(review.carla.id).to_settle] == [review.decision]
    assert worklists.of(review.carla.id).waiting == 0


def test_the_next_case_is_the_next_open_one_and_then_begins_again(review: Review) -> None:
    others = [record(review.store) for _ in range(3)]
    add_sample(review.store, team(review), *others, name="More")
    worklists = Worklists(review.store)
    items = worklists.of(review.anna.id).blind
    assert len(items) == 4
    following = worklists.of(review.anna.id).next_after(items[1].assignment)
    assert following == items[2]
    assert worklists.of(review.anna.id).next_after(items[3].assignment) == items[0]
    review.submit(review.anna, judgement())
    done = worklists.of(review.anna.id)
    assert done.next_after(done.blind[0].assignment) == done.blind[1]


def test_a_worklist_ends(review: Review) -> None:
    review.submit(review.anna, judgement())
    worklist = Worklists(review.store).of(review.anna.id)
    assert worklist.next_after(worklist.blind[0].assignment) is None
