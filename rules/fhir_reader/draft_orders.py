"""What do the draft orders of a hook say: which drug, for which reason, in which state?

Only what the rule asks is decoded. The dose of a draft is not: clients write it in the forms of
several versions, and no card speaks of it.
"""

import re
from dataclasses import dataclass, replace

import msgspec

from rules.codes import Code
from rules.draft_orders import DraftOrder, OrderFacts
from rules.facts import Facts
from rules.fhir_reader.decoding import UnreadableError, decode
from rules.fhir_reader.duplicates import keep_one_version
from rules.fhir_reader.elements import (
    CodeableConcept,
    CodeableReference,
    codes_of,
    without_absences,
)
from rules.fhir_reader.linking import ResourceIndex, index_resources
from rules.fhir_reader.patients import index_patients, refuse_others
from rules.fhir_reader.products import MedicationChoice, read_product
from rules.fhir_reader.resources import RawResource, Reference, Resources, join
from rules.fhir_reader.unread_parts import find_modifier
from rules.findings import NotUsed
from rules.knowledge.model import Knowledge

_SELECTED = re.compile(r"(?:(?:^|/)([A-Z][A-Za-z]+)/|^urn:(?:uuid|oid):|^)([^/:?#|]+)$", re.ASCII)
_HISTORY = re.compile(r"/_history/[^/]*$")
# Besides orders a Bundle of drafts holds what they refer to.
_ORDER = "MedicationRequest"
_OLD_ORDER = "MedicationOrder"
_BESIDE_ORDERS = frozenset(
    {
        "Medication", "Patient", "Condition", "Practitioner", "PractitionerRole", "Organization",
        "Encounter", "Coverage", "Location", "Observation",
    }
)  # fmt: skip


class _Draft(MedicationChoice, frozen=True):
    """reason is R5's; the other two are R4's and STU3's."""

    status: str | None = None
    do_not_perform: bool | None = None
    reason_code: list[CodeableConcept] | None = None
    reason_reference: list[Reference] | None = None
    reason: list[CodeableReference] | None = None


_DRAFT = msgspec.json.Decoder(_Draft)


class NothingSelectedError(ValueError):
    """The hook says that orders were selected, and none of them is among its drafts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """The draft orders of a hook. selections: which of them count; None where all do."""

    resources: Resources
    selections: tuple[str, ...] | None = None


def read_draft_orders(
    drafts: Drafts, record: Resources, facts: Facts, patient_id: str, knowledge: Knowledge
) -> OrderFacts:
    """Read the drafts beside the record of their patient, which `facts` were read from.

    A draft may name its Medication within itself, in its Bundle, or in the record. The hook says
    whose the drafts are, so that one without a subject is this patient's. Clients select by
    Type/id, by the id alone, by an absolute address or by the entry's fullUrl. Unknown input: a
    draft that cannot be read is one whose drug is not known; so is an entry that could not be had
    at all. A draft without an id cannot be selected by name, so it counts as selected; a selection
    that names nothing here is passed over as long as another one does. Errors: OtherPatient where
    anything among the drafts, selected or not, belongs to somebody else; NothingSelectedError.
    """
    given = drafts.resources
    refuse_others(given.items, index_patients(join([record, given]), patient_id))
    index = index_resources(keep_one_version((*record.items, *given.items)).items)
    selected = _selected(drafts)
    lost = {each.because for each in given.gaps} | {each.because for each in given.incomplete}
    return OrderFacts(
        record=facts,
        drafts=(
            *(_read(item, index, knowledge) for item in selected if _is_order(item)),
            *(DraftOrder(drug_unread=because) for because in sorted(lost)),
        ),
        not_used=tuple(
            NotUsed(item.name, "a draft entry, but no order of a drug")
            for item in selected
            if not _is_order(item)
        ),
    )


def _selected(drafts: Drafts) -> tuple[RawResource, ...]:
    """Give the drafts that count, without what stands beside them for reference."""
    entries = [i for i in drafts.resources.items if i.resource_type not in _BESIDE_ORDERS]
    if not drafts.selections:
        return () if drafts.selections is not None else tuple(entries)
    wanted = frozenset(name for each in drafts.selections for name in _named_by(each.strip()))
    selected = tuple(item for item in entries if item.identity is None or _names_of(item) & wanted)
    unread = drafts.resources.gaps or drafts.resources.incomplete
    if not selected and not unread:  # else it may be what could not be read that was selected
        raise NothingSelectedError("none of the selected orders is among the drafts")
    return selected


def _named_by(selection: str) -> frozenset[str]:
    """Give the names a selection may mean: as it stands, and Type/id or id at its end."""
    ending = _SELECTED.search(_HISTORY.sub("", selection))
    if ending is None:
        return frozenset({selection})
    return frozenset({selection, f"{ending[1]}/{ending[2]}" if ending[1] else ending[2]})


def _names_of(item: RawResource) -> frozenset[str]:
    names = {item.full_url or "", item.identity or "", f"{item.resource_type}/{item.identity}"}
    return frozenset(names - {""})


def _is_order(item: RawResource) -> bool:
    return item.resource_type in {_ORDER, _OLD_ORDER}


def _read(item: RawResource, index: ResourceIndex, knowledge: Knowledge) -> DraftOrder:
    """Read one draft; what cannot be read of it is said in place of its drug."""
    sources = (item.name,)
    fault = _fault(item)
    if fault is not None:
        return DraftOrder(drug_unread=fault, sources=sources)
    try:
        return replace(_decoded(item, index, knowledge), sources=sources)
    except UnreadableError as error:
        return DraftOrder(drug_unread=f"{item.name} could not be read: {error}", sources=sources)


def _fault(item: RawResource) -> str | None:
    if item.resource_type == _OLD_ORDER:
        return f"{item.name} is of FHIR DSTU2 and was not read"
    if item.fault is not None:
        return f"{item.name} could not be read: {item.fault}"
    modifier = find_modifier(item)
    return None if modifier is None else f"the {modifier} of {item.name} may change what it means"


def _decoded(item: RawResource, index: ResourceIndex, knowledge: Knowledge) -> DraftOrder:
    read = decode(_DRAFT, item.raw)
    product = read_product(read, index, knowledge.drugs)
    reasons = index.reasons(read.reason_code, read.reason_reference, read.reason)
    return DraftOrder(
        drugs=product.drugs,
        drug_from_text=product.from_text,
        drug_unread=None if product.no_drug else product.unresolved,
        status=read.status,
        do_not_perform=bool(read.do_not_perform),
        reasons=without_absences(reasons),
        reason_unread=_has_unread_reason(read, index),
    )


def _has_unread_reason(read: _Draft, index: ResourceIndex) -> bool:
    """Whether a reason gives no code: words only, or a reference to what is not here."""
    mixed = read.reason or []
    concepts = [*(read.reason_code or []), *(each.concept for each in mixed if each.concept)]
    references = [*(read.reason_reference or []), *(each.reference for each in mixed)]
    stated = [each for each in references if each is not None]
    return any(_says_something_else(each) for each in concepts) or any(
        not _codes(each, index) for each in stated
    )


def _says_something_else(concept: CodeableConcept) -> bool:
    return not without_absences(codes_of(concept)) and bool(concept.text or concept.coding)


def _codes(reference: Reference, index: ResourceIndex) -> tuple[Code, ...]:
    return index.codes([reference]) or index.codes([reference], "Observation")
