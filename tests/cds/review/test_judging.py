"""What may be said of a case, when is a third person needed, and who may say it?"""

from itertools import product

import pytest

from cds.hooks.cards import read_card_words
from cds.review.judgement_json import read_judgement, write_judgement
from cds.review.judging import (
    CRITERIA,
    MAX_COMMENT,
    OVERALL,
    Answer,
    Fault,
    Judgement,
    Place,
    Verdict3,
    agree_with_what_is_open,
    find_faults,
    find_open_answers,
    needs_adjudication,
    questions_on,
    result_of,
)
from cds.review.reasons import read_reasons
from cds.review.roles import Account, Role
from cds.review.standing import (
    Progress,
    Refusal,
    Standing,
    may_judge_blind,
    may_settle,
    progress_of,
)
from tests.cds.store.reviewing import AGREE, CANNOT_TELL, DISAGREE, REASON, judgement

ASKED = questions_on(has_card=True)
EVERYWHERE = [{question: DISAGREE} for question in (OVERALL, *CRITERIA)]


def fields(*found: Fault) -> list[str]:
    return [each.field for each in found]


def blind(*, submitted: bool = False, settled: bool = False) -> Standing:
    return Standing(place=Place.SECOND, submitted=submitted, settled=settled, progress=None)


def settling(progress: Progress | None) -> Standing:
    is_settled = progress is Progress.SETTLED
    return Standing(
        place=Place.ADJUDICATOR, submitted=is_settled, settled=is_settled, progress=progress
    )


@pytest.mark.requirement("C4")
@pytest.mark.parametrize("question", ASKED)
def test_every_question_needs_an_answer(question: str) -> None:
    whole = judgement()
    overall = Answer() if question == OVERALL else whole.overall
    criteria = {name: answer for name, answer in whole.criteria.items() if name != question}
    found = find_open_answers(
        Judgement(overall=overall, criteria=criteria), ASKED, is_revision=False
    )
    assert fields(*found) == [question]


@pytest.mark.requirement("C5")
@pytest.mark.parametrize("verdict", Verdict3)
def test_only_who_disagrees_must_give_a_reason(verdict: Verdict3) -> None:
    said = Judgement(overall=Answer(verdict=verdict), criteria=judgement().criteria)
    found = find_open_answers(said, ASKED, is_revision=False)
    assert fields(*found) == (["overall-reasons"] if verdict is DISAGREE else [])


@pytest.mark.parametrize(("because", "missing"), [("", True), (" \n", True), ("looked", False)])
def test_a_change_needs_its_reason_in_words(because: str, missing: bool) -> None:
    found = find_open_answers(judgement(because=because), ASKED, is_revision=True)
    assert fields(*found) == (["because"] if missing else [])


@pytest.mark.requirement("C4")
@pytest.mark.parametrize(("length", "taken"), [(MAX_COMMENT, True), (MAX_COMMENT + 1, False)])
def test_a_comment_has_at_most_2000_characters(length: int, taken: bool) -> None:
    assert (find_faults(judgement(comment="é" * length), {REASON}) == ()) is taken


def test_a_reason_that_is_not_in_the_list_is_refused() -> None:
    assert fields(*find_faults(judgement(wording=DISAGREE), {"other"})) == ["wording-reasons"]


@pytest.mark.requirement("C6")
def test_two_who_agree_in_everything_need_nobody() -> None:
    for verdict in (AGREE, DISAGREE):
        assert not needs_adjudication(judgement(verdict), judgement(verdict))


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("differing", EVERYWHERE, ids=[next(iter(each)) for each in EVERYWHERE])
def test_a_difference_in_any_question_is_settled(differing: dict[str, Verdict3]) -> None:
    other = judgement(differing.get(OVERALL, AGREE), **_criteria(differing))
    assert needs_adjudication(judgement(), other)
    assert needs_adjudication(other, judgement())


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("question", ASKED)
def test_what_either_could_not_tell_is_settled_also_where_both_could_not(question: str) -> None:
    said = {question: CANNOT_TELL}
    unsure = judgement(said.get(OVERALL, AGREE), **_criteria(said))
    assert needs_adjudication(unsure, unsure)


def test_other_reasons_and_comments_leave_nothing_to_settle() -> None:
    one = judgement(DISAGREE, comment="this")
    other = Judgement(
        overall=Answer(verdict=DISAGREE, reasons=("risk-benefit-ratio",)), criteria=one.criteria
    )
    assert not needs_adjudication(one, other)


def test_a_question_that_neither_was_asked_is_not_open() -> None:
    without = Judgement(
        overall=judgement().overall,
        criteria={name: a for name, a in judgement().criteria.items() if name != "wording"},
    )
    assert not needs_adjudication(without, without)


