"""Is a decision that comes out otherwise told for what it is, with what explains it?"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cds.decision import Decision
from cds.kept_case import read_case, write_case
from cds.replay_comparison import Change, Comparison, Moved, changed_words, compare
from cds.replaying import Replayer
from cds.settings import Settings
from rules.knowledge import Knowledge, load_knowledge
from tests.cds.replays import WITH_CARD, WITH_SAFETY_CARD, Deciding, site_folder

CUT_OFF_10 = "[marker.crp_low_mg_l]\nvalue = 10.0\n"
BY_THE_CUT_OFF = "marker.crp_low_mg_l: default → 10.0"


@pytest.fixture
def service(knowledge: Knowledge, tmp_path: Path) -> Deciding:
    return Deciding(knowledge, tmp_path)


def compared(
    decision: Decision,
    service: Deciding,
    knowledge: Knowledge | None = None,
    settings: Settings | None = None,
) -> Comparison:
    known = knowledge or service.knowledge
    replayed = Replayer(known, settings or service.settings).replay(decision)
    assert replayed is not None
    return compare(decision, replayed, known)


def with_card(decision: Decision, change: Callable[[dict[str, Any]], object]) -> Decision:
    """Give the decision as if its card had been another one."""
    assert decision.facts is not None
    case = read_case(decision.facts)
    cards = json.loads(json.dumps(case.cards))
    change(cards[0])
    return replace(decision, facts=write_case(case.facts, cards, case.changed_parameters))


def test_what_comes_out_as_it_was_needs_no_explanation(service: Deciding) -> None:
    comparison = compared(service.decide(WITH_CARD), service)
    assert comparison.change is Change.UNCHANGED
    assert (comparison.moved, comparison.explained_by) == ((), ())
    assert not comparison.is_unexplained


def test_a_card_that_stops_is_told_with_the_status_that_moved(
    service: Deciding, tmp_path: Path
) -> None:
    site = load_knowledge(site=site_folder(tmp_path / "site", CUT_OFF_10))
    comparison = compared(service.decide(WITH_CARD), service, site)
    assert comparison.change is Change.NO_LONGER_FIRING
    assert (comparison.cards_before, comparison.cards_after) == (("evidence",), ())
    assert [each.what for each in comparison.moved] == ["inflammation"]
    assert comparison.explained_by == (BY_THE_CUT_OFF,)


def test_a_card_that_starts_is_told_so(knowledge: Knowledge, tmp_path: Path) -> None:
    strict = load_knowledge(site=site_folder(tmp_path / "site", CUT_OFF_10))
    service = Deciding(strict, tmp_path)
    comparison = compared(service.decide(WITH_CARD), service, knowledge)
    assert comparison.change is Change.NEWLY_FIRING
    assert comparison.explained_by == ("marker.crp_low_mg_l: 10.0 → default",)


def test_a_card_of_another_kind_is_neither_a_start_nor_a_stop(
    service: Deciding, tmp_path: Path
) -> None:
    told_anyway = "[safety.suppress_evidence_when_si]\nvalue = false\n"
    site = load_knowledge(site=site_folder(tmp_path / "site", told_anyway))
    comparison = compared(service.decide(WITH_SAFETY_CARD), service, site)
    assert comparison.change is Change.OTHER_CARDS


def test_the_same_card_with_other_words_is_text_only(service: Deciding, tmp_path: Path) -> None:
    site = load_knowledge(
        site=site_folder(tmp_path / "site", "[marker.recency_days]\nvalue = 200\n")
    )
    comparison = compared(service.decide(WITH_CARD), service, site)
    assert comparison.change is Change.TEXT_ONLY
    assert comparison.explained_by == ("marker.recency_days: default → 200",)


@pytest.mark.requirement("B5")
def test_other_words_under_the_same_knowledge_are_unexplained(service: Deciding) -> None:
    decision = with_card(service.decide(WITH_CARD), lambda card: card.update(summary="Another."))
    comparison = compared(decision, service)
    assert (comparison.change, comparison.is_unexplained) == (Change.TEXT_ONLY, True)


@pytest.mark.requirement("B5")
def test_another_finding_under_the_same_knowledge_is_unexplained(service: Deciding) -> None:
    decision = service.decide(WITH_CARD)
    told: Mapping[str, Any] = decision.answer
    other = {**told, "inflammation": {**told["inflammation"], "status": "normal"}}
    comparison = compared(replace(decision, answer=other), service)
    assert (comparison.change, comparison.is_unexplained) == (Change.FINDINGS_ONLY, True)
    assert comparison.moved == (
        Moved(what="inflammation", before="normal", after="raised_persistent"),
    )


def test_another_address_on_the_card_is_explained_by_the_settings(service: Deciding) -> None:
    settings = service.settings.model_copy(update={"public_url": "https://elsewhere.example"})
    comparison = compared(service.decide(WITH_CARD), service, settings=settings)
    assert comparison.change is Change.TEXT_ONLY
    assert comparison.explained_by == ("settings: the addresses on cards",)


def test_another_address_does_not_explain_other_words(service: Deciding) -> None:
    settings = service.settings.model_copy(update={"public_url": "https://elsewhere.example"})
    decision = with_card(service.decide(WITH_CARD), lambda card: card.update(summary="Another."))
    assert compared(decision, service, settings=settings).is_unexplained


def test_another_version_of_the_knowledge_is_named(service: Deciding) -> None:
    newer = replace(service.knowledge, version="9.9.9", sha256="1" * 64)
    comparison = compared(service.decide(WITH_CARD), service, newer)
    assert comparison.change is Change.TEXT_ONLY  # the version stands on the card
    assert comparison.explained_by == ("knowledge version: 1.0.0 → 9.9.9",)


def test_files_that_differ_under_the_same_version_are_named_by_their_hashes(
    service: Deciding,
) -> None:
    statements = {**service.knowledge.evidence.statements, "crisis": "Other words."}
    evidence = replace(service.knowledge.evidence, statements=statements)
    edited = replace(service.knowledge, evidence=evidence, sha256="1" * 64)
    comparison = compared(service.decide(WITH_CARD), service, edited)
    was = service.knowledge.sha256[:12]
    assert comparison.explained_by == (f"knowledge files: {was} → {'1' * 12}",)


def test_another_hash_alone_changes_nothing(service: Deciding) -> None:
    same = replace(service.knowledge, sha256="1" * 64)
    assert compared(service.decide(WITH_CARD), service, same).change is Change.UNCHANGED


def test_the_lines_of_a_card_that_changed_are_given(service: Deciding) -> None:
    decision = with_card(service.decide(WITH_CARD), lambda card: card.update(summary="Another."))
    replayed = Replayer(service.knowledge, service.settings).replay(decision)
    assert replayed is not None
    went, came = changed_words(replayed)
    assert went == "evidence - Another."
    assert came == f"evidence + {replayed.cards[0].summary}"
