"""Does a labelled indication explain this draft order: on the draft, or in the record?"""

from collections.abc import Iterable
from datetime import date

from rules.clinical_time import days_between
from rules.codes import Code
from rules.draft_orders import DraftOrder
from rules.facts import Diagnosis
from rules.findings import Finding, Verdict
from rules.knowledge.experimental_uses import ExperimentalUse
from rules.knowledge.model import Knowledge


def find_on_draft(draft: DraftOrder, use: ExperimentalUse, knowledge: Knowledge) -> Finding | None:
    """Give the labelled indication among the reasons of a draft, or None.

    Source: interfaces.md (order-select and order-sign). Unknown input: a reason that cannot be
    compared is none; whoever judges the draft asks for it apart.
    """
    label = _label((*use.labelled, *use.labelled_acute), draft.reasons, knowledge)
    if label is None:
        return None
    return _finding(f"a labelled indication is its reason: {label}", draft.sources)


def find_in_record(
    diagnoses: Iterable[Diagnosis], use: ExperimentalUse, as_of: date, knowledge: Knowledge
) -> Finding | None:
    """Give a labelled indication among the diagnoses that may still be treated, or None.

    Units: days; an acute one counts for `orders.acute_indication_days` after its beginning,
    inclusive. Source: interfaces.md. Unknown input: a diagnosis without a status or a date counts,
    because nothing shows that it is over; a provisional one counts too, because it may be what is
    being treated.
    """
    for diagnosis in diagnoses:
        if _is_over(diagnosis, as_of, knowledge):
            continue
        names = use.labelled
        if _is_recent(diagnosis, as_of, knowledge):
            names = (*names, *use.labelled_acute)
        label = _label(names, diagnosis.codes, knowledge)
        if label is not None:
            because = f"a labelled indication is in the record: {label}"
            return _finding(because, diagnosis.sources)
    return None


def _label(names: Iterable[str], codes: tuple[Code, ...], knowledge: Knowledge) -> str | None:
    for value_set in (knowledge.value_sets[name] for name in names):
        code = value_set.find(codes)
        if code is not None:
            return value_set.label(code)
    return None


def _is_over(diagnosis: Diagnosis, as_of: date, knowledge: Knowledge) -> bool:
    ended = diagnosis.abatement is not None and diagnosis.abatement.latest < as_of
    return ended or diagnosis.clinical_status in knowledge.orders.indication_over


def _is_recent(diagnosis: Diagnosis, as_of: date, knowledge: Knowledge) -> bool:
    begun = diagnosis.onset or diagnosis.recorded
    limit = knowledge.orders.acute_indication_days
    return begun is None or days_between(begun.latest, as_of) <= limit


def _finding(because: str, sources: tuple[str, ...]) -> Finding:
    return Finding(
        verdict=Verdict.NOT_MET,
        because=because,
        citations=("rules/drugs/experimental.csv",),
        sources=sources,
    )
