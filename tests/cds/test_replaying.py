"""Is a kept decision made again as it was, and is it said where it cannot be?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from cds.decision import Decision
from cds.hooks.card import Card
from cds.replaying import Replayed, Replayer
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW
from tests.cds.replays import WITH_CARD, WITH_SAFETY_CARD, Deciding, Json
from tests.support.hook_request import ENDPOINT, hook_request_of
from tests.support.order_request import SIGN, TOCILIZUMAB, draft_of, order_request_of
from tests.support.variants import with_parameters
from tests.support.vignette import vignette_named

ORDER_SIGN = "/cds-services/trd-inflammation-order-sign"


@pytest.fixture
def service(knowledge: Knowledge, tmp_path: Path) -> Deciding:
    return Deciding(knowledge, tmp_path)


def replay(decision: Decision, service: Deciding, knowledge: Knowledge | None = None) -> Replayed:
    replayed = Replayer(knowledge or service.knowledge, service.settings).replay(decision)
    assert replayed is not None
    return replayed


def wire(cards: tuple[Card, ...]) -> list[Json]:
    return [card.to_wire() for card in cards]


def reviewed_until(knowledge: Knowledge, day: date) -> Knowledge:
    """Give the knowledge with another review date of its ledger, under a hash of its own."""
    evidence = replace(knowledge.evidence, review_by=day)
    return replace(knowledge, evidence=evidence, sha256="0" * 64)


@pytest.mark.requirement("B5")
def test_the_card_is_the_one_that_was_sent(service: Deciding) -> None:
    sent = service.evaluate(WITH_CARD)
    (decision,) = service.decisions()
    assert wire(replay(decision, service).cards) == sent


def test_the_assessment_and_the_facts_come_with_it(service: Deciding) -> None:
    replayed = replay(service.decide(WITH_CARD), service)
    assert replayed.assessment.as_of == AS_OF
    assert replayed.facts == replayed.case.facts
    assert replayed.same_knowledge


def test_a_decision_on_draft_orders_is_made_again_by_the_rule_on_orders(service: Deciding) -> None:
    vignette = vignette_named(WITH_CARD)
    drafts = [draft_of(vignette, TOCILIZUMAB, "tocilizumab")]
    sent = service.post(ORDER_SIGN, order_request_of(vignette, SIGN, drafts, service.knowledge))
    (decision,) = service.decisions()
    assert wire(replay(decision, service).cards) == sent
    assert sent


@pytest.mark.requirement("B5")
def test_the_moment_on_the_card_is_the_moment_of_the_decision(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    moments = ticking(timedelta(seconds=40))
    service = Deciding(knowledge, tmp_path, now=lambda: next(moments))
    sent = service.evaluate(WITH_CARD)
    (decision,) = service.decisions()
    assert wire(replay(decision, service).cards) == sent


def ticking(step: timedelta) -> Iterator[datetime]:
    moment = NOW
    while True:
        yield moment
        moment += step


def test_the_zone_a_moment_is_told_in_does_not_move_the_day(service: Deciding) -> None:
    decision = service.decide(WITH_CARD)
    last_day = service.knowledge.evidence.review_by
    late = datetime(last_day.year, last_day.month, last_day.day, 23, 30, tzinfo=UTC)
    elsewhere = late.astimezone(timezone(timedelta(hours=5)))
    replayed = replay(replace(decision, decided_at=elsewhere), service)
    assert [card.extension.card.kind for card in replayed.cards] == ["evidence"]


@pytest.mark.requirement("B5")
def test_a_call_delivered_again_leaves_the_cards_of_the_first_delivery(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    moments = ticking(timedelta(minutes=1))
    service = Deciding(knowledge, tmp_path, now=lambda: next(moments))
    call = hook_request_of(vignette_named(WITH_CARD), knowledge)
    first = service.post(ENDPOINT, call)
    service.post(ENDPOINT, call)
    (decision,) = service.decisions()
    assert wire(replay(decision, service).cards) == first


def test_a_decision_held_back_on_its_day_is_held_back_again(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    service = expired(knowledge, tmp_path)
    replayed = replay(service.decide(WITH_CARD), service)
    assert replayed.cards == ()
    assert [each.reason for each in replayed.assessment.withheld] == ["evidence_expired"]


def expired(knowledge: Knowledge, folder: Path) -> Deciding:
    """A service on the day after its ledger was to be reviewed."""
    day = knowledge.evidence.review_by + timedelta(days=1)
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Deciding(knowledge, folder, today=lambda: day, now=lambda: moment)


def test_under_a_ledger_that_was_in_time_that_day_it_is_not_held_back(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    service = expired(knowledge, tmp_path)
    renewed = reviewed_until(knowledge, knowledge.evidence.review_by + timedelta(days=365))
    replayed = replay(service.decide(WITH_CARD), service, renewed)
    assert [card.extension.card.kind for card in replayed.cards] == ["evidence"]


def test_a_ledger_that_expired_since_does_not_hold_an_old_decision_back(service: Deciding) -> None:
    decision = service.decide(WITH_CARD)
    lapsed = reviewed_until(service.knowledge, NOW.date())
    assert len(replay(decision, service, lapsed).cards) == 1


def test_another_knowledge_is_told_by_its_hash(service: Deciding) -> None:
    decision = service.decide(WITH_CARD)
    assert not replay(decision, service, replace(service.knowledge, sha256="1" * 64)).same_knowledge


def test_a_card_the_decision_did_not_have_gets_the_same_id_each_time(service: Deciding) -> None:
    decision = service.decide(WITH_SAFETY_CARD)
    told_anyway = with_parameters(service.knowledge, {"safety.suppress_evidence_when_si": False})
    first, second = (replay(decision, service, told_anyway).cards for _ in range(2))
    assert "evidence" in {card.extension.card.kind for card in first}
    assert first == second


def test_where_no_facts_are_kept_there_is_nothing_to_replay(service: Deciding) -> None:
    decision = replace(service.decide(WITH_CARD), facts=None)
    assert refusal(decision, service).startswith("no facts are kept")


def test_where_nothing_was_evaluated_that_is_said(service: Deciding) -> None:
    off = replace(service.decide(WITH_CARD), facts=None, outcome="switched_off")
    assert refusal(off, service) == "nothing was evaluated, because it was switched off"


def test_facts_of_another_version_are_refused_and_not_guessed_at(service: Deciding) -> None:
    decision = replace(service.decide(WITH_CARD), facts=b'{"facts_schema":0}')
    assert "kept by another version" in refusal(decision, service)


def test_a_result_whose_code_the_knowledge_lost_is_refused(service: Deciding) -> None:
    decision = service.decide(WITH_CARD)
    forgetful = replace(service.knowledge, markers={}, sha256="0" * 64)
    assert "under a code" in refusal(decision, service, forgetful)


def test_of_what_can_be_replayed_no_reason_is_given(service: Deciding) -> None:
    decision = service.decide(WITH_CARD)
    assert Replayer(service.knowledge, service.settings).why_not(decision) is None


def refusal(decision: Decision, service: Deciding, knowledge: Knowledge | None = None) -> str:
    replayer = Replayer(knowledge or service.knowledge, service.settings)
    assert replayer.replay(decision) is None
    because = replayer.why_not(decision)
    assert because is not None
    return because
