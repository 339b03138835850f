"""Does a clinician's own coded statement say that the depression is treatment-resistant?"""

from rules.current_state import is_active, since
from rules.facts import Diagnosis, Facts
from rules.findings import SupportingTreatment, TrialGrade
from rules.sessions import supporting_treatment
from rules.trial_candidate import TrialSetting


def find_statement(facts: Facts, setting: TrialSetting) -> tuple[SupportingTreatment, ...]:
    """Give the coded statement of treatment resistance that stands now, if there is one.

    Source: rule.md section 4.7 rank 4: it supports, like an augmentation, and shows no failed
    trial, so that it can lead to "possible" and never to "met". Unknown input: without a date it
    stands as long as it is active; one that is provisional, or dated before the episode, says
    nothing about today.
    """
    codes = setting.knowledge.value_sets["depression-treatment-resistant"]
    standing = [each for each in facts.diagnoses if _stands(each, setting)]
    for diagnosis in standing:
        code = codes.find(diagnosis.codes)
        if code is not None:
            because = f"coded by a clinician{since(diagnosis)}; it supports, and shows no trial"
            found = supporting_treatment(
                codes.label(code), "statement", TrialGrade.INDETERMINATE, because, diagnosis.sources
            )
            return (found,)
    return ()


def _stands(diagnosis: Diagnosis, setting: TrialSetting) -> bool:
    records = setting.knowledge.records
    dated = diagnosis.recorded or diagnosis.onset
    return (
        is_active(diagnosis, setting.as_of, setting.knowledge)
        and diagnosis.verification not in records.condition_provisional_verification
        and (dated is None or dated.latest >= setting.episode.start)
    )
