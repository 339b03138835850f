"""Can a reviewer judge a case in a browser, lose nothing, and see nothing of the other?"""

import re

import pytest

from cds.review.audit import DONE, REFUSED
from cds.review.judging import CRITERIA, MAX_COMMENT, OVERALL
from cds.review.roles import Account, Role
from cds.store.audit import AuditLog, AuditQuestion
from cds.store.case_view import SavedJudgement
from cds.store.database import Store
from cds.store.samples import Team
from tests.cds.review.judging_app import Desk, answers, judging_app
from tests.cds.store.reviewing import DISAGREE, REASON, add_sample, begin_review, judgement, record

WRITTEN = "what Anna wrote"
DISAGREED = {"overall": "disagree", "overall-reasons": REASON, "overall-comment": WRITTEN}


@pytest.fixture
def desk(review_store: Store) -> Desk:
    review = begin_review(review_store)
    people = {each.id: each for each in (review.anna, review.ben, review.carla)}
    return Desk(review, judging_app(review_store, people).test_client())


def newest(desk: Desk, account: Account) -> SavedJudgement:
    found = desk.review.view(account).newest
    assert found is not None
    return found


@pytest.mark.requirement("C4")
def test_no_answer_is_chosen_beforehand(desk: Desk) -> None:
    page = desk.open_form(desk.review.anna)
    assert page.count('type="radio"') == 3 * len((OVERALL, *CRITERIA))
    assert " checked" not in page


@pytest.mark.requirement("C4")
def test_a_whole_judgement_is_submitted(desk: Desk) -> None:
    sent = answers(**{"inflammation": "disagree", "inflammation-reasons": REASON})
    response = desk.send(desk.review.anna, "submit", sent)
    assert (response.status_code, response.location.split("?")[0]) == (303, "/review/my-cases")
    assert newest(desk, desk.review.anna).judgement == judgement(inflammation=DISAGREE)
    assert newest(desk, desk.review.anna).submitted


def test_the_first_button_submits_so_that_enter_does(desk: Desk) -> None:
    buttons = re.findall(
        r'<button type="submit" name="do" value="(\w+)"', desk.open_form(desk.review.anna)
    )
    assert buttons == ["submit", "agree", "draft"]


@pytest.mark.requirement("C4")
def test_a_draft_holds_what_was_answered_and_no_more(desk: Desk) -> None:
    desk.send(desk.review.anna, "draft", {"confounders": "cannot_tell"})
    kept = newest(desk, desk.review.anna)
    assert not kept.submitted
    assert set(kept.judgement.criteria) == {"confounders"}
    assert desk.open_form(desk.review.anna).count(" checked") == 1


def test_agreeing_with_what_is_open_keeps_what_was_answered_and_submits_nothing(desk: Desk) -> None:
    desk.send(desk.review.anna, "agree", {"inflammation": "disagree"})
    kept = newest(desk, desk.review.anna)
    verdicts = {name: answer.verdict for name, answer in kept.judgement.criteria.items()}
    assert verdicts.pop("inflammation") is DISAGREE
    assert {verdict.value for verdict in verdicts.values() if verdict} == {"agree"}
    assert not kept.submitted


@pytest.mark.requirement("C4")
def test_what_is_missing_is_named_and_what_was_said_is_kept_as_a_draft(desk: Desk) -> None:
    response = desk.send(desk.review.anna, "submit", {"overall": "disagree", "wording": "agree"})
    assert response.status_code == 303
    page = desk.get(desk.review.anna, response.location.removeprefix("/review")).text
    assert '<a href="#overall-reasons">Overall: choose at least one reason' in page
    assert '<a href="#inflammation">Inflammation: choose an answer</a>' in page
    assert "Wording: choose" not in page
    assert not newest(desk, desk.review.anna).submitted


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("overall-comment", "x" * (MAX_COMMENT + 1)),
        ("wording-comment", "x" * (MAX_COMMENT + 1)),
        ("overall-reasons", "no-such-code"),
    ],
)
def test_what_cannot_be_kept_is_shown_again_as_it_was_typed(
    desk: Desk, field: str, value: str
) -> None:
    response = desk.send(desk.review.anna, "draft", {field: value})
    assert response.status_code == 422
    assert value in response.text or field.endswith("reasons")
    assert desk.review.view(desk.review.anna).newest is None


