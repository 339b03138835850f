"""Can a lead draw a sample in a browser, and only one that can be judged blind?"""

from collections import Counter
from typing import Any

import pytest

from cds.review.audit import DONE
from cds.review.roles import Account, Role
from cds.store.accounts import Accounts
from cds.store.database import Store
from cds.store.samples import KeptSample, Samples
from cds.store.worklists import Worklists
from tests.cds.review.judging_app import SEED, Desk, judging_app
from tests.cds.store.reviewing import DISAGREE, Review, begin_review, judgement, record

AUDITOR = Account(id="account-d", name="Dora", role=Role.AUDITOR)


@pytest.fixture
def review(review_store: Store) -> Review:
    return begin_review(review_store)


@pytest.fixture
def desk(review: Review) -> Desk:
    people = {each.id: each for each in (review.anna, review.ben, review.carla, AUDITOR)}
    return Desk(review, judging_app(review.store, people).test_client())


def form(review: Review, **changes: str) -> dict[str, str]:
    return {
        "do": "draw",
        "name": "Before going live",
        "plan": "n = 2; stop when both are judged",
        "method": "stratified",
        "wanted-shown": "1",
        "wanted-near_miss": "1",
        "first": review.anna.id,
        "second": review.ben.id,
        "adjudicator": review.carla.id,
        **changes,
    }


def draw(desk: Desk, **changes: str) -> Any:
    return desk.post(desk.review.carla, "/samples/new", form(desk.review, **changes))


def the_new(desk: Desk) -> KeptSample:
    return next(
        each for each in Samples(desk.review.store).everything() if each.name != "First sample"
    )


@pytest.fixture
def controls(review: Review) -> list[str]:
    return [record(review.store, cards=(), review_class="near_miss") for _ in range(3)]


@pytest.mark.requirement("C6")
@pytest.mark.usefixtures("controls")
def test_a_stratified_sample_is_drawn_with_its_plan_and_its_weights(desk: Desk) -> None:
    response = draw(desk)
    sample = the_new(desk)
    assert response.location == f"/review/samples/{sample.id}"
    assert sample.plan == "n = 2; stop when both are judged"
    assert {each.name: (each.held, each.drawn) for each in sample.strata} == {
        "shown": (1, 1),
        "near_miss": (3, 1),
    }
    page = desk.get(desk.review.carla, f"/samples/{sample.id}").text
    assert "n = 2; stop when both are judged" in page
    assert str(SEED) in page


@pytest.mark.requirement("C6")
@pytest.mark.usefixtures("controls")
def test_every_drawn_decision_comes_to_all_three(desk: Desk) -> None:
    draw(desk)
    sample = the_new(desk)
    places = {each.place.value: each for each in Samples(desk.review.store).progress(sample.id)}
    assert {name: each.assigned for name, each in places.items()} == {
        "first": 2, "second": 2, "adjudicator": 2,
    }  # fmt: skip
    worklist = Worklists(desk.review.store).of(desk.review.anna.id)
    assert len({item.decision for item in worklist.blind if item.sample == sample.id}) == 2


@pytest.mark.requirement("C6")
@pytest.mark.usefixtures("controls")
def test_a_random_sample_is_drawn_with_the_seed_that_was_given(desk: Desk) -> None:
    draw(desk, method="random", wanted="4", seed="11")
    sample = the_new(desk)
    assert (sample.method, sample.seed) == ("random", 11)
    assert Counter({each.name: each.drawn for each in sample.strata}) == {
        "fired": 1, "not_fired": 3,
    }  # fmt: skip


@pytest.mark.requirement("C6")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Write a name"),
        ({"name": "First sample"}, "There is a sample of this name already"),
        ({"plan": " "}, "Write the plan"),
        ({"plan": "x" * 4_001}, "Write at most 4,000 characters"),
        ({"method": ""}, "Choose how the sample is drawn"),
        ({"wanted-near_miss": "0"}, "without such controls"),
        ({"wanted-near_miss": "4"}, "4 of near_miss were asked for, and there are 3"),
        ({"wanted-near_miss": "a few"}, "as whole numbers"),
        ({"method": "random"}, "as whole numbers"),
        ({"seed": "1.5"}, "Write the seed as a whole number"),
        ({"seed": str(2**63)}, "Write the seed as a whole number"),
        ({"since": "yesterday"}, "Write the first day"),
        ({"until": "2026-02-30"}, "Write the last day"),
        ({"first": ""}, "Choose the first reviewer"),
        ({"second": "account-a"}, "Choose three different people"),
        ({"second": "account-c"}, "Choose the second reviewer"),
        ({"second": AUDITOR.id}, "Choose the second reviewer"),
        ({"adjudicator": "account-b"}, "Choose the adjudicator"),
        ({"client": "south"}, "there are 0"),
    ],
)
@pytest.mark.usefixtures("controls")
def test_what_cannot_be_drawn_is_refused_and_said(
    desk: Desk, changes: dict[str, str], said: str
) -> None:
    response = draw(desk, **changes)
    assert response.status_code == 422
    assert said in response.text
    assert len(Samples(desk.review.store).everything()) == 1


