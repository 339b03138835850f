"""When does a draft order of a common drug, which has uses of its own, earn a card?"""

import pytest

from rules.codes import Code
from rules.draft_orders import DraftOrder
from rules.facts import Drug
from rules.findings import Finding
from rules.knowledge import Knowledge
from tests.rules.order_cases import (
    CANNOT_TELL,
    COMMON,
    CUT_OFF,
    MET,
    NOT_ALL_READ,
    NOT_DEPRESSED,
    NOT_MET,
    expect,
    told,
)
from tests.support.build import TOCILIZUMAB, Piece, icd, snomed
from tests.support.build_basics import code
from tests.support.build_drafts import CELECOXIB, DEPRESSED, MINOCYCLINE, draft, judged

WORDS = (
    "a common drug, and the draft entry gives a reason that cannot be compared, such as one in "
    "words only"
)
FOR_DEPRESSION = told(MET, "depression is a reason on the draft entry")
NOT_FOR_IT = told(NOT_MET, COMMON)
UNCLEAR = told(CANNOT_TELL, WORDS)
NOT_LISTED = told(
    CANNOT_TELL,
    "a common drug, and the draft entry gives a reason under a code that our lists do not hold in "
    "full",
)
LOCAL = code("https://ehr.example/reasons", "MDD")
PAIN, DEPRESSION = icd("M54.5"), icd("F33.1")
# Stands for a reason that the draft gives in words only.
WORDS_ONLY = "words"


@pytest.mark.parametrize("drug", [CELECOXIB, MINOCYCLINE], ids=lambda each: each.name)
@pytest.mark.parametrize(
    ("reasons", "record", "expected"),
    [
        ((), [DEPRESSED], NOT_FOR_IT),
        ((PAIN,), [DEPRESSED], NOT_FOR_IT),
        ((DEPRESSION, PAIN), [DEPRESSED], NOT_FOR_IT),
        ((LOCAL, PAIN), [DEPRESSED], NOT_FOR_IT),
        ((LOCAL,), [DEPRESSED], NOT_LISTED),
        ((LOCAL,), [], NOT_DEPRESSED),
        ((LOCAL,), [CUT_OFF], NOT_ALL_READ),
        ((DEPRESSION, LOCAL), [], NOT_LISTED),
        ((snomed("22253000"),), [DEPRESSED], NOT_LISTED),
        ((LOCAL, WORDS_ONLY), [DEPRESSED], UNCLEAR),
        ((PAIN, WORDS_ONLY), [DEPRESSED], NOT_FOR_IT),
        ((DEPRESSION, PAIN, WORDS_ONLY), [DEPRESSED], NOT_FOR_IT),
        ((WORDS_ONLY,), [DEPRESSED], UNCLEAR),
        ((WORDS_ONLY,), [], NOT_DEPRESSED),
        ((WORDS_ONLY,), [CUT_OFF], NOT_ALL_READ),
        ((DEPRESSION, WORDS_ONLY), [DEPRESSED], UNCLEAR),
        ((DEPRESSION, WORDS_ONLY), [], UNCLEAR),
        ((DEPRESSION,), [DEPRESSED], FOR_DEPRESSION),
        ((DEPRESSION, snomed("1153570009")), [], FOR_DEPRESSION),
        # No labelled indication is looked for, so none can be among the diagnoses missing.
        ((DEPRESSION,), [CUT_OFF], FOR_DEPRESSION),
    ],
    ids=[
        "no reason", "pain", "depression and pain", "a local code and pain", "a local code",
        "a local code, not depressed", "a local code, depression open",
        "depression and a local code", "a code of a short list", "a local code and words",
        "pain and words",
        "depression, pain and words", "words", "words, not depressed", "words, depression open",
        "depression and words", "depression and words, not in the record", "depression",
        "depression twice", "depression, diagnoses missing",
    ],
)  # fmt: skip
def test_a_common_drug_is_answered_where_depression_is_all_it_is_for(
    drug: Drug,
    reasons: tuple[Code | str, ...],
    record: list[Piece],
    expected: Finding,
    knowledge: Knowledge,
) -> None:
    coded = tuple(each for each in reasons if isinstance(each, Code))
    written = draft(drug, reason=coded, reason_unread=WORDS_ONLY in reasons)
    expect(knowledge, expected, written, *record)


@pytest.mark.parametrize(
    ("drafts", "count"),
    [
        ([draft(CELECOXIB, reason=(DEPRESSION,))], 0),
        ([draft(CELECOXIB, reason=(DEPRESSION,)), draft(TOCILIZUMAB)], 2),
        ([draft(TOCILIZUMAB)], 2),
        ([], 2),
    ],
    ids=["a common drug", "beside another", "another", "no draft"],
)
def test_labelled_indications_are_spoken_of_only_where_they_are_looked_for(
    drafts: list[DraftOrder], count: int, knowledge: Knowledge
) -> None:
    assert len(judged(knowledge, DEPRESSED, CUT_OFF, *drafts).caveats) == count
