"""Was the drug given for depression, as far as the record says?"""

from collections.abc import Iterable, Sequence

from rules.clinical_time import Span, overlaps
from rules.facts import Diagnosis, Exposure
from rules.findings import Finding, Verdict
from rules.knowledge.drugs import OtherUse, OtherUseEffect
from rules.knowledge.model import Knowledge


def judge_indication(
    exposures: Sequence[Exposure], diagnoses: Sequence[Diagnosis], knowledge: Knowledge
) -> Finding:
    """Judge whether a course was given for depression: an explicit reason first, then co-diagnoses.

    MET: a depression reason, or nothing that speaks against it. NOT_MET: the only reasons given
    are another use of the drug, or a depression reason is needed and missing. CANNOT_TELL: no
    reason is given, and a diagnosis is coded that the drug is also used for. Source: drugs.md
    section 6 and rule.md section 12 points 15 and 16. An anxiety reason counts beside a coded
    depression. Unknown input: a reason code that no set holds neither supports nor removes a
    course; without any diagnosis it cannot be told whether a depression stands beside the anxiety.
    """
    uses = [use for use in knowledge.drugs.other_uses if use.drug == exposures[0].drug.name]
    depression = knowledge.value_sets["indication-depression"]
    for exposure in exposures:
        if depression.find(exposure.reasons) is not None:
            return _finding(Verdict.MET, "given for depression", exposure.sources)
    return (
        _by_reason(exposures, uses, knowledge)
        or _by_anxiety(exposures, diagnoses, uses, knowledge)
        or _by_diagnosis(diagnoses, uses, knowledge)
        or _finding(Verdict.MET, "no other reason for it is recorded", ())
    )


def given_for_anxiety_only(exposures: Iterable[Exposure], knowledge: Knowledge) -> bool:
    """Say whether the only reasons given are anxiety and related disorders.

    Such a course counts where depression is coded, and the card says so. Source: drugs.md section
    6. Unknown input: no reason at all is not "anxiety only".
    """
    reasons = [code for exposure in exposures for code in exposure.reasons]
    anxiety = knowledge.value_sets["indication-anxiety"]
    depression = knowledge.value_sets["indication-depression"]
    return anxiety.find(reasons) is not None and depression.find(reasons) is None


def may_be_smoking_cessation(
    exposures: Sequence[Exposure], span: Span, beside: Sequence[Span], knowledge: Knowledge
) -> bool:
    """Say whether a short course of a drug also used to stop smoking runs beside another such drug.

    Units: days; `trd.smoking_course_max_days` or fewer from the first to the last. `beside`: merged
    days of nicotine replacement and the like. Source: drugs.md section 6. Unknown input: undated
    nicotine replacement runs beside nothing; a depression reason settles it.
    """
    depression = knowledge.value_sets["indication-depression"]
    used_for_smoking = any(
        use.drug == exposures[0].drug.name and use.value_set == "indication-smoking"
        for use in knowledge.drugs.other_uses
    )
    return (
        used_for_smoking
        and span.days <= knowledge.trd.smoking_course_max_days
        and overlaps(beside, span)
        and not any(depression.find(each.reasons) for each in exposures)
    )


def depression_is_active(diagnoses: Iterable[Diagnosis], knowledge: Knowledge) -> bool:
    """Say whether a depressive disorder is coded that is present now. No status counts as now."""
    active = {None, *knowledge.records.condition_active}
    return any(
        knowledge.value_sets[name].find(diagnosis.codes) is not None
        for diagnosis in diagnoses
        if diagnosis.clinical_status in active
        for name in ("depression-mdd", "depression-nonspecific")
    )


def _by_anxiety(
    exposures: Sequence[Exposure],
    diagnoses: Sequence[Diagnosis],
    uses: Iterable[OtherUse],
    knowledge: Knowledge,
) -> Finding | None:
    """Judge a reason that counts only beside a depression."""
    if depression_is_active(diagnoses, knowledge):
        return None
    for use in uses:
        reasons = knowledge.value_sets[use.value_set]
        for exposure in exposures:
            if use.effect is OtherUseEffect.COUNTS and reasons.find(exposure.reasons) is not None:
                because = f"given for another reason: {reasons.title.lower()}"
                if diagnoses:
                    because = f"{because}; no depression is coded as present"
                    return _finding(Verdict.NOT_MET, because, exposure.sources)
                return _finding(Verdict.CANNOT_TELL, because, exposure.sources)
    return None


def _by_reason(
    exposures: Iterable[Exposure], uses: Iterable[OtherUse], knowledge: Knowledge
) -> Finding | None:
    for use in uses:
        reasons = knowledge.value_sets[use.value_set]
        for exposure in exposures:
            if use.effect is OtherUseEffect.NEEDS_REASON:
                return _finding(
                    Verdict.NOT_MET,
                    "counted only where depression is the recorded reason",
                    exposure.sources,
                )
            if (
                use.effect is OtherUseEffect.REMOVE
                and use.where in {"reason", "either"}
                and reasons.find(exposure.reasons) is not None
            ):
                because = f"given for another reason: {reasons.title.lower()}"
                return _finding(Verdict.NOT_MET, because, exposure.sources)
    return None


def _by_diagnosis(
    diagnoses: Iterable[Diagnosis], uses: Sequence[OtherUse], knowledge: Knowledge
) -> Finding | None:
    verdicts = {
        OtherUseEffect.REMOVE: Verdict.NOT_MET,
        OtherUseEffect.UNCLEAR: Verdict.CANNOT_TELL,
    }
    asked = [
        (knowledge.value_sets[use.value_set], verdicts[use.effect])
        for use in uses
        if use.effect in verdicts and use.where in {"diagnosis", "either"}
    ]
    active = {None, *knowledge.records.condition_active}
    for diagnosis in diagnoses:
        if diagnosis.clinical_status not in active:
            continue
        for conditions, verdict in asked:
            if conditions.find(diagnosis.codes) is not None:
                because = (
                    "no depression reason is recorded for it, and a diagnosis it is also used for "
                    f"is coded: {conditions.title.lower()}"
                )
                return _finding(verdict, because, diagnosis.sources)
    return None


def _finding(verdict: Verdict, because: str, sources: tuple[str, ...]) -> Finding:
    return Finding(
        verdict=verdict,
        because=because,
        citations=("rules/drugs/other_uses.csv",),
        sources=sources,
    )
