"""Does every answer about a draft order give its whole ground: sentence, citations, sources?"""

import pytest

from rules.codes import Code
from rules.draft_orders import DraftOrder
from rules.findings import Finding, Gap
from rules.knowledge import Knowledge
from rules.order_findings import JudgedDraft
from tests.rules.order_cases import (
    CANNOT_TELL,
    COMMON,
    CUT_OFF,
    DRAFT,
    FOR_DEPRESSION,
    MET,
    NO_DRUG_OF_OURS,
    NO_REASON,
    NOT_DEPRESSED,
    NOT_MET,
    NOWHERE,
    UNCLEAR,
    UNKNOWN,
    expect,
    told,
)
from tests.support.build import (
    TOCILIZUMAB,
    Piece,
    drug,
    icd,
    snomed,
)
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


@pytest.mark.parametrize(
    ("written", "because"),
    [
        (draft(do_not_perform=True), "an instruction not to give the drug"),
        (draft(status="cancelled"), "the draft entry has the status cancelled"),
        (draft(status="stopped"), "the draft entry has the status stopped"),
        (
            draft(status="cancelled", do_not_perform=True),
            "an instruction not to give the drug",
        ),
        (draft(IBUPROFEN, status="cancelled"), "the draft entry has the status cancelled"),
        (
            unknown_draft(NOWHERE, do_not_perform=True, sources=(DRAFT,)),
            "an instruction not to give the drug",
        ),
    ],
    ids=["forbids", "cancelled", "stopped", "both", "another drug", "drug not known"],
)
@pytest.mark.parametrize(
    "record", [(), (DEPRESSED,), (DEPRESSED, CUT_OFF)], ids=["nothing", "depressed", "cut off"]
)
def test_a_draft_that_orders_nothing_gives_its_grounds(
    written: DraftOrder, because: str, record: tuple[Piece, ...], knowledge: Knowledge
) -> None:
    expect(knowledge, told(NOT_MET, because), written, *record)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (draft(IBUPROFEN), told(NOT_MET, NO_DRUG_OF_OURS)),
        (draft(drug("sertraline", "antidepressant")), told(NOT_MET, NO_DRUG_OF_OURS)),
        (draft(IBUPROFEN, reason="F33.1"), told(NOT_MET, NO_DRUG_OF_OURS)),
        (draft(CELECOXIB), told(NOT_MET, COMMON)),
        (draft(CELECOXIB, reason="M54.5"), told(NOT_MET, COMMON)),
        (draft(MINOCYCLINE, reason=(icd("F33.1"), icd("L70.0"))), told(NOT_MET, COMMON)),
        (draft(), told(MET, NO_REASON)),
        (draft(IBUPROFEN, SARILUMAB), told(MET, NO_REASON)),
        (draft(INFLIXIMAB), told(MET, NO_REASON)),
    ],
    ids=[
        "no drug of ours",
        "an antidepressant",
        "no drug of ours, for depression",
        "a common drug",
        "for pain",
        "for depression and acne",
        "an antibody",
        "two drugs",
        "infliximab",
    ],
)
def test_the_drug_of_a_draft_gives_its_grounds(
    written: DraftOrder, expected: Finding, knowledge: Knowledge
) -> None:
    expect(knowledge, expected, written, DEPRESSED)


@pytest.mark.parametrize(
    ("reasons", "record", "expected"),
    [
        ((), [DEPRESSED], told(CANNOT_TELL, UNKNOWN)),
        ((icd("M05.9"),), [DEPRESSED], told(CANNOT_TELL, UNKNOWN)),
        ((), [CUT_OFF], told(CANNOT_TELL, UNKNOWN)),
        ((icd("F32.1"),), [], told(CANNOT_TELL, UNKNOWN)),
        ((icd("M54.5"), icd("F32.1")), [], told(CANNOT_TELL, UNKNOWN)),
        ((), [], NOT_DEPRESSED),
        ((icd("M05.9"),), [], NOT_DEPRESSED),
    ],
    ids=[
        "depressed",
        "depressed, for arthritis",
        "depression open",
        "for depression",
        "for pain and depression",
        "not depressed",
        "not depressed, for arthritis",
    ],
)
def test_a_drug_that_is_not_known_gives_its_grounds(
    reasons: tuple[Code, ...], record: list[Piece], expected: Finding, knowledge: Knowledge
) -> None:
    expect(knowledge, expected, unknown_draft(NOWHERE, reasons=reasons, sources=(DRAFT,)), *record)


