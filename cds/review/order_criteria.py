"""Of which criteria does a decision on draft orders consist?"""

from dataclasses import replace

from cds.review.criterion import (
    Criterion,
    of_finding,
    record_criterion,
    signal_criteria,
    withheld_criteria,
)
from rules.order_findings import JudgedDraft, OrderAssessment


def order_criteria_of(assessment: OrderAssessment) -> Criterion:
    """Give the tree of criteria that led to a decision on draft orders, with every finding."""
    judged = of_finding(
        assessment.finding, "experimental_order", "A card on an experimental drug order is due"
    )
    depression = of_finding(assessment.depression, "depression", "Depression is active")
    drafts = [_draft(each, place) for place, each in enumerate(assessment.drafts, 1)]
    return replace(
        judged,
        notes=assessment.caveats,
        children=(
            depression,
            *drafts,
            *withheld_criteria(assessment.withheld),
            *signal_criteria(assessment.suicide_signals),
            record_criterion(assessment),
        ),
    )


def _draft(draft: JudgedDraft, place: int) -> Criterion:
    title = f"Draft order: {draft.drug}" if draft.drug else "Draft order of another drug"
    judged = of_finding(draft.finding, f"draft-{place}", title)
    known = ("The drug is known from words only",) if draft.from_text else ()
    studies = (f"Studies in the ledger: {', '.join(draft.studies)}",) if draft.studies else ()
    return replace(judged, notes=(*known, *studies))
