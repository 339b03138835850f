"""What holds the class of treatment resistance back, or stays open about it as a whole?"""

from rules.completeness import unread
from rules.facts import Facts
from rules.findings import Verdict
from rules.knowledge.model import Knowledge
from rules.trial_count import ResistanceEvidence


def find_open_points(
    facts: Facts, evidence: ResistanceEvidence, knowledge: Knowledge
) -> tuple[str, ...]:
    """Give a sentence for each point that a clinician must know beside the class.

    Source: rule.md sections 1.2, 8.1 and 8.2; wording.md section 2 point 3. Unknown input: what
    was read and settled is not named.
    """
    says, points = knowledge.evidence.statements, list[str]()
    doubted = evidence.eligibility.doubted
    if doubted is not None:
        points.append(says["provisional_exclusion"].format(diagnosis=doubted.because))
    missing = unread(facts, "Condition")
    if missing is not None:
        points.append(says["diagnoses_missing"].format(reason=missing.because))
    if evidence.severity.verdict is Verdict.CANNOT_TELL:
        points.append(says["severity_open"].format(reason=evidence.severity.because))
    count, needed = evidence.count, knowledge.trd.min_failed_trials
    if count.failed < needed <= count.possible:
        points.append(says["trials_short"].format(shown=count.failed, needed=needed))
    if _only_unspecified(facts, knowledge):
        points.append(says["nonspecific_depression"])
    return tuple(points)


def _only_unspecified(facts: Facts, knowledge: Knowledge) -> bool:
    """Whether a depression is coded, and every code of it leaves its kind open."""
    named = ("depression-nonspecific", "depression-mdd", "depression-remission")
    held = [
        any(knowledge.value_sets[name].find(each.codes) for each in facts.diagnoses)
        for name in named
    ]
    return held == [True, False, False]
