"""Is the patient depressed now, as far as diagnoses and scores show?"""

from collections.abc import Iterable
from datetime import date

from rules.completeness import unread
from rules.current_state import is_active, since
from rules.facts import Diagnosis, Facts
from rules.findings import Finding, Verdict
from rules.knowledge.model import Knowledge
from rules.plain_words import sources_of, within_sentence
from rules.severity import UsableScores, judge_current_severity

# Wider than the record that a claim of treatment resistance needs: a psychotic depression too is
# one that an experimental drug is not approved for. Partial remission is not the end of it.
DEPRESSION = (
    "depression-mdd",
    "depression-nonspecific",
    "depression-psychotic",
    "depression-perinatal",
    "depression-remission",
    "depression-treatment-resistant",
)
_OVER = "depression-full-remission"


def judge_active_depression(
    facts: Facts, scores: UsableScores, as_of: date, knowledge: Knowledge
) -> Finding:
    """Judge whether a depressive disorder is coded as active and no recent score denies it.

    Units: points and days, `trd.severity_max_age_days`. Source: interfaces.md (order-select and
    order-sign), rule.md sections 1.2 row 2 and 8.2. Unknown input: a diagnosis without a clinical
    status is active; no score, an old one or scores that disagree leave the diagnosis alone to
    decide; where no depressive disorder is found and not all diagnoses could be read, it cannot be
    told.
    """
    found = _active(facts.diagnoses, as_of, knowledge)
    missing = unread(facts, "Condition")
    if found is None and missing is not None:
        because = "no active depressive disorder is coded, and diagnoses may be missing"
        return _finding(Verdict.CANNOT_TELL, f"{because} ({missing.because})", ())
    if found is None:
        return _finding(Verdict.NOT_MET, "no active depressive disorder is coded", ())
    severity = judge_current_severity(scores, as_of, knowledge.trd.severity_max_age_days)
    if severity.verdict is Verdict.NOT_MET:
        return Finding(
            verdict=Verdict.NOT_MET,
            because=f"not depressed now: {severity.because}",
            citations=tuple(dict.fromkeys((*found.citations, *severity.citations))),
            sources=sources_of([severity.sources, found.sources]),
        )
    return found


def _active(diagnoses: Iterable[Diagnosis], as_of: date, knowledge: Knowledge) -> Finding | None:
    over = knowledge.value_sets[_OVER]
    for diagnosis in diagnoses:
        if over.find(diagnosis.codes) is not None or not is_active(diagnosis, as_of, knowledge):
            continue
        for value_set in (knowledge.value_sets[name] for name in DEPRESSION):
            code = value_set.find(diagnosis.codes)
            if code is not None:
                words = f"{within_sentence(value_set.label(code))} is coded as active"
                return _finding(Verdict.MET, f"{words}{since(diagnosis)}", diagnosis.sources)
    return None


def _finding(verdict: Verdict, because: str, sources: tuple[str, ...]) -> Finding:
    return Finding(verdict=verdict, because=because, citations=("rule 8.2",), sources=sources)
