"""Which diagnoses speak against a card, so that they count although nobody confirmed them?"""

from collections.abc import Iterable, Mapping

from rules.codes import Code
from rules.facts import Diagnosis
from rules.knowledge.model import Knowledge

# Tested before the depression codes: public depression lists hold bipolar and psychotic codes.
OUT_OF_SCOPE_SETS = ("bipolar", "psychosis", "depression-psychotic", "dementia")
# Active diagnoses that withhold the evidence card: reason in the answer, and the value set.
WITHHOLDING_SETS: Mapping[str, str] = {
    "delirium": "delirium",
    "palliative_care": "palliative",
    "breastfeeding": "breastfeeding",
    "depression_due_to_another_cause": "depression-other-cause",
}
# Sets that withhold it by rules of their own.
_JUDGED_APART = (
    "pregnancy",
    "delivery",
    "acute-infection",
    "suicide-attempt",
    "suicidal-ideation",
)
_ALL = (*OUT_OF_SCOPE_SETS, *WITHHOLDING_SETS.values(), *_JUDGED_APART)


def speaks_against(codes: Iterable[Code], knowledge: Knowledge) -> bool:
    """Say whether a diagnosis can put a patient out of scope or withhold the evidence card.

    Source: rule.md sections 8.1 and 9. Unknown input: a code of none of the sets does not.
    """
    known = list(codes)
    return any(knowledge.value_sets[name].find(known) is not None for name in _ALL)


def doubt(diagnosis: Diagnosis, knowledge: Knowledge) -> str:
    """Say in a sentence that a diagnosis is not certain: ", provisional"; nothing where it is."""
    records, status = knowledge.records, diagnosis.verification
    uncertain = (
        records.condition_provisional_verification | records.condition_unconfirmed_verification
    )
    return f", {status}" if status in uncertain else ""
