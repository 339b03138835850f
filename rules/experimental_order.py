"""Is this draft order one of an experimental drug, for depression?"""

from dataclasses import dataclass
from datetime import date

from rules.active_depression import DEPRESSION
from rules.codes import PREFIX_SYSTEMS, Code
from rules.draft_orders import DraftOrder
from rules.facts import Diagnosis
from rules.findings import Finding, Verdict
from rules.knowledge.experimental_uses import ExperimentalUse, Fires
from rules.knowledge.model import Knowledge
from rules.labelled_indication import find_in_record, find_on_draft

_CITATION = "rules/drugs/experimental.csv"
_REASONS = (*DEPRESSION, "indication-depression")
_UNREAD_REASON = "the draft entry gives a reason that cannot be compared, such as one in words only"
_SHORT_LIST = "the draft entry gives a reason under a code that our lists do not hold in full"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderingPatient:
    """What the record says that bears on every draft of a patient.

    bars: why no draft is answered at all. unseen: why the diagnoses are known not to be all.
    """

    bars: Finding | None
    depression: Finding
    diagnoses: tuple[Diagnosis, ...]
    unseen: str | None
    as_of: date


def judge_draft(draft: DraftOrder, patient: OrderingPatient, knowledge: Knowledge) -> Finding:
    """Judge whether one draft order is of an experimental drug without a labelled indication.

    Source: interfaces.md (order-select and order-sign). Unknown input: a drug that is not known, a
    reason that cannot be compared, and diagnoses that were not received as a whole are CANNOT_TELL,
    each only where nothing else has already settled that there is nothing to say.
    """
    use = use_of(draft, knowledge)
    settled = _not_being_ordered(draft, knowledge) or patient.bars
    if settled is not None:
        return settled
    if use is None:
        return _another_drug(draft, patient, knowledge)
    return (
        _common_drug(draft, use, patient, knowledge)
        or find_on_draft(draft, use, knowledge)
        or find_in_record(patient.diagnoses, use, patient.as_of, knowledge)
        or _for_depression(draft, use, patient, knowledge)
    )


def use_of(draft: DraftOrder, knowledge: Knowledge) -> ExperimentalUse | None:
    """Give the row of the experimental drugs that a draft falls under, or None."""
    return next(
        (use for use in knowledge.experimental_uses if any(map(use.is_of, draft.drugs))), None
    )


def _not_being_ordered(draft: DraftOrder, knowledge: Knowledge) -> Finding | None:
    if draft.do_not_perform:
        return _finding(Verdict.NOT_MET, "an instruction not to give the drug", draft)
    if draft.status in knowledge.orders.left_out_statuses:
        status = knowledge.records.named(draft.status)
        return _finding(Verdict.NOT_MET, f"the draft entry has the status {status}", draft)
    return None


def _another_drug(draft: DraftOrder, patient: OrderingPatient, knowledge: Knowledge) -> Finding:
    if draft.drug_unread is not None:
        depressed = patient.depression.verdict is not Verdict.NOT_MET
        if not depressed and not _is_for_depression(draft, knowledge):
            return patient.depression
        because = f"the drug of a draft entry is not known: {draft.drug_unread}"
        return _finding(Verdict.CANNOT_TELL, because, draft)
    because = "no drug that the evidence ledger names as experimental for depression"
    return _finding(Verdict.NOT_MET, because, draft)


def _common_drug(
    draft: DraftOrder, use: ExperimentalUse, patient: OrderingPatient, knowledge: Knowledge
) -> Finding | None:
    """A common drug is answered only where depression is all that its draft is for."""
    if use.fires is not Fires.DEPRESSION_IS_THE_REASON:
        return None
    others = [each for each in draft.reasons if not _is_depression(each, knowledge)]
    given = draft.reasons or draft.reason_unread
    if not given or any(each.system in PREFIX_SYSTEMS for each in others):
        because = "a common drug, and its draft entry does not give depression as the reason"
        return _finding(Verdict.NOT_MET, because, draft)
    if not others and not draft.reason_unread:
        return None
    if len(others) == len(draft.reasons) and patient.depression.verdict is not Verdict.MET:
        return patient.depression
    because = f"a common drug, and {_UNREAD_REASON if draft.reason_unread else _SHORT_LIST}"
    return _finding(Verdict.CANNOT_TELL, because, draft)


def _for_depression(
    draft: DraftOrder, use: ExperimentalUse, patient: OrderingPatient, knowledge: Knowledge
) -> Finding:
    """No labelled indication was found: what does the draft itself say, what the record?"""
    for_depression = _is_for_depression(draft, knowledge)
    if not for_depression and patient.depression.verdict is not Verdict.MET:
        return patient.depression
    unclear = None if for_depression else _unclear_reason(draft)
    if unclear is not None:
        return _finding(Verdict.CANNOT_TELL, unclear, draft)
    if use.has_label and patient.unseen is not None:
        because = f"a labelled indication may be among the diagnoses missing ({patient.unseen})"
        return _finding(Verdict.CANNOT_TELL, because, draft)
    return _finding(Verdict.MET, _why_due(draft, use, for_depression=for_depression), draft)


def _why_due(draft: DraftOrder, use: ExperimentalUse, *, for_depression: bool) -> str:
    if for_depression:
        words = "depression is a reason on the draft entry"
    elif draft.reasons:
        words = "the reason on the draft entry is no labelled indication we know"
    else:
        words = "the draft entry gives no diagnosis as its reason"
    looked_for = ", and no labelled indication was found in the record"
    return f"{words}{looked_for if use.has_label else ''}"


def _unclear_reason(draft: DraftOrder) -> str | None:
    """Why a reason may still be a labelled indication; only classifications are listed whole."""
    if draft.reason_unread:
        return _UNREAD_REASON
    if draft.reasons and not any(each.system in PREFIX_SYSTEMS for each in draft.reasons):
        return _SHORT_LIST
    return None


def _is_for_depression(draft: DraftOrder, knowledge: Knowledge) -> bool:
    return any(_is_depression(each, knowledge) for each in draft.reasons)


def _is_depression(code: Code, knowledge: Knowledge) -> bool:
    return any(knowledge.value_sets[name].contains(code) for name in _REASONS)


def _finding(verdict: Verdict, because: str, draft: DraftOrder) -> Finding:
    return Finding(verdict=verdict, because=because, citations=(_CITATION,), sources=draft.sources)
