"""Which version of FHIR is this record written in?"""

import re
from collections import Counter
from enum import Enum

from rules.fhir_reader.resources import RawResource, Resources

_DSTU2_TYPES = frozenset({"MedicationOrder", "DiagnosticOrder", "DeviceUseRequest"})
_STU3_TYPES = frozenset({"ProcedureRequest", "ReferralRequest"})
# Types whose encounter STU3 calls context. R4 keeps that word for dispenses and statements.
_CONTEXT_RENAMED = frozenset({"Observation", "MedicationRequest", "Condition", "Procedure"})
_PATIENT_RENAMED = frozenset(
    {"Condition", "MedicationStatement", "MedicationDispense", "MedicationAdministration"}
)
_R4_DOSE = re.compile(rb'"doseAndRate"\s*:')
_STU3_DOSE = re.compile(rb'"dose(?:Quantity|Range)"\s*:')


class FhirVersion(Enum):
    """The versions that can be told apart. R4B and R5 count as R4: their resources are tried."""

    R4 = "R4"
    STU3 = "STU3"
    DSTU2 = "DSTU2"


def fhir_version_of(resources: Resources) -> FhirVersion:
    """Judge the version by the resources that can only be of one version; each has one vote.

    A record is older than R4 when more resources are than are surely R4: one odd resource does
    not condemn a record in R4, and becomes a gap; the old sample patients that are still about
    have no resource that is surely R4. Without any mark the record counts as R4.
    """
    votes = Counter(vote for vote in map(_vote, resources.items) if vote is not None)
    old = votes[FhirVersion.STU3] + votes[FhirVersion.DSTU2]
    if old <= votes[FhirVersion.R4]:
        return FhirVersion.R4
    if votes[FhirVersion.DSTU2] >= votes[FhirVersion.STU3]:
        return FhirVersion.DSTU2
    return FhirVersion.STU3


def _vote(item: RawResource) -> FhirVersion | None:
    if _is_dstu2(item):
        return FhirVersion.DSTU2
    if _is_stu3(item):
        return FhirVersion.STU3
    return FhirVersion.R4 if _is_r4(item) else None


def _is_dstu2(item: RawResource) -> bool:
    name, peek = item.resource_type, item.peek
    return (
        name in _DSTU2_TYPES
        or (name in _PATIENT_RENAMED and peek.patient is not None)
        or (name == "Condition" and _present(peek.date_recorded))
        or (name == "Patient" and _present(peek.care_provider))
        or (name == "AllergyIntolerance" and _present(peek.substance))
        or (name == "Encounter" and _starts(peek.class_, b'"'))
        or (name == "Observation" and _starts(peek.category, b"{"))
    )


def _is_stu3(item: RawResource) -> bool:
    name, peek = item.resource_type, item.peek
    return (
        name in _STU3_TYPES
        or (name in _CONTEXT_RENAMED and _present(peek.context))
        or (_has_status(name) and _statuses_start(item, b'"'))
        or (_has_status(name) and _present(peek.asserted_date))
        or (name == "MedicationStatement" and _present(peek.taken))
        or (name == "Observation" and _present(peek.related))
        or _has_stu3_dose(item)
    )


def _is_r4(item: RawResource) -> bool:
    name, peek = item.resource_type, item.peek
    return (
        (_has_status(name) and _statuses_start(item, b"{"))
        or (name == "MedicationRequest" and _present(peek.encounter))
        or _R4_DOSE.search(bytes(peek.dosage_instruction)) is not None
    )


def _has_status(name: str) -> bool:
    return name in {"Condition", "AllergyIntolerance"}


def _statuses_start(item: RawResource, sign: bytes) -> bool:
    return _starts(item.peek.clinical_status, sign) or _starts(item.peek.verification_status, sign)


def _has_stu3_dose(item: RawResource) -> bool:
    dosage = bytes(item.peek.dosage_instruction)
    return _STU3_DOSE.search(dosage) is not None and _R4_DOSE.search(dosage) is None


def _present(raw: object) -> bool:
    return bytes(raw) != b"null"  # type: ignore[call-overload,no-any-return]


def _starts(raw: object, sign: bytes) -> bool:
    return bytes(raw).startswith(sign)  # type: ignore[call-overload,no-any-return]
