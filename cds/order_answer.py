"""How is an assessment of draft orders told? In the decision record; no answer has it."""

from typing import Any

from cds.answer import without_empty
from rules.findings import Finding
from rules.order_findings import OrderAssessment


def tell_order_assessment(assessment: OrderAssessment) -> dict[str, Any]:
    """Write an assessment of draft orders as a JSON object; nothing in it is null or empty."""
    written = {
        "asOf": assessment.as_of.isoformat(),
        "knowledge": {
            "version": assessment.knowledge_version,
            "sha256": assessment.knowledge_sha256,
        },
        "experimentalOrder": {
            **_tell(assessment.finding),
            "depression": _tell(assessment.depression),
            "drafts": [
                {
                    "drug": draft.drug,
                    "fromText": draft.from_text or None,
                    **_tell(draft.finding),
                }
                for draft in assessment.drafts
            ],
            "signals": [_tell(signal.finding) for signal in assessment.suicide_signals],
            "caveats": list(assessment.caveats),
        },
        "withheld": [
            {"reason": each.reason, "because": each.finding.because} for each in assessment.withheld
        ],
        "gaps": [{"what": gap.what, "because": gap.because} for gap in assessment.gaps],
        "notUsed": [
            {"source": each.source, "because": each.because} for each in assessment.not_used
        ],
    }
    told = without_empty(written)
    return told if isinstance(told, dict) else {}


def _tell(finding: Finding) -> dict[str, Any]:
    return {
        "verdict": finding.verdict.value,
        "because": finding.because,
        "sources": list(finding.sources),
    }