FIRST, SECOND, THIRD = (f"MedicationRequest/{name}" for name in "abc")


@pytest.mark.parametrize(
    ("drafts", "expected"),
    [
        ([], Finding(verdict=NOT_MET, because="there is no draft entry of a drug")),
        (
            [draft(sources=(FIRST,)), draft(INFLIXIMAB, sources=(SECOND, FIRST))],
            told(MET, NO_REASON, FIRST, SECOND),
        ),
        (
            [draft(sources=(FIRST,)), draft(reason="F33.1", sources=(SECOND,))],
            told(MET, f"{NO_REASON}; {FOR_DEPRESSION}", FIRST, SECOND),
        ),
        (
            [
                draft(IBUPROFEN, sources=(FIRST,)),
                unknown_draft(NOWHERE, sources=(SECOND,)),
                draft(sources=(THIRD,)),
            ],
            told(MET, NO_REASON, THIRD),
        ),
        (
            [
                draft(IBUPROFEN, sources=(FIRST,)),
                unknown_draft(NOWHERE, sources=(SECOND,)),
                draft(reason=snomed("195967001"), sources=(THIRD,)),
            ],
            told(CANNOT_TELL, f"{UNKNOWN}; {UNCLEAR}", SECOND, THIRD),
        ),
        (
            [draft(IBUPROFEN, sources=(FIRST,)), draft(CELECOXIB, sources=(SECOND,))],
            told(NOT_MET, f"{NO_DRUG_OF_OURS}; {COMMON}", FIRST, SECOND),
        ),
    ],
    ids=["none", "alike", "both due", "one due", "open", "nothing to say"],
)
def test_several_drafts_are_summed_up_by_those_that_decide(
    drafts: list[DraftOrder], expected: Finding, knowledge: Knowledge
) -> None:
    assert judged(knowledge, DEPRESSED, *drafts).finding == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            draft(IBUPROFEN, TOCILIZUMAB, drug_from_text=True),
            JudgedDraft(
                drug="tocilizumab",
                finding=told(MET, NO_REASON),
                from_text=True,
                studies=("insight-2026", "knight-2021", "sirukumab-mdd", "nct07493317"),
                risk="boxed_warning",
            ),
        ),
        (
            draft(CELECOXIB),
            JudgedDraft(
                drug="celecoxib",
                finding=told(NOT_MET, COMMON),
                from_text=False,
                studies=("preddict-2023", "husain-2020"),
                risk="order_risk_label",
            ),
        ),
        (
            draft(IBUPROFEN, drug_from_text=True),
            JudgedDraft(drug="", finding=told(NOT_MET, NO_DRUG_OF_OURS)),
        ),
    ],
    ids=["from words", "common", "no drug of ours"],
)
def test_a_judged_draft_says_which_drug_it_is_and_what_was_studied(
    written: DraftOrder, expected: JudgedDraft, knowledge: Knowledge
) -> None:
    assert judged(knowledge, DEPRESSED, written).drafts == (expected,)


def test_each_drug_that_is_not_known_is_a_gap(knowledge: Knowledge) -> None:
    drafts = (unknown_draft("nothing names it"), unknown_draft(NOWHERE), draft())
    assert judged(knowledge, DEPRESSED, *drafts).gaps == (
        Gap("draft entry", NOWHERE),
        Gap("draft entry", "nothing names it"),
    )
