"""Does every answer about what a draft order is for give its whole ground?"""

import pytest

from rules.draft_orders import DraftOrder
from rules.findings import Finding
from rules.knowledge import Knowledge
from tests.rules.order_cases import (
    CANNOT_TELL,
    CUT_OFF,
    FOR_DEPRESSION,
    MAY_BE_MISSING,
    MET,
    NOT_ALL_READ,
    NOT_DEPRESSED,
    NOT_MET,
    OTHER_REASON,
    UNCLEAR,
    expect,
    told,
)
from tests.support.build import (
    Piece,
    icd,
    snomed,
    unread,
)
from tests.support.build_drafts import (
    DEPRESSED,
    INFLIXIMAB,
    SARILUMAB,
    draft,
)


@pytest.mark.parametrize(
    ("written", "label"),
    [
        (draft(reason="M05.9"), "rheumatoid arthritis"),
        (draft(reason="U07.1"), "COVID-19"),
        (draft(SARILUMAB, reason="M31.6"), "giant cell arteritis"),
        (draft(INFLIXIMAB, reason="K50.90"), "Crohn's disease"),
        (draft(reason=(icd("F33.1"), icd("M05.9"))), "rheumatoid arthritis"),
        (draft(reason=(icd("U07.1"), icd("M31.6"))), "giant cell arteritis"),
        (draft(reason="M05.9", reason_unread=True), "rheumatoid arthritis"),
    ],
    ids=[
        "arthritis",
        "an acute one",
        "another drug of the role",
        "infliximab",
        "beside depression",
        "a lasting and an acute one",
        "beside words",
    ],
)
@pytest.mark.parametrize(
    "record", [(), (DEPRESSED,), (CUT_OFF,)], ids=["nothing", "depressed", "cut off"]
)
def test_a_labelled_indication_on_the_draft_gives_its_grounds(
    written: DraftOrder, label: str, record: tuple[Piece, ...], knowledge: Knowledge
) -> None:
    expected = told(NOT_MET, f"a labelled indication is its reason: {label}")
    expect(knowledge, expected, written, *record)


@pytest.mark.parametrize(
    ("written", "record", "expected"),
    [
        (draft(reason="F33.1"), [DEPRESSED], told(MET, FOR_DEPRESSION)),
        (draft(reason="F33.1"), [], told(MET, FOR_DEPRESSION)),
        (draft(reason=(icd("R79.82"), icd("F33.1"))), [], told(MET, FOR_DEPRESSION)),
        (draft(reason="F33.1", reason_unread=True), [], told(MET, FOR_DEPRESSION)),
        (draft(reason=snomed("1153570009")), [], told(MET, FOR_DEPRESSION)),
        (draft(reason="R79.82"), [DEPRESSED], told(MET, OTHER_REASON)),
        (draft(reason=snomed("195967001")), [DEPRESSED], told(CANNOT_TELL, UNCLEAR)),
        (draft(reason=snomed("195967001")), [DEPRESSED, CUT_OFF], told(CANNOT_TELL, UNCLEAR)),
        (draft(), [], NOT_DEPRESSED),
        (draft(reason="R79.82"), [], NOT_DEPRESSED),
        (draft(reason=snomed("195967001")), [], NOT_DEPRESSED),
        (draft(), [CUT_OFF], NOT_ALL_READ),
        (draft(), [DEPRESSED, CUT_OFF], told(CANNOT_TELL, MAY_BE_MISSING)),
        (draft(reason="R79.82"), [DEPRESSED, CUT_OFF], told(CANNOT_TELL, MAY_BE_MISSING)),
        (draft(reason="F33.1"), [CUT_OFF], told(CANNOT_TELL, MAY_BE_MISSING)),
        (
            draft(reason="F33.1"),
            [unread("Condition")],
            told(
                CANNOT_TELL,
                "a labelled indication may be among the diagnoses missing "
                "(the server answered 403)",
            ),
        ),
    ],
    ids=[
        "depression",
        "depression, not in the record",
        "depression and another reason",
        "depression and words",
        "treatment resistance",
        "another reason",
        "a code of a short list",
        "a code of a short list, and diagnoses missing",
        "not depressed",
        "not depressed, another reason",
        "not depressed, a code of a short list",
        "depression open",
        "diagnoses missing",
        "another reason, diagnoses missing",
        "depression, diagnoses missing",
        "depression, no diagnoses at all",
    ],
)
def test_what_a_draft_is_for_gives_its_grounds(
    written: DraftOrder, record: list[Piece], expected: Finding, knowledge: Knowledge
) -> None:
    expect(knowledge, expected, written, *record)
