"""Does the tree of criteria say of each criterion what the rule found?"""

from dataclasses import replace

import pytest

from cds.review.criteria import criteria_of
from cds.review.criterion import Criterion
from cds.review.rule_grounds import rule_grounds
from rules.findings import (
    Assessment,
    CardKind,
    Finding,
    InflammationStatus,
    ResistanceStatus,
    Verdict,
    Withheld,
)
from rules.knowledge import Knowledge
from tests.cds.assessments import (
    GAP,
    assessment,
    confounder,
    finding,
    with_inflammation,
    with_resistance,
)
from tests.cds.review.kept_cases import by_id
from tests.support.verdict import assess_vignette


def part(given: Assessment, key: str) -> Criterion:
    return next(each for each in criteria_of(given).walk() if each.id == key)


def test_a_card_that_is_due_is_a_criterion_that_is_met() -> None:
    assert criteria_of(assessment(cards_due=(CardKind.EVIDENCE,))).verdict is Verdict.MET


def test_missing_data_leaves_the_card_open_and_says_what_is_missing() -> None:
    given = with_inflammation(
        assessment(cards_due=()),
        status=InflammationStatus.UNKNOWN,
        finding=Finding(verdict=Verdict.CANNOT_TELL, because="no result is there"),
    )
    root = criteria_of(given)
    assert (root.verdict, "no result is there" in root.because) == (Verdict.CANNOT_TELL, True)


def test_a_criterion_that_is_not_met_leaves_no_card() -> None:
    given = with_resistance(assessment(cards_due=()), status=ResistanceStatus.NOT_MET)
    assert criteria_of(given).verdict is Verdict.NOT_MET


def test_another_card_than_the_evidence_card_answers_with_no() -> None:
    assert criteria_of(assessment(cards_due=(CardKind.MARKER_NOTE,))).verdict is Verdict.NOT_MET


def test_what_withholds_a_card_was_not_asked_where_none_was_due() -> None:
    given = with_resistance(assessment(cards_due=()), status=ResistanceStatus.NOT_MET)
    found = part(given, "exclusions")
    assert (found.verdict, found.words) == (None, "Not asked")


@pytest.mark.parametrize("verdict", [Verdict.MET, Verdict.CANNOT_TELL])
def test_a_reason_to_withhold_is_told_as_found_or_as_open(verdict: Verdict) -> None:
    reason = Withheld(reason="delirium", finding=Finding(verdict=verdict, because="it is coded"))
    found = part(replace(assessment(cards_due=()), withheld=(reason,)), "exclusions")
    expected = Verdict.NOT_MET if verdict is Verdict.MET else Verdict.CANNOT_TELL
    assert (found.verdict, found.because) == (expected, "it is coded")


def test_a_confounder_that_was_found_is_never_told_as_met() -> None:
    given = replace(assessment(), confounders=(confounder(),))
    found = part(given, "confounders")
    assert (found.verdict, found.children[0].verdict, found.children[0].words) == (
        Verdict.NOT_MET,
        None,
        "Found",
    )


def test_confounders_that_could_not_be_looked_for_are_open_and_named() -> None:
    found = part(replace(assessment(), confounders_unread=("smoking",)), "confounders")
    assert (found.verdict, "Smoking" in found.notes[0]) == (Verdict.CANNOT_TELL, True)


def test_every_gap_of_the_record_is_a_criterion_of_its_own() -> None:
    found = part(replace(assessment(), gaps=(GAP,)), "record")
    assert (found.verdict, [each.because for each in found.children]) == (
        Verdict.CANNOT_TELL,
        [GAP.because],
    )


def test_no_score_is_told_as_none_found() -> None:
    found = part(with_resistance(assessment(), latest_score=None), "symptom_score")
    assert (found.verdict, found.words) == (None, "None found")


def test_the_sentence_of_a_finding_stands_unchanged() -> None:
    given = with_resistance(assessment(), finding=finding("as the rule says it", "Condition/1"))
    found = part(given, "treatment_resistance")
    assert (found.because, found.sources) == ("as the rule says it", ("Condition/1",))


def test_the_ids_of_a_tree_differ() -> None:
    ids = [each.id for each in criteria_of(assessment()).walk()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", sorted(by_id())[::12])
def test_every_citation_leads_to_a_text_or_a_number(name: str, knowledge: Knowledge) -> None:
    root = criteria_of(assess_vignette(by_id()[name], knowledge))
    assert rule_grounds(root, knowledge).others == ()


def test_every_text_of_the_rule_is_filled_with_the_numbers_in_force(knowledge: Knowledge) -> None:
    cited = ("rule 1.2", "rule 6.4", "rule 7", "rule 8.1", "rule 8.2", "rule 9", "rule 10")
    root = Criterion(id="x", title="x", verdict=None, words="", because="", citations=cited)
    texts = rule_grounds(root, knowledge).texts
    assert [each.key for each in texts] == list(cited)
    assert [each.key for each in texts if "{" in each.text] == []
