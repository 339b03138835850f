"""Whom is this resource about?

One resource of another patient spoils the whole record: nothing in it can be trusted then.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

import msgspec

from rules.fhir_reader.resources import RawResource, Reference, Resources
from rules.findings import NotUsed

_PATIENT = re.compile(r"(?:^|/)Patient/([^/?#|]+)(?:/_history/[^/]+)?$")
_URN = re.compile(r"urn:(?:uuid|oid):(.+)")


class OtherPatient(ValueError):  # noqa: N818 - it names what was found
    """A resource belongs to somebody else. `source` and the text name it and nothing more."""

    def __init__(self, source: str) -> None:
        super().__init__(f"{source} belongs to another patient")
        self.source = source


class Belonging(Enum):
    """Whose a resource is, as far as its references tell."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PatientIndex:
    """The patient of this evaluation, and the names other resources may call the patients by.

    by_url: None under an address that two patients share. judged: the references met so far.
    """

    patient_id: str
    by_url: dict[str, str | None]
    judged: dict[str | None, Belonging] = field(default_factory=dict)

    def judge(self, item: RawResource) -> Belonging:
        """Judge whose a resource is: by itself for a Patient, else by subject and patient.

        Servers refer to a patient as Patient/id, with a version, by an absolute address, or by
        the urn:uuid of the Patient's entry. An address is compared by its id only, because a
        gateway and the server behind it call themselves by different hosts.
        Unknown input: no reference, one without a type, one by identifier only, or a urn that no
        entry bears cannot be attributed.
        """
        if item.resource_type == "Patient":
            return self._compare({item.identity})
        subject = item.peek.subject
        if item.peek.patient is None and type(subject) is Reference:  # as nearly all are
            return self.judged.get(subject.reference) or self._judge_anew(item)
        return self._judge_anew(item)

    def _judge_anew(self, item: RawResource) -> Belonging:
        references = _references(item)
        belonging = self._compare({self._patient_of(each) for each in references})
        if len(references) == 1:
            self.judged[references[0]] = belonging
        return belonging

    def _compare(self, found: set[str | None]) -> Belonging:
        if found - {None, self.patient_id}:
            return Belonging.OTHER
        return Belonging.SAME if found == {self.patient_id} else Belonging.UNKNOWN

    def _patient_of(self, reference: str) -> str | None:
        if reference in self.by_url:
            return self.by_url[reference]
        named = _PATIENT.search(reference) or _URN.fullmatch(reference)
        if named is None:
            return None
        # A urn that no entry bears is this patient only where it spells the patient's own id.
        known = named.re is _PATIENT or named[1] == self.patient_id
        return named[1] if known else None


def index_patients(resources: Resources, patient_id: str) -> PatientIndex:
    """Index the Patient entries by their address. A leading "Patient/" of the id is accepted.

    An address that two patients share names neither.
    """
    by_url: dict[str, str | None] = {}
    for item in resources.items:
        if item.resource_type == "Patient" and item.full_url and item.identity:
            same = by_url.get(item.full_url, item.identity) == item.identity
            by_url[item.full_url] = item.identity if same else None
    return PatientIndex(patient_id.removeprefix("Patient/"), by_url)


def patients_in(resources: Resources) -> tuple[str, ...]:
    """Give the ids of the Patient resources in order, each once."""
    found = (item.identity for item in resources.items if item.resource_type == "Patient")
    return tuple(dict.fromkeys(identity for identity in found if identity))


def only_patient(resources: Resources, patient_id: str) -> Resources:
    """Leave out the resources of other patients and count them by type in `not_used`.

    Only for a caller that picks one of several patients on purpose. What cannot be attributed
    stays, and becomes a gap when the facts are read; so does what refers to an address that two
    patients share.
    """
    index = index_patients(resources, patient_id)
    kept: list[RawResource] = []
    left_out: dict[str, int] = {}
    for item in resources.items:
        if index.judge(item) is Belonging.OTHER:
            left_out[item.resource_type] = left_out.get(item.resource_type, 0) + 1
        else:
            shared = item.full_url is not None and index.by_url.get(item.full_url, "") is None
            kept.append(msgspec.structs.replace(item, full_url=None) if shared else item)
    counted = (
        NotUsed(name, f"{count} of other patients") for name, count in sorted(left_out.items())
    )
    return replace(resources, items=tuple(kept), not_used=(*resources.not_used, *counted))


def refuse_others(items: Iterable[RawResource], index: PatientIndex) -> Mapping[int, RawResource]:
    """Give the resources that cannot be attributed, each under its identity as an object.

    Errors: OtherPatient for the first resource, by name, that belongs to somebody else.
    """
    judged = [(index.judge(item), item) for item in items]
    others = [item.name for belonging, item in judged if belonging is Belonging.OTHER]
    if others:
        raise OtherPatient(min(others))
    return {id(item): item for belonging, item in judged if belonging is Belonging.UNKNOWN}


def _references(item: RawResource) -> tuple[str, ...]:
    found: list[str] = []
    for member in (item.peek.subject, item.peek.patient):
        references = [member] if isinstance(member, Reference) else member or []
        found += [each.reference for each in references if each.reference]
    return tuple(found)
