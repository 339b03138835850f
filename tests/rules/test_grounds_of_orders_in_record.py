"""Does the answer about a draft order give its whole ground where it rests on the record?"""

from dataclasses import replace
from typing import Any

import pytest

from rules.findings import Finding
from rules.knowledge import Knowledge
from tests.rules.order_cases import (
    ACTIVE,
    CANNOT_TELL,
    CUT_OFF,
    MAY_BE_MISSING,
    MET,
    NO_REASON,
    NOT_ALL_READ,
    NOT_DEPRESSED,
    NOT_MET,
    PARTLY,
    expect,
    told,
)
from tests.support.build import Piece, diagnosis, phq9, phq9_item9, snomed, unread
from tests.support.build_drafts import DEPRESSED, draft, judged


def depressed(because: str, source: str) -> Finding:
    return Finding(verdict=MET, because=because, citations=("rule 8.2",), sources=(source,))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ([DEPRESSED], ACTIVE),
        (
            [diagnosis("F32.9", onset="2026-05", recorded="2026-06-01")],
            depressed(
                "major depressive disorder, unspecified is coded as active (since 2026-05)",
                "Condition/F329-2026-05",
            ),
        ),
        (
            [diagnosis("F53.0")],
            depressed("postpartum depression is coded as active", "Condition/F530-undated"),
        ),
        (
            [diagnosis(snomed("1153570009"))],
            depressed(
                "treatment resistant depression is coded as active",
                "Condition/1153570009-undated",
            ),
        ),
        ([diagnosis("E11.9"), diagnosis("F32.5"), DEPRESSED], ACTIVE),
        ([diagnosis("F32.1", clinical_status="resolved"), DEPRESSED], ACTIVE),
        ([diagnosis("F32.1", abatement="2026-06-29"), DEPRESSED], ACTIVE),
        (
            [diagnosis("F32.1", abatement="2026-06-30")],
            depressed(
                "major depressive disorder, single episode is coded as active",
                "Condition/F321-undated",
            ),
        ),
        ([DEPRESSED, CUT_OFF], ACTIVE),
        ([DEPRESSED, PARTLY], ACTIVE),
        ([DEPRESSED, phq9(17, "2026-06-15")], ACTIVE),
        ([DEPRESSED, phq9(4, "2026-03-31")], ACTIVE),
        ([DEPRESSED, phq9(2, "2026-06-15"), phq9_item9(3, "2026-06-15")], ACTIVE),
        ([], NOT_DEPRESSED),
        ([diagnosis("E11.9")], NOT_DEPRESSED),
        ([diagnosis("F33.42")], NOT_DEPRESSED),
        ([diagnosis("F33.1", clinical_status="resolved")], NOT_DEPRESSED),
        ([phq9(20, "2026-06-15")], NOT_DEPRESSED),
        ([unread("Observation")], NOT_DEPRESSED),
        ([CUT_OFF], NOT_ALL_READ),
        ([CUT_OFF, phq9(4, "2026-06-15")], NOT_ALL_READ),
    ],
    ids=[
        "recorded",
        "begun",
        "undated",
        "treatment resistance",
        "after another and a full remission",
        "after one that is over",
        "after one that ended yesterday",
        "ended today",
        "diagnoses missing",
        "diagnoses partly read",
        "a score above the cut-off",
        "a score of 91 days ago",
        "a score that its item contradicts",
        "nothing",
        "another diagnosis",
        "full remission",
        "over",
        "a score without a diagnosis",
        "scores missing",
        "nothing but diagnoses missing",
        "a low score and diagnoses missing",
    ],
)
def test_whether_depression_is_active_gives_its_grounds(
    record: list[Piece], expected: Finding, knowledge: Knowledge
) -> None:
    assert judged(knowledge, *record, draft()).depression == expected


@pytest.mark.parametrize("record", [[DEPRESSED], [DEPRESSED, CUT_OFF]], ids=["all", "cut off"])
def test_a_low_score_of_the_last_90_days_is_the_ground_on_which_nothing_is_said(
    record: list[Piece], knowledge: Knowledge
) -> None:
    found = judged(knowledge, *record, phq9(4, "2026-04-01"), draft())
    assert found.finding == found.depression
    assert found.finding.verdict is NOT_MET
    assert found.finding.because == (
        "not depressed now: PHQ-9 4 on 2026-04-01, below the cut-off of 10 for current depression"
    )
    assert "rule 8.2" in found.finding.citations
    assert "Observation/44261-6-2026-04-01" in found.finding.sources


def in_record(label: str, source: str) -> Finding:
    return told(NOT_MET, f"a labelled indication is in the record: {label}", source)


