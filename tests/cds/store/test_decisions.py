"""Is a decision kept whole, once, and without what names a patient's resources?"""

from datetime import timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import func, select

from cds.decision import decision_id_of, leave_out_references
from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.errors import StoreUnavailable
from cds.store.schema import cards, decisions
from tests.cds.store.records import NOW, card, decision


@pytest.fixture
def log(store: Store) -> DecisionLog:
    return DecisionLog(store)


def test_a_decision_comes_back_as_it_was_recorded(log: DecisionLog) -> None:
    recorded = decision(cards=(card(), card(), card()), facts=b'{"person":{}}')
    log.record(recorded)
    assert log.find(recorded.id) == recorded


@pytest.mark.parametrize(
    "absent",
    [
        {"hook_instance": None, "request_key": None, "service": "evaluate"},
        {"cards": ()},
        {"answer": {}, "outcome": "switched_off", "cards": (), "shown": False},
    ],
)
def test_what_a_call_did_not_have_stays_absent(log: DecisionLog, absent: dict[str, object]) -> None:
    recorded = decision(**absent)
    log.record(recorded)
    assert log.find(recorded.id) == recorded


def test_an_id_that_nobody_gave_finds_nothing(log: DecisionLog) -> None:
    assert log.find("unknown") is None


def test_a_card_leads_to_its_decision(log: DecisionLog) -> None:
    recorded = decision(cards=(card(), card()))
    log.record(decision())
    log.record(recorded)
    assert log.of_card(recorded.cards[1].uuid) == recorded


def test_a_card_that_nobody_was_given_leads_nowhere(log: DecisionLog) -> None:
    log.record(decision())
    assert log.of_card("unknown") is None


@pytest.mark.requirement("E22")
def test_a_decision_recorded_twice_is_kept_once(log: DecisionLog, store: Store) -> None:
    recorded = decision(facts=b"{}")
    log.record(recorded)
    log.record(recorded)
    with store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(decisions)) == 1
        assert connection.scalar(select(func.count()).select_from(cards)) == 1


@pytest.mark.requirement("E22")
def test_the_cards_of_a_call_delivered_again_lead_to_the_one_decision(log: DecisionLog) -> None:
    first = decision()
    again = decision(id=first.id, decided_at=NOW + timedelta(seconds=1))
    log.record(first)
    log.record(again)
    found = log.of_card(again.cards[0].uuid)
    assert found is not None
    assert (found.id, found.decided_at) == (first.id, first.decided_at)


@pytest.mark.requirement("E22")
def test_the_id_of_a_decision_follows_from_the_key_of_the_call() -> None:
    assert decision_id_of("a" * 64) == decision_id_of("a" * 64)
    assert decision_id_of("a" * 64) != decision_id_of("b" * 64)
    assert UUID(decision_id_of("a" * 64)).version == 5


def test_a_time_of_another_zone_is_kept_as_the_moment_it_is(log: DecisionLog) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    recorded = decision(decided_at=elsewhere)
    log.record(recorded)
    found = log.find(recorded.id)
    assert found is not None
    assert (found.decided_at, found.decided_at.utcoffset()) == (NOW, timedelta(0))


def test_a_time_without_a_zone_is_refused(log: DecisionLog) -> None:
    with pytest.raises(Exception, match="without a zone"):
        log.record(decision(decided_at=NOW.replace(tzinfo=None)))


@pytest.mark.requirement("D9")
def test_references_to_resources_are_left_out_of_the_log(log: DecisionLog) -> None:
    answer = {
        "trials": [{"ingredient": "a", "sources": ["MedicationRequest/1"]}],
        "notUsed": [{"source": "Observation/2", "because": "cancelled"}],
    }
    recorded = decision(answer=answer)
    log.record(recorded)
    found = log.find(recorded.id)
    assert found is not None
    assert found.answer == {"trials": [{"ingredient": "a"}], "notUsed": [{"because": "cancelled"}]}


def test_leaving_references_out_changes_nothing_else() -> None:
    answer = {"a": [1, 2.5, None, True, {"b": "c"}], "source": {"all": "of it"}}
    assert leave_out_references(answer) == {"a": [1, 2.5, None, True, {"b": "c"}]}


@pytest.mark.requirement("E11")
def test_no_half_decision_is_kept_when_one_of_its_rows_is_refused(
    log: DecisionLog, store: Store
) -> None:
    refused = decision(cards=(card(), card(uuid=None), card()))
    object.__setattr__(refused.cards[2], "kind", None)
    with pytest.raises(StoreUnavailable):
        log.record(refused)
    assert log.find(refused.id) is None
    assert log.of_card(refused.cards[0].uuid) is None
    assert store.is_ready()
