"""Can all that is kept of one patient be found and forgotten, by the pseudonym alone?"""

import shutil
from pathlib import Path

import pytest

from cds.store.database import Store, open_store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from cds.store.patient_records import PatientRecords
from cds.store.pseudonym import Pseudonyms
from cds.store.removal import AT_ONCE
from tests.cds.store.records import CLIENT, NOW, PSEUDONYM, SERVICE, Entry, card, decision
from tests.cds.store.reviewing import begin_review, judgement

PSEUDONYMS = Pseudonyms(b"k" * 32)
ANNA, BEN = (PSEUDONYMS.of(CLIENT, name) for name in ("anna", "ben"))


@pytest.fixture
def records(store: Store) -> PatientRecords:
    return PatientRecords(store)


def say(store: Store, *named: str, client: str = CLIENT) -> None:
    FeedbackLog(store).add(client, SERVICE, [Entry(card=each) for each in named], NOW)


@pytest.mark.requirement("D30")
def test_a_patient_is_found_with_decisions_and_feedback(
    records: PatientRecords, store: Store
) -> None:
    recorded = decision(pseudonym=ANNA, cards=(card("a"),), facts=b"{}")
    DecisionLog(store).record(recorded)
    DecisionLog(store).record(decision(pseudonym=BEN, cards=(card("b"),)))
    say(store, "a", "b", "unknown")
    found = records.find(CLIENT, ANNA)
    assert found.decisions == (recorded,)
    assert [each.card for each in found.feedback] == ["a"]


@pytest.mark.requirement("D30")
def test_a_patient_is_forgotten_and_nobody_else(records: PatientRecords, store: Store) -> None:
    of_ben = decision(pseudonym=BEN, cards=(card("b"),))
    DecisionLog(store).record(decision(pseudonym=ANNA, cards=(card("a"),), facts=b"{}"))
    DecisionLog(store).record(of_ben)
    say(store, "a", "b")
    removed = records.forget(CLIENT, ANNA)
    assert removed == {
        "decisions": 1, "cards": 1, "cases": 1, "feedback": 1, "assignments": 0, "judgements": 0
    }  # fmt: skip
    assert records.find(CLIENT, ANNA).decisions == ()
    assert records.find(CLIENT, BEN).decisions == (of_ben,)
    assert len(records.find(CLIENT, BEN).feedback) == 1


@pytest.mark.requirement("D30")
def test_what_reviewers_said_of_a_patient_is_found_and_forgotten_drafts_too(
    records: PatientRecords, store: Store
) -> None:
    review = begin_review(store)
    review.save(review.anna, judgement(comment="a draft"))
    review.submit(review.ben, judgement(comment="submitted"))
    found = records.find(CLIENT, PSEUDONYM).judgements
    assert [(each.decision, each.sample, each.place) for each in found] == [
        (review.decision, "First sample", "first"),
        (review.decision, "First sample", "second"),
    ]
    said = [each.judgement["overall"]["comment"] for each in found]
    assert said == ["a draft", "submitted"]
    assert records.find(CLIENT, ANNA).judgements == ()
    removed = records.forget(CLIENT, PSEUDONYM)
    assert (removed["assignments"], removed["judgements"]) == (3, 2)
    assert records.find(CLIENT, PSEUDONYM).judgements == ()


@pytest.mark.requirement("D18")
def test_the_same_pseudonym_at_another_client_is_another_patient(
    records: PatientRecords, store: Store
) -> None:
    DecisionLog(store).record(decision(pseudonym=ANNA, client="south"))
    assert records.find(CLIENT, ANNA).decisions == ()
    assert sum(records.forget(CLIENT, ANNA).values()) == 0


def test_more_decisions_than_one_step_are_forgotten(records: PatientRecords, store: Store) -> None:
    for _ in range(AT_ONCE + 1):
        DecisionLog(store).record(decision(pseudonym=ANNA, cards=()))
    assert records.forget(CLIENT, ANNA)["decisions"] == AT_ONCE + 1


@pytest.mark.requirement("D30")
def test_a_forgotten_patient_is_overwritten_in_the_file(
    tmp_path: Path, migrated_file: Path
) -> None:
    file = Path(shutil.copy(migrated_file, tmp_path / "store.sqlite3"))
    store = open_store(f"sqlite:///{file}")
    DecisionLog(store).record(decision(pseudonym=ANNA, cards=(card("a"),)))
    FeedbackLog(store).add(CLIENT, SERVICE, [Entry(card="a", user_comment="Anna A.")], NOW)
    store.close()
    assert ANNA.encode() in file.read_bytes()
    PatientRecords(store).forget(CLIENT, ANNA)
    store.close()
    left = file.read_bytes()
    assert ANNA.encode() not in left
    assert b"Anna A." not in left