@pytest.mark.requirement("C6")
def test_the_result_is_the_adjudicators_word_else_what_both_say() -> None:
    settled = judgement(CANNOT_TELL)
    assert result_of(judgement(), judgement(DISAGREE), settled) == settled
    assert result_of(judgement(), judgement(), None) == judgement()
    assert result_of(judgement(), judgement(DISAGREE), None) is None


@pytest.mark.parametrize(
    ("said", "progress"),
    [
        ((None, None, None), Progress.WAITING),
        ((judgement(), None, None), Progress.WAITING),
        ((None, judgement(), None), Progress.WAITING),
        ((judgement(), judgement(), None), Progress.AGREED),
        ((judgement(), judgement(DISAGREE), None), Progress.DUE),
        ((judgement(), judgement(DISAGREE), judgement()), Progress.SETTLED),
    ],
)
def test_how_far_a_case_is(
    said: tuple[Judgement | None, Judgement | None, Judgement | None], progress: Progress
) -> None:
    assert progress_of(*said) is progress


@pytest.mark.requirement("C6")
@pytest.mark.parametrize(
    ("standing", "submit", "refusal"),
    [
        (blind(), False, None),
        (blind(), True, None),
        (blind(submitted=True), True, None),
        (blind(submitted=True), False, Refusal.SUBMITTED),
        (blind(submitted=True, settled=True), True, Refusal.SETTLED),
        (settling(None), True, Refusal.WAITING),
        (settling(Progress.WAITING), False, Refusal.WAITING),
        (settling(Progress.AGREED), True, Refusal.AGREED),
        (settling(Progress.DUE), False, None),
        (settling(Progress.DUE), True, None),
        (settling(Progress.SETTLED), True, Refusal.SETTLED),
    ],
)
def test_who_may_save_when(standing: Standing, submit: bool, refusal: Refusal | None) -> None:
    assert standing.refusal(submit=submit) is refusal


@pytest.mark.requirement("C12")
def test_only_who_cannot_see_what_others_said_judges_blind() -> None:
    people = {role: Account(id="a", name="A", role=role) for role in Role}
    assert [role for role, each in people.items() if may_judge_blind(each)] == [Role.REVIEWER]
    assert [role for role, each in people.items() if may_settle(each)] == [Role.LEAD]


@pytest.mark.parametrize("has_card", [False, True])
def test_agreeing_with_what_is_open_answers_every_question_that_is_asked(has_card: bool) -> None:
    asked = questions_on(has_card=has_card)
    said = agree_with_what_is_open(Judgement(), asked)
    assert {name: said.verdict_on(name) for name in asked} == dict.fromkeys(asked, AGREE)
    assert find_open_answers(said, asked, is_revision=False) == ()


def test_there_is_no_wording_to_judge_where_there_is_no_card() -> None:
    assert set(questions_on(has_card=True)) - set(questions_on(has_card=False)) == {"wording"}


@pytest.mark.parametrize(
    "said",
    [
        Judgement(),
        judgement(CANNOT_TELL, comment="a\nb", because="looked again"),
        *(judgement(one, inflammation=other) for one, other in product(Verdict3, repeat=2)),
    ],
)
def test_a_judgement_comes_back_from_json_as_it_was(said: Judgement) -> None:
    assert read_judgement(write_judgement(said)) == said


def test_the_json_has_the_shape_that_exports_rely_on() -> None:
    said = Judgement(
        overall=Answer(verdict=DISAGREE, reasons=(REASON,), comment="no"),
        criteria={"inflammation": Answer(verdict=AGREE)},
    )
    assert write_judgement(said) == {
        "overall": {"verdict": "disagree", "reasons": [REASON], "comment": "no"},
        "criteria": {"inflammation": {"verdict": "agree", "reasons": [], "comment": ""}},
    }


@pytest.mark.requirement("C5")
def test_a_reviewer_has_the_reasons_of_the_card_in_the_same_words_and_finer_ones() -> None:
    reasons = {each.code: each for each in read_reasons()}
    (system,) = {each.system for each in reasons.values()}
    on_card = [each for each in read_card_words().override_reasons if str(each.system) == system]
    assert {each.code: each.display for each in on_card} == {
        each.code: reasons[each.code].display for each in on_card
    }
    assert len(reasons) == len(read_reasons()) > len(on_card) > 0


def _criteria(said: dict[str, Verdict3]) -> dict[str, Verdict3]:
    return {name: verdict for name, verdict in said.items() if name != OVERALL}