def test_the_longest_comment_is_taken(desk: Desk) -> None:
    desk.send(desk.review.anna, "draft", {"overall-comment": "é\r\n" * (MAX_COMMENT // 2)})
    assert len(newest(desk, desk.review.anna).judgement.overall.comment) == MAX_COMMENT - 1


def test_markup_in_a_comment_is_only_text(desk: Desk) -> None:
    desk.send(desk.review.anna, "draft", {"overall-comment": "</textarea><script>x</script>"})
    assert "<script>x" not in desk.open_form(desk.review.anna)


@pytest.mark.requirement("C4")
def test_a_second_tab_is_told_and_both_versions_are_on_the_page(desk: Desk) -> None:
    anna = desk.review.anna
    desk.send(anna, "draft", {"overall": "agree", "overall-comment": "from the first tab"})
    old = {"do": "submit", "based_on": "0", "seen": "0", **answers("agree"), **DISAGREED}
    response = desk.post(anna, desk.path(anna), old)
    assert response.status_code == 409
    assert "in another tab" in response.text
    assert "from the first tab" in response.text
    assert WRITTEN in response.text
    assert len(desk.review.view(anna).own) == 1


def test_after_a_second_tab_the_shown_form_can_be_saved(desk: Desk) -> None:
    anna = desk.review.anna
    desk.send(anna, "draft", {"overall": "agree"})
    old = {"do": "draft", "based_on": "0", "seen": "0", **DISAGREED}
    shown = desk.post(anna, desk.path(anna), old).text
    based_on = re.search(r'name="based_on" value="(\d+)"', shown)
    assert based_on is not None
    again = desk.post(anna, desk.path(anna), old | {"based_on": based_on[1]})
    assert again.status_code == 303
    assert newest(desk, anna).judgement.overall.comment == WRITTEN


@pytest.mark.requirement("C4")
def test_a_script_is_told_that_a_draft_was_saved_and_what_to_base_the_next_on(desk: Desk) -> None:
    response = desk.send(desk.review.anna, "draft", DISAGREED, accept="application/json")
    assert response.json == {
        "based_on": newest(desk, desk.review.anna).id,
        "told": "Draft saved 13:00 UTC",
    }


def test_a_script_in_a_second_tab_is_told_that_nothing_was_saved(desk: Desk) -> None:
    anna = desk.review.anna
    desk.send(anna, "draft", {"overall": "agree"})
    old = {"do": "draft", "based_on": "0", **DISAGREED}
    response = desk.post(anna, desk.path(anna), old, accept="application/json")
    assert response.status_code == 409
    assert response.mimetype == "text/plain"
    assert response.text.startswith("Draft not saved. This case was saved in another tab")


@pytest.mark.requirement("C4")
def test_a_change_of_what_was_submitted_needs_a_reason(desk: Desk) -> None:
    anna = desk.review.anna
    desk.send(anna, "submit", answers())
    refused = desk.send(anna, "submit", answers("cannot_tell"))
    assert refused.status_code == 422
    assert "Say why you change your judgement" in refused.text
    taken = desk.send(anna, "submit", answers("cannot_tell", because="I looked again"))
    assert taken.status_code == 303
    page = desk.open_form(anna)
    assert "I looked again" in page
    assert [row.submitted for row in desk.review.view(anna).own] == [True, True]


@pytest.mark.requirement("C4")
def test_a_form_that_is_sent_twice_is_taken_as_one(desk: Desk) -> None:
    anna = desk.review.anna
    desk.send(anna, "submit", answers())
    again = desk.send(anna, "submit", answers())
    assert (again.status_code, again.location.split("?")[0]) == (303, "/review/my-cases")
    assert [row.submitted for row in desk.review.view(anna).own] == [True]


def test_a_decision_without_a_card_has_no_question_on_wording(
    review_store: Store, desk: Desk
) -> None:
    review = desk.review
    control = record(review_store, cards=(), shown=False, review_class="near_miss")
    team = Team(first=review.anna.id, second=review.ben.id, adjudicator=review.carla.id)
    add_sample(review_store, team, control, name="Controls")
    (mine,) = review.log.assigned(review.anna.id, control)
    page = desk.get(review.anna, f"/judgements/{mine.id}").text
    assert 'name="wording"' not in page
    assert "It was right to write no card" in page
    sent = {"do": "submit", "based_on": "0", **answers()}
    assert desk.post(review.anna, f"/judgements/{mine.id}", sent).status_code == 303
    view = review.log.view(review.anna.id, mine.id)
    assert view is not None
    assert view.newest is not None
    assert "wording" not in view.newest.judgement.criteria


@pytest.mark.requirement("C12")
def test_opening_and_submitting_are_written_down(desk: Desk) -> None:
    anna, decision = desk.review.anna, desk.review.decision
    desk.send(anna, "submit", answers())
    assert desk.audited(decision=decision) == [
        (anna.id, "judge", DONE),
        (anna.id, "view_case", DONE),
    ]


def test_the_audit_holds_no_verdict(desk: Desk) -> None:
    desk.send(desk.review.anna, "submit", answers() | DISAGREED)
    events = AuditLog(desk.review.store).find(AuditQuestion(action="judge"))
    assert [set(each.event.details) for each in events] == [{"sample", "place"}]


# What another person said, over HTTP.


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("do", ["draft", "submit"])
@pytest.mark.parametrize("who", ["ben", "carla"])
def test_no_page_of_another_changes_by_what_the_first_did(desk: Desk, who: str, do: str) -> None:
    account: Account = getattr(desk.review, who)
    paths = (desk.path(account), "/my-cases")
    before = [desk.get(account, path).text for path in paths]
    desk.send(desk.review.anna, do, answers() | DISAGREED)
    assert [desk.get(account, path).text for path in paths] == before


@pytest.mark.requirement("C6")
def test_the_second_reviewer_sees_nothing_of_the_first_at_any_time(desk: Desk) -> None:
    review = desk.review
    desk.send(review.anna, "submit", answers() | DISAGREED)
    desk.send(review.ben, "submit", answers())
    desk.send(review.carla, "submit", answers() | {"overall-comment": WRITTEN})
    page = desk.open_form(review.ben)
    assert "The adjudicator has settled this case" in page
    assert WRITTEN not in page


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["ben", "carla"])
def test_the_form_of_another_is_not_there(desk: Desk, who: str, method: str) -> None:
    account: Account = getattr(desk.review, who)
    path = desk.path(desk.review.anna)
    if method == "get":
        assert desk.get(account, path).status_code == 404
    else:
        assert desk.post(account, path, answers() | {"do": "submit"}).status_code == 404
    assert desk.review.view(desk.review.anna).newest is None


@pytest.mark.requirement("C6")
def test_a_reviewer_cannot_use_the_address_of_an_adjudication(desk: Desk) -> None:
    review = desk.review
    for assignment in (review.assignment(review.anna), review.assignment(review.carla)):
        assert desk.get(review.anna, f"/adjudications/{assignment}").status_code == 403


@pytest.mark.requirement("C6")
def test_the_adjudicator_sees_both_once_both_submitted_and_settles(desk: Desk) -> None:
    review = desk.review
    desk.send(review.anna, "submit", answers() | DISAGREED)
    assert WRITTEN not in desk.open_form(review.carla)
    assert "not ready" in desk.open_form(review.carla)
    desk.send(review.ben, "submit", answers())
    assert WRITTEN in desk.open_form(review.carla)
    assert desk.send(review.carla, "submit", answers()).status_code == 303
    assert "has settled" in desk.open_form(review.carla)


@pytest.mark.requirement("C6")
def test_there_is_nothing_to_settle_where_both_agree(desk: Desk) -> None:
    review = desk.review
    for account in (review.anna, review.ben):
        desk.send(account, "submit", answers())
    page = desk.open_form(review.carla)
    assert "there is nothing to settle" in page
    assert '<button type="submit" name="do"' not in page
    response = desk.post(review.carla, desk.path(review.carla), answers() | {"do": "submit"})
    assert response.status_code == 409
    assert (review.carla.id, "judge", REFUSED) in desk.audited(action="judge")


@pytest.mark.requirement("C6")
def test_who_became_a_lead_cannot_change_what_they_judged_blind(review_store: Store) -> None:
    review = begin_review(review_store)
    lead = Account(id=review.anna.id, name="Anna", role=Role.LEAD)
    desk = Desk(review, judging_app(review_store, {lead.id: lead}).test_client())
    review.submit(review.anna, judgement())
    response = desk.send(lead, "submit", answers("cannot_tell", because="now I know"))
    assert response.status_code == 409
    assert len(review.view(review.anna).own) == 1


def test_a_worklist_leads_to_the_next_open_case(desk: Desk) -> None:
    assert desk.path(desk.review.anna) in desk.get(desk.review.anna, "/my-cases").text
    done = desk.send(desk.review.anna, "submit", answers()).location
    page = desk.get(desk.review.anna, done.removeprefix("/review")).text
    assert "Your judgement is submitted." in page
    assert "1 of 1 cases to judge are submitted" in page
    assert "Next open case" not in page
