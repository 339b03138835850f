"""When is a draft order one of an experimental drug for depression, and when is nothing said?"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.draft_orders import DraftOrder, OrderFacts
from rules.facts import Completeness, Facts, Incomplete
from rules.findings import CardKind, Gap, Verdict
from rules.knowledge import Knowledge
from rules.order_assessment import assess_orders
from rules.order_findings import OrderAssessment
from tests.rules.random_facts import records
from tests.support.build import (
    AS_OF,
    TOCILIZUMAB,
    Piece,
    diagnosis,
    drug,
    icd,
    loinc,
    phq9,
    phq9_item9,
    score,
    snomed,
    unread,
)
from tests.support.build_basics import code
from tests.support.build_drafts import (
    CELECOXIB,
    DEPRESSED,
    IBUPROFEN,
    INFLIXIMAB,
    MINOCYCLINE,
    SARILUMAB,
    draft,
    judged,
    unknown_draft,
)
from tests.support.variants import with_parameters

MET, NOT_MET, CANNOT_TELL = Verdict.MET, Verdict.NOT_MET, Verdict.CANNOT_TELL
RHEUMATOID = "M05.9"
LOCAL_REASON = code("https://ehr.example/reasons", "RA")


def partly(resource_type: str, completeness: Completeness) -> Incomplete:
    return Incomplete(
        resource_type=resource_type, completeness=completeness, because="a page was not read"
    )


def result(knowledge: Knowledge, *pieces: DraftOrder | Piece, **person: Any) -> Verdict:
    return judged(knowledge, *pieces, **person).finding.verdict


# Which drugs


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        (draft(TOCILIZUMAB), MET),
        (draft(SARILUMAB), MET),
        (draft(INFLIXIMAB), MET),
        (draft(IBUPROFEN), NOT_MET),
        (draft(drug("sertraline", "antidepressant")), NOT_MET),
        (DraftOrder(), NOT_MET),  # a drug that no table knows
        (draft(IBUPROFEN, TOCILIZUMAB), MET),
    ],
    ids=["IL-6 antibody", "another IL-6 blocker", "infliximab", "NSAID", "antidepressant",
         "unknown to the tables", "two drugs in one draft"],
)  # fmt: skip
def test_a_draft_of_a_drug_that_the_ledger_names_earns_a_card(
    knowledge: Knowledge, written: DraftOrder, verdict: Verdict
) -> None:
    assert result(knowledge, DEPRESSED, written) is verdict


@pytest.mark.parametrize("common", [CELECOXIB, MINOCYCLINE], ids=lambda each: each.name)
@pytest.mark.parametrize(
    ("reasons", "verdict"),
    [
        ((), NOT_MET),
        ((icd("F33.1"),), MET),
        ((icd("F33.1"), icd("M54.5")), NOT_MET),
        ((icd("M54.5"),), NOT_MET),
    ],
    ids=["no reason", "depression", "depression and pain", "pain"],
)
def test_a_common_drug_is_answered_only_where_depression_is_its_whole_reason(
    knowledge: Knowledge, common: Any, reasons: tuple[Any, ...], verdict: Verdict
) -> None:
    assert result(knowledge, DEPRESSED, draft(common, reason=reasons)) is verdict


def test_the_drug_and_what_was_studied_are_named(knowledge: Knowledge) -> None:
    (found,) = judged(knowledge, DEPRESSED, draft(INFLIXIMAB)).drafts
    assert (found.drug, found.studies, found.risk) == (
        "infliximab",
        ("raison-2013", "mcintyre-2019"),
        "order_risk_infection",
    )


def test_another_drug_is_not_named(knowledge: Knowledge) -> None:
    (found,) = judged(knowledge, DEPRESSED, draft(IBUPROFEN)).drafts
    assert (found.drug, found.studies) == ("", ())


def test_a_drug_known_from_words_only_says_so(knowledge: Knowledge) -> None:
    (found,) = judged(knowledge, DEPRESSED, draft(drug_from_text=True)).drafts
    assert (found.finding.verdict, found.from_text) == (MET, True)


def test_a_drug_that_is_not_known_leaves_it_open(knowledge: Knowledge) -> None:
    found = judged(knowledge, DEPRESSED, unknown_draft("its reference leads nowhere"))
    assert found.finding.verdict is CANNOT_TELL
    assert Gap("draft entry", "its reference leads nowhere") in found.gaps


def test_an_unknown_drug_matters_only_to_someone_who_is_depressed(knowledge: Knowledge) -> None:
    assert result(knowledge, unknown_draft("its reference leads nowhere")) is NOT_MET


def test_an_unknown_drug_that_is_said_to_be_for_depression_leaves_it_open(
    knowledge: Knowledge,
) -> None:
    written = unknown_draft("its reference leads nowhere", reasons=(icd("F32.1"),))
    assert result(knowledge, written) is CANNOT_TELL


# A labelled indication on the draft


@pytest.mark.parametrize(
    "reason",
    ["M05.9", "M06.1", "M08.20", "M31.6", "M34.81", "M35.3", "D47.Z2", "G36.0", "U07.1", "D89.833"],
)
def test_a_labelled_indication_on_the_draft_settles_it(knowledge: Knowledge, reason: str) -> None:
    found = judged(knowledge, DEPRESSED, draft(reason=reason))
    assert (found.finding.verdict, found.cards_due) == (NOT_MET, ())
    assert found.finding.because.startswith("a labelled indication is its reason: ")


def test_a_labelled_indication_beside_depression_settles_it(knowledge: Knowledge) -> None:
    assert result(knowledge, DEPRESSED, draft(reason=(icd("F33.1"), icd(RHEUMATOID)))) is NOT_MET


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        (draft(INFLIXIMAB, reason="K50.90"), NOT_MET),
        (draft(INFLIXIMAB, reason="M31.6"), MET),
        (draft(TOCILIZUMAB, reason="K50.90"), MET),
    ],
    ids=["its own", "of an IL-6 blocker", "of infliximab"],
)
def test_each_kind_of_drug_has_labelled_indications_of_its_own(
    knowledge: Knowledge, written: DraftOrder, verdict: Verdict
) -> None:
    assert result(knowledge, DEPRESSED, written) is verdict


@pytest.mark.parametrize(
    ("written", "verdict", "words"),
    [
        (draft(), MET, "the draft entry gives no diagnosis as its reason"),
        (draft(reason="F33.2"), MET, "depression is a reason on the draft entry"),
        (draft(reason="F32.3"), MET, "depression is a reason on the draft entry"),
        (draft(reason="R79.82"), MET, "the reason on the draft entry is no labelled indication"),
        (draft(reason_unread=True), CANNOT_TELL, "a reason that cannot be compared"),
        (draft(reason=LOCAL_REASON), CANNOT_TELL, "under a code that our lists do not hold"),
        (draft(reason=snomed("195967001")), CANNOT_TELL, "under a code that our lists do not"),
        (
            draft(reason=(snomed("195967001"), icd("R79.82"))),
            MET,
            "is no labelled indication we know",
        ),
        (draft(reason=snomed("370143000")), MET, "depression is a reason on the draft entry"),
        (draft(reason="F33.1", reason_unread=True), MET, "depression is a reason"),
    ],
)
def test_the_reason_on_the_draft_is_told(
    knowledge: Knowledge, written: DraftOrder, verdict: Verdict, words: str
) -> None:
    found = judged(knowledge, DEPRESSED, written).finding
    assert (found.verdict, words in found.because) == (verdict, True)


# A labelled indication in the record


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({}, NOT_MET),
        ({"clinical_status": None}, NOT_MET),
        ({"clinical_status": "inactive"}, NOT_MET),
        ({"clinical_status": "remission"}, NOT_MET),
        ({"verification": "provisional"}, NOT_MET),
        ({"clinical_status": "resolved"}, MET),
        ({"abatement": "2026-06-29"}, MET),
        ({"abatement": "2026-06-30"}, NOT_MET),
        ({"verification": "refuted"}, MET),
        ({"verification": "entered-in-error"}, MET),
    ],
    ids=str,
)
def test_a_labelled_indication_in_the_record_settles_it_while_it_may_be_treated(
    knowledge: Knowledge, fields: dict[str, Any], verdict: Verdict
) -> None:
    assert result(knowledge, DEPRESSED, diagnosis(RHEUMATOID, **fields), draft()) is verdict


def test_the_labelled_indication_in_the_record_is_named(knowledge: Knowledge) -> None:
    found = judged(knowledge, DEPRESSED, diagnosis("M31.6"), draft()).finding
    assert found.because == "a labelled indication is in the record: giant cell arteritis"
    assert found.sources == ("Condition/M316-undated",)


def test_a_labelled_indication_in_the_record_settles_a_draft_for_depression_too(
    knowledge: Knowledge,
) -> None:
    pieces = (DEPRESSED, diagnosis(RHEUMATOID), draft(reason="F33.1"))
    assert result(knowledge, *pieces) is NOT_MET


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"onset": "2026-05-31"}, NOT_MET),  # the thirtieth day
        ({"onset": "2026-05-30"}, MET),
        ({"recorded": "2022-01-10"}, MET),
        ({"onset": "2026-05"}, NOT_MET),  # it may have been the last of May
        ({}, NOT_MET),
    ],
    ids=["30 days", "31 days", "years", "a month", "no date"],
)
def test_an_acute_indication_in_the_record_counts_while_it_is_recent(
    knowledge: Knowledge, fields: dict[str, Any], verdict: Verdict
) -> None:
    assert result(knowledge, DEPRESSED, diagnosis("U07.1", **fields), draft()) is verdict


def test_how_long_an_acute_indication_counts_is_a_parameter(knowledge: Knowledge) -> None:
    longer = with_parameters(knowledge, {"orders.acute_indication_days": 31})
    assert result(longer, DEPRESSED, diagnosis("U07.1", onset="2026-05-30"), draft()) is NOT_MET


# Depression


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (diagnosis("F32.9"), MET),
        (diagnosis("F33.3"), MET),
        (diagnosis("F33.41"), MET),
        (diagnosis("F53.0"), MET),
        (diagnosis("F33.1", clinical_status=None), MET),
        (diagnosis("F33.1", clinical_status="relapse"), MET),
        (diagnosis("F33.42"), NOT_MET),
        (diagnosis("F32.5"), NOT_MET),
        (diagnosis("F33.1", clinical_status="remission"), NOT_MET),
        (diagnosis("F33.1", clinical_status="resolved"), NOT_MET),
        (diagnosis("F33.1", abatement="2026-01-01"), NOT_MET),
        (diagnosis("F33.1", verification="refuted"), NOT_MET),
        (diagnosis("F43.21"), NOT_MET),
        (diagnosis("F31.32"), NOT_MET),
        (diagnosis("E11.9"), NOT_MET),
    ],
    ids=str,
)
def test_only_an_active_depressive_disorder_is_answered(
    knowledge: Knowledge, known: Piece, verdict: Verdict
) -> None:
    assert result(knowledge, known, draft()) is verdict


def test_a_draft_for_depression_needs_no_entry_in_the_problem_list(knowledge: Knowledge) -> None:
    assert result(knowledge, draft(reason="F32.1")) is MET


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ((), MET),
        ((phq9(17, "2026-06-15"),), MET),
        ((phq9(4, "2026-06-15"),), NOT_MET),
        ((phq9(4, "2025-06-15"),), MET),
    ],
    ids=["none", "moderate", "remission", "old"],
)
def test_a_recent_score_below_the_cut_off_is_no_depression_now(
    knowledge: Knowledge, scores: tuple[Piece, ...], verdict: Verdict
) -> None:
    assert result(knowledge, DEPRESSED, *scores, draft()) is verdict


# The state of the draft


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"status": "draft"}, MET),
        ({"status": None}, MET),
        ({"status": "active"}, MET),
        ({"status": "Xactive"}, MET),
        ({"status": "unknown"}, MET),
        ({"status": "cancelled"}, NOT_MET),
        ({"status": "stopped"}, NOT_MET),
        ({"status": "completed"}, NOT_MET),
        ({"status": "entered-in-error"}, NOT_MET),
        ({"do_not_perform": True}, NOT_MET),
    ],
    ids=str,
)
def test_a_draft_counts_unless_it_is_over_or_forbids_the_drug(
    knowledge: Knowledge, fields: dict[str, Any], verdict: Verdict
) -> None:
    assert result(knowledge, DEPRESSED, draft(**fields)) is verdict


def test_a_status_that_is_none_of_fhirs_is_not_repeated(knowledge: Knowledge) -> None:
    site = with_parameters(knowledge, {"orders.left_out_statuses": ["Zebedee"]})
    found = judged(site, DEPRESSED, draft(status="Zebedee")).finding
    assert found.because == "the draft entry has the status that is none of FHIR's"


# Several drafts


def test_one_draft_that_matters_decides_for_all(knowledge: Knowledge) -> None:
    found = judged(
        knowledge, DEPRESSED, draft(IBUPROFEN), unknown_draft("nothing known"), draft(SARILUMAB)
    )
    assert [each.finding.verdict for each in found.drafts] == [NOT_MET, CANNOT_TELL, MET]
    assert found.cards_due == (CardKind.EXPERIMENTAL_ORDER,)


def test_two_drafts_that_matter_make_one_card(knowledge: Knowledge) -> None:
    found = judged(
        knowledge,
        DEPRESSED,
        draft(TOCILIZUMAB, sources=("MedicationRequest/a",)),
        draft(INFLIXIMAB, sources=("MedicationRequest/b",)),
    )
    assert found.cards_due == (CardKind.EXPERIMENTAL_ORDER,)
    assert found.finding.sources == ("MedicationRequest/a", "MedicationRequest/b")


def test_a_draft_that_is_open_is_not_settled_by_another(knowledge: Knowledge) -> None:
    assert result(knowledge, DEPRESSED, draft(IBUPROFEN), unknown_draft("x")) is CANNOT_TELL


def test_no_draft_at_all_is_nothing_to_say(knowledge: Knowledge) -> None:
    found = judged(knowledge, DEPRESSED).finding
    assert (found.verdict, found.because) == (NOT_MET, "there is no draft entry of a drug")


# For whom nothing is said


@pytest.mark.parametrize(
    ("person", "verdict", "words"),
    [
        ({"born": "2008-07-01"}, NOT_MET, "younger than 18"),
        ({"born": "2008-06-30"}, MET, "no labelled indication"),  # the eighteenth birthday
        ({"born": "1930-01-01"}, MET, "no labelled indication"),
        ({"born": None}, NOT_MET, "the date of birth is not known"),
        ({"deceased": True}, NOT_MET, "has died"),
    ],
    ids=["17", "18", "96", "age unknown", "died"],
)
def test_nothing_is_said_of_minors_and_of_the_dead(
    knowledge: Knowledge, person: dict[str, Any], verdict: Verdict, words: str
) -> None:
    found = judged(knowledge, DEPRESSED, draft(), **person).finding
    assert (found.verdict, words in found.because) == (verdict, True)


def test_an_unread_patient_leaves_the_age_open(knowledge: Knowledge) -> None:
    assert result(knowledge, DEPRESSED, unread("Patient"), draft(), born=None) is CANNOT_TELL


def test_a_known_age_settles_what_an_unread_part_of_the_patient_leaves_open(
    knowledge: Knowledge,
) -> None:
    assert result(knowledge, DEPRESSED, unread("Patient"), draft()) is MET


@pytest.mark.parametrize("code", ["F31.9", "F20.0", "O26.9", "Z51.5"])
def test_who_gets_no_evidence_card_is_still_told_of_a_draft(
    knowledge: Knowledge, code: str
) -> None:
    assert result(knowledge, DEPRESSED, diagnosis(code), draft()) is MET


# Suicide signals


ITEM_9 = phq9_item9(2, "2026-06-20")
IDEATION = diagnosis("R45.851", recorded="2026-06-20")


@pytest.mark.parametrize("signal", [ITEM_9, IDEATION], ids=["item 9", "coded"])
def test_a_suicide_signal_stands_beside_the_card_and_takes_it_not_away(
    knowledge: Knowledge, signal: Piece
) -> None:
    found = judged(knowledge, DEPRESSED, signal, draft())
    assert found.cards_due == (CardKind.EXPERIMENTAL_ORDER,)
    assert len(found.suicide_signals) == 1


def test_a_site_without_safety_cards_shows_no_signal_here_either(knowledge: Knowledge) -> None:
    off = with_parameters(knowledge, {"safety.suicide_safety_card": "off"})
    found = judged(off, DEPRESSED, ITEM_9, draft())
    assert (found.suicide_signals, len(found.cards_due)) == ((), 1)


# What is missing


@pytest.mark.parametrize(
    ("completeness", "verdict"),
    [
        (Completeness.PARTLY_READ, MET),
        (Completeness.TRUNCATED, CANNOT_TELL),
        (Completeness.NOT_OBTAINED, CANNOT_TELL),
    ],
)
def test_diagnoses_that_are_not_all_there_may_hold_the_labelled_one(
    knowledge: Knowledge, completeness: Completeness, verdict: Verdict
) -> None:
    missing = partly("Condition", completeness)
    assert result(knowledge, DEPRESSED, missing, draft()) is verdict


def test_single_diagnoses_that_could_not_be_read_are_a_caveat(knowledge: Knowledge) -> None:
    missing = partly("Condition", Completeness.PARTLY_READ)
    found = judged(knowledge, DEPRESSED, missing, draft())
    assert found.caveats[-1] == (
        "Diagnoses may be missing (a page was not read); a labelled indication may be among them."
    )
    assert found.gaps == (Gap("condition", "a page was not read"),)


@pytest.mark.parametrize("completeness", list(Completeness))
def test_a_depression_may_be_among_the_diagnoses_that_are_missing(
    knowledge: Knowledge, completeness: Completeness
) -> None:
    assert result(knowledge, partly("Condition", completeness), draft()) is CANNOT_TELL


def test_missing_diagnoses_do_not_unsettle_what_the_draft_says(knowledge: Knowledge) -> None:
    pieces = (DEPRESSED, unread("Condition"), draft(reason=RHEUMATOID))
    assert result(knowledge, *pieces) is NOT_MET


def test_missing_scores_leave_the_diagnosis_to_decide(knowledge: Knowledge) -> None:
    found = judged(knowledge, DEPRESSED, unread("Observation"), draft())
    assert found.finding.verdict is MET
    assert Gap("observation", "the server answered 403") in found.gaps


def test_what_does_not_bear_on_a_draft_is_not_missing(knowledge: Knowledge) -> None:
    found = judged(knowledge, DEPRESSED, unread("MedicationDispense"), draft())
    assert found.gaps == ()


@pytest.mark.parametrize(("asked_for", "due"), [(False, ()), (True, (CardKind.DATA_GAP,))])
def test_what_cannot_be_told_is_shown_only_where_the_site_asks(
    knowledge: Knowledge, asked_for: bool, due: tuple[CardKind, ...]
) -> None:
    site = with_parameters(knowledge, {"cards.data_gap_card": asked_for})
    assert judged(site, DEPRESSED, draft(reason_unread=True)).cards_due == due


def test_nothing_to_say_is_no_data_gap(knowledge: Knowledge) -> None:
    site = with_parameters(knowledge, {"cards.data_gap_card": True})
    assert judged(site, DEPRESSED, draft(reason=RHEUMATOID)).cards_due == ()


# The grounds


def test_the_grounds_are_complete(knowledge: Knowledge) -> None:
    found: OrderAssessment = judged(knowledge, DEPRESSED, draft())
    assert found.finding.because == (
        "the draft entry gives no diagnosis as its reason, and no labelled indication was found "
        "in the record"
    )
    assert found.finding.sources == ("MedicationRequest/draft",)
    assert found.finding.citations == ("rules/drugs/experimental.csv",)
    assert found.depression.because == (
        "major depressive disorder, recurrent is coded as active (recorded 2025-06-01)"
    )
    assert (found.rule_id, found.knowledge_sha256) == (knowledge.rule_id, knowledge.sha256)


def test_what_was_left_out_of_the_record_is_named(knowledge: Knowledge) -> None:
    found = judged(knowledge, DEPRESSED, diagnosis(RHEUMATOID, verification="refuted"), draft())
    assert [each.source for each in found.not_used] == ["Condition/M059-undated"]


def test_a_score_under_a_code_of_no_scale_is_named(knowledge: Knowledge) -> None:
    found = judged(knowledge, DEPRESSED, score("9999-9", 3, "2026-06-01"), draft())
    assert len(found.not_used) == 1
    assert loinc("9999-9") not in knowledge.scales_by_code


# Whatever the record


DRAFTS = (
    draft(),
    draft(reason="F33.1"),
    draft(reason=RHEUMATOID),
    draft(reason_unread=True),
    draft(CELECOXIB),
    draft(IBUPROFEN),
    unknown_draft("nothing names it"),
)


@given(record=records(), drafts=st.lists(st.sampled_from(DRAFTS), max_size=4))
@settings(max_examples=150, deadline=None)
def test_the_order_of_drafts_and_a_repeated_one_change_nothing(
    knowledge: Knowledge, record: Facts, drafts: list[DraftOrder]
) -> None:
    one, other = (
        assess_orders(OrderFacts(record=record, drafts=tuple(each)), AS_OF, knowledge)
        for each in (drafts, [*reversed(drafts), *drafts])
    )
    assert (one.finding.verdict, one.cards_due) == (other.finding.verdict, other.cards_due)


@given(record=records(), drafts=st.lists(st.sampled_from(DRAFTS), max_size=4))
@settings(max_examples=150, deadline=None)
def test_diagnoses_that_are_missing_never_earn_a_card(
    knowledge: Knowledge, record: Facts, drafts: list[DraftOrder]
) -> None:
    missing = replace(record, incomplete=(partly("Condition", Completeness.TRUNCATED),))
    found = assess_orders(OrderFacts(record=missing, drafts=tuple(drafts)), AS_OF, knowledge)
    assert found.cards_due == ()
