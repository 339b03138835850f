"""Does an assessment of draft orders say all it rests on: signals, caveats, gaps, cards?"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.draft_orders import OrderFacts
from rules.findings import CardKind, Finding, Gap, NotUsed, SuicideSignal
from rules.knowledge import Knowledge
from rules.order_assessment import assess_orders
from rules.order_findings import JudgedDraft, OrderAssessment
from tests.rules.order_cases import (
    ACTIVE,
    CANNOT_TELL,
    CUT_OFF,
    MET,
    NO_REASON,
    NOWHERE,
    PARTLY,
    told,
)
from tests.support.build import (
    AS_OF,
    Piece,
    diagnosis,
    encounter,
    facts,
    icd,
    phq9,
    phq9_item9,
    unread,
)
from tests.support.build_drafts import DEPRESSED, INFLIXIMAB, draft, judged, unknown_draft
from tests.support.variants import with_parameters

LIST_IS_SHORT = (
    "Labelled indications are looked for by code in a list of our own; one that is recorded in "
    "words, or under a code the list lacks, is not found."
)


def signal(
    label: str, on: date, because: str, citation: str, source: str, **fields: Any
) -> SuicideSignal:
    fields = {"item_score": None, "total_disagrees": False, **fields}
    return SuicideSignal(
        label=label,
        date=on,
        written=on.isoformat(),
        finding=Finding(verdict=MET, because=because, citations=(citation,), sources=(source,)),
        **fields,
    )


ITEM = signal(
    "PHQ-9 item 9",
    date(2026, 6, 20),
    "PHQ-9 item on suicidal thoughts answered 2 on 2026-06-20; item and total disagree",
    "safety.ideation_days",
    "Observation/44260-8-2026-06-20",
    item_score=2,
    total_disagrees=True,
)
UNCONFIRMED = signal(
    "suicidal ideation",
    date(2026, 6, 10),
    "suicidal ideation coded 2026-06-10, unconfirmed",
    "safety.ideation_days",
    "Condition/R45851-2026-06-10",
)
CODED = signal(
    "suicidal ideation",
    date(2026, 6, 5),
    "suicidal ideation coded 2026-06-05",
    "safety.ideation_days",
    "Condition/R45851-2026-06-05",
)
ATTEMPT = signal(
    "suicide attempt",
    date(2026, 5, 1),
    "suicide attempt coded 2026-05-01",
    "safety.attempt_days",
    "Encounter/T1491-2026-05-01",
)
SIGNALS = (
    phq9(1, "2026-06-20"),
    phq9_item9(2, "2026-06-20"),
    diagnosis("R45.851", onset="2026-06-10", verification="unconfirmed"),
    diagnosis("R45.851", onset="2026-06-05"),
    encounter(icd("T14.91"), "2026-05-01"),
)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("when_evidence_withheld", (ITEM, UNCONFIRMED, CODED, ATTEMPT)),
        ("always", (ITEM, UNCONFIRMED, CODED, ATTEMPT)),
        ("off", ()),
    ],
)
def test_every_suicide_signal_of_the_record_stands_on_the_card(
    shown: str, expected: tuple[SuicideSignal, ...], knowledge: Knowledge
) -> None:
    site = with_parameters(knowledge, {"safety.suicide_safety_card": shown})
    found = judged(site, DEPRESSED, *SIGNALS, draft())
    assert (found.finding, found.suicide_signals) == (told(MET, NO_REASON), expected)


def test_an_assessment_of_orders_says_all_that_it_rests_on(knowledge: Knowledge) -> None:
    site = with_parameters(knowledge, {"cards.data_gap_card": True})
    low = phq9_item9(2, "2026-06-20"), phq9(1, "2026-06-20")
    refuted = diagnosis("M05.9", verification="refuted")
    record = facts(
        DEPRESSED,
        *low,
        refuted,
        PARTLY,
        unread("QuestionnaireResponse"),
        unread("MedicationDispense"),
        gaps=(Gap("bundle", "an entry has no resource"), Gap("procedure", "no code")),
    )
    left_out = NotUsed("DeviceRequest/d", "no order of a drug")
    drafts = (draft(INFLIXIMAB), unknown_draft(NOWHERE))
    given = OrderFacts(record=record, drafts=drafts, not_used=(left_out,))
    assert assess_orders(given, AS_OF, site) == OrderAssessment(
        as_of=AS_OF,
        rule_id="trd-default",
        rule_version=knowledge.rule_version,
        knowledge_version=knowledge.version,
        knowledge_sha256=knowledge.sha256,
        changed_parameters=("cards.data_gap_card = True",),
        finding=told(MET, NO_REASON),
        depression=ACTIVE,
        drafts=(
            JudgedDraft(
                drug="infliximab",
                finding=told(MET, NO_REASON),
                studies=("raison-2013", "mcintyre-2019"),
                risk="order_risk_infection",
            ),
            JudgedDraft(
                drug="",
                finding=replace(
                    told(CANNOT_TELL, f"the drug of a draft entry is not known: {NOWHERE}"),
                    sources=(),
                ),
            ),
        ),
        suicide_signals=(ITEM,),
        caveats=(
            LIST_IS_SHORT,
            "Diagnoses may be missing (one has no code); a labelled indication may be among them.",
        ),
        cards_due=(CardKind.EXPERIMENTAL_ORDER,),
        gaps=(
            Gap("bundle", "an entry has no resource"),
            Gap("condition", "one has no code"),
            Gap("draft entry", NOWHERE),
            Gap("questionnaireResponse", "the server answered 403"),
        ),
        not_used=(
            NotUsed("Condition/M059-undated", "verification status refuted"),
            left_out,
            NotUsed(
                "Observation/44261-6-2026-06-20",
                "a total below the answer to one of its own items",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("record", "asked_for", "due"),
    [
        ([DEPRESSED], True, (CardKind.EXPERIMENTAL_ORDER,)),
        ([DEPRESSED, CUT_OFF], True, (CardKind.DATA_GAP,)),
        ([DEPRESSED, CUT_OFF], False, ()),
        ([], True, ()),
    ],
    ids=["due", "open", "open, not asked for", "nothing to say"],
)
def test_the_card_that_is_due_follows_from_the_finding(
    record: list[Piece], asked_for: bool, due: tuple[CardKind, ...], knowledge: Knowledge
) -> None:
    site = with_parameters(knowledge, {"cards.data_gap_card": asked_for})
    found = judged(site, *record, draft())
    assert (found.cards_due, found.caveats[0]) == (due, LIST_IS_SHORT)


@pytest.mark.parametrize(
    "missing",
    [
        "Condition",
        "Encounter",
        "Observation",
        "Patient",
        "QuestionnaireResponse",
    ],
)
def test_what_is_missing_and_bears_on_a_draft_is_a_gap(missing: str, knowledge: Knowledge) -> None:
    named = missing[0].lower() + missing[1:]
    found = judged(knowledge, DEPRESSED, unread(missing), unread("Procedure"), draft())
    assert found.gaps == (Gap(named, "the server answered 403"),)


def test_where_nothing_is_missing_there_is_one_caveat_and_no_gap(knowledge: Knowledge) -> None:
    found = judged(knowledge, DEPRESSED, draft())
    assert (found.caveats, found.gaps, found.not_used) == ((LIST_IS_SHORT,), (), ())