ARTHRITIS = in_record("rheumatoid arthritis", "Condition/M059-undated")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ([diagnosis("M05.9")], ARTHRITIS),
        ([diagnosis("M05.9", recorded="2019-01-01")], ARTHRITIS),
        ([diagnosis("M05.9", clinical_status=None, verification="provisional")], ARTHRITIS),
        ([diagnosis("M05.9", abatement="2026-06-30")], ARTHRITIS),
        ([diagnosis("M05.9", abatement="2026-06")], ARTHRITIS),
        ([diagnosis("M05.9", abatement="2026-06-29")], told(MET, NO_REASON)),
        ([diagnosis("M05.9", clinical_status="resolved")], told(MET, NO_REASON)),
        ([diagnosis("E11.9"), diagnosis("M05.9"), CUT_OFF], ARTHRITIS),
        ([diagnosis("D47.Z2", clinical_status="resolved"), diagnosis("M05.9")], ARTHRITIS),
        ([diagnosis("U07.1")], in_record("COVID-19", "Condition/U071-undated")),
        (
            [diagnosis("U07.1", onset="2026-05-31", recorded="2026-01-01")],
            in_record("COVID-19", "Condition/U071-2026-05-31"),
        ),
        (
            [diagnosis("U07.1", recorded="2026-05-31")],
            in_record("COVID-19", "Condition/U071-undated"),
        ),
        ([diagnosis("U07.1", onset="2026-05-30", recorded="2026-06-01")], told(MET, NO_REASON)),
        ([diagnosis("U07.1", onset="2026-05-30")], told(MET, NO_REASON)),
        ([diagnosis("U07.1", recorded="2026-05-30")], told(MET, NO_REASON)),
        ([diagnosis("K50.90")], told(MET, NO_REASON)),
        ([diagnosis("U07.1", onset="2026-05-30"), CUT_OFF], told(CANNOT_TELL, MAY_BE_MISSING)),
    ],
    ids=[
        "lasting",
        "long ago",
        "provisional",
        "ended today",
        "ended this month",
        "ended yesterday",
        "resolved",
        "after another, diagnoses missing",
        "after one that is over",
        "acute, undated",
        "acute, begun 30 days ago",
        "acute, recorded 30 days ago",
        "acute, begun 31 days ago and recorded later",
        "acute, begun 31 days ago",
        "acute, recorded 31 days ago",
        "of another drug",
        "acute and over, diagnoses missing",
    ],
)
def test_a_labelled_indication_in_the_record_gives_its_grounds(
    record: list[Piece], expected: Finding, knowledge: Knowledge
) -> None:
    expect(knowledge, expected, draft(), DEPRESSED, *record)


NOT_OF_AGE = Finding(
    verdict=NOT_MET,
    because="younger than 18 years old",
    citations=("trd.min_age",),
    sources=("Patient/p",),
)


@pytest.mark.parametrize(
    ("person", "record", "expected"),
    [
        (
            {"deceased": True, "born": "2008-07-01"},
            [],
            Finding(
                verdict=NOT_MET,
                because="the record says the patient has died",
                sources=("Patient/p",),
            ),
        ),
        ({"born": "2008-07-01"}, [], NOT_OF_AGE),
        ({"born": "2008-07-01"}, [unread("Patient")], NOT_OF_AGE),
        ({"born": "2008"}, [], replace(NOT_OF_AGE, because="not surely 18 years old")),
        ({"born": None}, [], replace(NOT_OF_AGE, because="the date of birth is not known")),
        (
            {"born": None},
            [unread("Condition")],
            replace(NOT_OF_AGE, because="the date of birth is not known"),
        ),
        (
            {"born": None},
            [unread("Patient")],
            Finding(
                verdict=CANNOT_TELL,
                because="the patient's own data could not be read (the server answered 403)",
            ),
        ),
        ({"born": "2008-06-30"}, [], told(MET, NO_REASON)),
        ({"born": "2008-06-30"}, [unread("Patient")], told(MET, NO_REASON)),
    ],
    ids=[
        "died",
        "17",
        "17, not all read",
        "17 or 18",
        "no date of birth",
        "no date of birth, diagnoses missing",
        "no date of birth, not all read",
        "18",
        "18, not all read",
    ],
)
def test_of_whom_nothing_is_said_gives_its_grounds(
    person: dict[str, Any], record: list[Piece], expected: Finding, knowledge: Knowledge
) -> None:
    found = judged(knowledge, DEPRESSED, *record, draft(), **person)
    assert [each.finding for each in found.drafts] == [expected]
    assert (found.finding, found.depression) == (expected, ACTIVE)