@pytest.mark.usefixtures("controls")
def test_what_was_typed_is_still_there_after_a_fault(desk: Desk) -> None:
    page = draw(desk, name="", plan="all of my plan").text
    assert "all of my plan" in page
    assert f'<option value="{desk.review.anna.id}" selected>' in page


@pytest.mark.requirement("C6")
@pytest.mark.usefixtures("controls")
def test_nobody_settles_in_one_sample_what_they_judge_blind_in_another(
    desk: Desk, review_store: Store
) -> None:
    review = desk.review
    promoted = Account(id=review.anna.id, name="Anna", role=Role.LEAD)
    demoted = Account(id=review.carla.id, name="Carla", role=Role.REVIEWER)
    web = judging_app(review_store, {promoted.id: promoted}).test_client()
    _give_roles(review_store, promoted, demoted)
    swapped = form(review, first=demoted.id, adjudicator=promoted.id)
    response = Desk(review, web).post(promoted, "/samples/new", swapped)
    assert response.status_code == 422
    assert "Anna, Carla: judges one of these decisions blind" in response.text


@pytest.mark.usefixtures("controls")
def test_a_sample_may_be_drawn_of_every_day_there_is(desk: Desk) -> None:
    response = draw(desk, since="0001-01-01", until="9999-12-31")
    assert response.status_code == 303


@pytest.mark.usefixtures("controls")
def test_counting_draws_nothing(desk: Desk) -> None:
    response = draw(desk, do="count")
    assert response.status_code == 200
    assert "Decisions of this kind with kept facts: 4." in response.text
    assert len(Samples(desk.review.store).everything()) == 1


def test_decisions_without_facts_cannot_be_drawn_and_are_counted(desk: Desk) -> None:
    record(desk.review.store, facts=None)
    page = desk.get(desk.review.carla, "/samples/new").text
    assert "Decisions of this kind with kept facts: 1." in page
    assert "1 more cannot be drawn" in page


@pytest.mark.requirement("C12")
@pytest.mark.usefixtures("controls")
def test_a_draw_is_written_down(desk: Desk) -> None:
    draw(desk)
    assert desk.audited(action="draw_sample") == [(desk.review.carla.id, "draw_sample", DONE)]


def test_a_lead_sees_how_far_it_is_and_no_verdict(desk: Desk) -> None:
    review = desk.review
    review.submit(review.anna, judgement(DISAGREE, comment="what Anna wrote"))
    pages = [
        desk.get(review.carla, path).text for path in ("/samples", f"/samples/{review.sample}")
    ]
    assert "1 of 1" in pages[1]
    for page in pages:
        assert "what Anna wrote" not in page
        assert "isagree" not in page


@pytest.mark.parametrize(
    ("second", "state"),
    [(judgement(), "Both agree"), (judgement(DISAGREE), "To be settled")],
)
def test_a_case_that_both_judged_is_counted_by_what_is_left(
    desk: Desk, second: Any, state: str
) -> None:
    review = desk.review
    review.submit(review.anna, judgement())
    review.submit(review.ben, second)
    page = desk.get(review.carla, f"/samples/{review.sample}").text
    row = page.split(f">{state}</th>")[1].split("</tr>")[0]
    assert ">1</td>" in row


@pytest.mark.requirement("C12")
@pytest.mark.parametrize("path", ["/samples", "/samples/new"])
def test_a_reviewer_sees_no_samples(desk: Desk, path: str) -> None:
    assert desk.get(desk.review.anna, path).status_code == 403


def test_an_unknown_sample_is_not_found(desk: Desk) -> None:
    assert desk.get(desk.review.carla, "/samples/nothing").status_code == 404


def _give_roles(store: Store, *accounts: Account) -> None:
    for each in accounts:
        Accounts(store).change_role(each.id, each.role)
