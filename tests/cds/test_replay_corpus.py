"""Do a thousand decisions come out of the store as they were made, and what would change them?"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from cds.decision import Decision
from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from cds.outcome import OutcomeKind, find_outcome
from cds.replay_comparison import Change, compare
from cds.replaying import Replayed
from rules.findings import Assessment, CardKind, InflammationStatus, ResistanceStatus
from tests.cds.decided_corpus import Corpus, Sent, by_patient, corpus_in

PATIENTS = 1000
# So many of them are read anew under another cut-off: the vignettes, and some changed ones.
READ_ANEW = 400
# A status or a kind of card that is there this often is no accident of one vignette.
ENOUGH = 5
DATA_GAP = "[cards.data_gap_card]\nvalue = true\n"
CUT_OFF = "[marker.crp_low_mg_l]\nvalue = 5.0\n"

# What a decision judges: a record, or draft orders.
JUDGED = ("treatmentResistance", "inflammation", "experimentalOrder")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return corpus_in(tmp_path_factory.mktemp("corpus"), PATIENTS, DATA_GAP)


@pytest.fixture(scope="module")
def corpus_of_another_cut_off(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Some of the same records, read and judged by a service whose site set another cut-off."""
    return corpus_in(tmp_path_factory.mktemp("corpus"), READ_ANEW, DATA_GAP, CUT_OFF)


@pytest.fixture(scope="module")
def made_again(corpus: Corpus) -> list[tuple[Decision, Replayed]]:
    """Every decision with its replay under the knowledge that made it."""
    return corpus.replay(corpus.knowledge)


def test_each_of_a_thousand_patients_is_one_decision_of_a_service(corpus: Corpus) -> None:
    services = Counter(each.service for each in corpus.decisions)
    assert services.total() == PATIENTS
    assert services.keys() == {"evaluate", PATIENT_VIEW, ORDER_SELECT, ORDER_SIGN}


@pytest.mark.parametrize("status", ResistanceStatus)
def test_the_corpus_holds_every_status_of_resistance(
    corpus: Corpus, status: ResistanceStatus
) -> None:
    assert sum(each.resistance == status.value for each in corpus.decisions) >= ENOUGH


@pytest.mark.parametrize("status", InflammationStatus)
def test_the_corpus_holds_every_status_of_the_marker(
    corpus: Corpus, status: InflammationStatus
) -> None:
    assert sum(each.inflammation == status.value for each in corpus.decisions) >= ENOUGH


@pytest.mark.parametrize("kind", CardKind)
def test_the_corpus_holds_every_kind_of_card(corpus: Corpus, kind: CardKind) -> None:
    kinds = [card.kind for each in corpus.decisions for card in each.cards]
    assert kinds.count(kind.value) >= ENOUGH


@pytest.mark.requirement("B5")
def test_under_the_same_knowledge_every_decision_comes_out_as_it_was(
    corpus: Corpus, made_again: list[tuple[Decision, Replayed]]
) -> None:
    compared = [compare(*pair, corpus.knowledge) for pair in made_again]
    assert [each for each in compared if each.change is not Change.UNCHANGED] == []
    assert len(compared) == PATIENTS


@pytest.mark.requirement("B5")
def test_under_the_same_knowledge_every_card_is_byte_for_byte_the_one_that_was_sent(
    corpus: Corpus, made_again: list[tuple[Decision, Replayed]]
) -> None:
    again = [card.to_wire() for _, replayed in made_again for card in replayed.cards]
    assert in_bytes(again) == in_bytes(corpus.sent.values())
    assert len(again) >= ENOUGH


@pytest.mark.requirement("B4")
def test_every_decision_tells_its_grounds_with_a_card_or_without(
    made_again: list[tuple[Decision, Replayed]],
) -> None:
    silent = [each for each in made_again if not is_grounded(*each)]
    assert silent == []


def is_grounded(decision: Decision, replayed: Replayed) -> bool:
    """Whether a decision says why, in the log and in its replay, and what it left out and why."""
    told: Mapping[str, Any] = decision.answer
    judged = [told[name] for name in JUDGED if name in told]
    left_out = [*told.get("gaps", ()), *told.get("notUsed", ()), *told.get("withheld", ())]
    if isinstance(replayed.assessment, Assessment):
        outcome = find_outcome(replayed.assessment)
        if outcome.kind is not OutcomeKind.SHOWN and not outcome.reasons:
            return False
    return bool(judged) and all(each["because"] for each in (*judged, *left_out))


def in_bytes(cards: Iterable[Sent]) -> set[str]:
    """Give cards as JSON, with their members in the order they stand in."""
    return {json.dumps(card) for card in cards}


@pytest.mark.requirement("B5")
@pytest.mark.parametrize(
    ("direction", "why"),
    [
        (1, "marker.crp_low_mg_l: default → 5.0"),
        (-1, "marker.crp_low_mg_l: 5.0 → default"),
    ],
    ids=["raised", "lowered"],
)
def test_another_cut_off_changes_the_decisions_it_changes_when_the_records_are_read_anew(
    corpus: Corpus, corpus_of_another_cut_off: Corpus, direction: int, why: str
) -> None:
    smaller = corpus.only(corpus_of_another_cut_off)
    before, after = (smaller, corpus_of_another_cut_off)[::direction]
    compared = before.compare(after.knowledge)
    assert {by_patient(each.decision): each.change for each in compared} == read_anew(before, after)
    assert {each.explained_by for each in compared} == {(), (why,)}
    assert [each for each in compared if each.is_unexplained] == []


def test_the_two_cut_offs_make_decisions_of_each_change(
    corpus: Corpus, corpus_of_another_cut_off: Corpus
) -> None:
    smaller = corpus.only(corpus_of_another_cut_off)
    raised = Counter(read_anew(smaller, corpus_of_another_cut_off).values())
    lowered = Counter(read_anew(corpus_of_another_cut_off, smaller).values())
    assert (raised + lowered).keys() == set(Change)


def read_anew(before: Corpus, after: Corpus) -> dict[tuple[str, str], Change]:
    """Give what became of each decision by what two services made of the same record."""
    then = {by_patient(each): each for each in before.decisions}
    now = {by_patient(each): each for each in after.decisions}
    return {key: became(then[key], now[key], before, after) for key in then}


def became(then: Decision, now: Decision, before: Corpus, after: Corpus) -> Change:
    words_then, words_now = before.words_of(then), after.words_of(now)
    if words_then.keys() != words_now.keys():
        if words_then and words_now:
            return Change.OTHER_CARDS
        return Change.NEWLY_FIRING if words_now else Change.NO_LONGER_FIRING
    if words_then != words_now:
        return Change.TEXT_ONLY
    told_then, told_now = ({**each.answer, "knowledge": None} for each in (then, now))
    return Change.UNCHANGED if told_then == told_now else Change.FINDINGS_ONLY
