"""In which words does the rule on draft orders answer, and what does a test expect of one draft?"""

from rules.draft_orders import DraftOrder
from rules.facts import Completeness, Incomplete
from rules.findings import Finding, Verdict
from rules.knowledge import Knowledge
from tests.support.build import Piece
from tests.support.build_drafts import judged

MET, NOT_MET, CANNOT_TELL = Verdict.MET, Verdict.NOT_MET, Verdict.CANNOT_TELL
TABLE = ("rules/drugs/experimental.csv",)
DRAFT = "MedicationRequest/draft"
NOWHERE = "its reference leads nowhere"
CUT_OFF = Incomplete(
    resource_type="Condition", completeness=Completeness.TRUNCATED, because="a page was not read"
)
PARTLY = Incomplete(
    resource_type="Condition", completeness=Completeness.PARTLY_READ, because="one has no code"
)

NOT_FOUND = ", and no labelled indication was found in the record"
NO_REASON = f"the draft entry gives no diagnosis as its reason{NOT_FOUND}"
FOR_DEPRESSION = f"depression is a reason on the draft entry{NOT_FOUND}"
OTHER_REASON = f"the reason on the draft entry is no labelled indication we know{NOT_FOUND}"
NO_DRUG_OF_OURS = "no drug that the evidence ledger names as experimental for depression"
COMMON = "a common drug, and its draft entry does not give depression as the reason"
UNKNOWN = f"the drug of a draft entry is not known: {NOWHERE}"
UNCLEAR = "the draft entry gives a reason under a code that our lists do not hold in full"
MAY_BE_MISSING = "a labelled indication may be among the diagnoses missing (a page was not read)"


def told(verdict: Verdict, because: str, *sources: str) -> Finding:
    """Give a finding on a draft, which rests on the draft unless something else is named."""
    return Finding(verdict=verdict, because=because, citations=TABLE, sources=sources or (DRAFT,))


ACTIVE = Finding(
    verdict=MET,
    because="major depressive disorder, recurrent is coded as active (recorded 2025-06-01)",
    citations=("rule 8.2",),
    sources=("Condition/F331-undated",),
)
NOT_DEPRESSED = Finding(
    verdict=NOT_MET, because="no active depressive disorder is coded", citations=("rule 8.2",)
)
NOT_ALL_READ = Finding(
    verdict=CANNOT_TELL,
    because="no active depressive disorder is coded, and diagnoses may be missing "
    "(a page was not read)",
    citations=("rule 8.2",),
)


def expect(knowledge: Knowledge, expected: Finding, written: DraftOrder, *record: Piece) -> None:
    """Judge one draft: the finding on it and the sum of all are this one."""
    found = judged(knowledge, *record, written)
    assert [each.finding for each in found.drafts] == [expected]
    assert found.finding == expected
