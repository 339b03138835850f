"""What does FHIR say, in facts the rules can judge? The only part that knows FHIR."""

from rules.fhir_reader.bounds import MAX_ENTRIES
from rules.fhir_reader.bundle import (
    BundleError,
    NotABundleError,
    NotAResourceError,
    TooManyEntriesError,
    split_bundle,
    split_prefetch_value,
)
from rules.fhir_reader.draft_orders import Drafts, NothingSelectedError, read_draft_orders
from rules.fhir_reader.patients import OtherPatient, only_patient, patients_in
from rules.fhir_reader.reading import read_facts
from rules.fhir_reader.resources import RawResource, Resources, join
from rules.fhir_reader.versions import FhirVersion, OldRecord, fhir_version_of, find_old_version

__all__ = [
    "MAX_ENTRIES",
    "BundleError",
    "Drafts",
    "FhirVersion",
    "NotABundleError",
    "NotAResourceError",
    "NothingSelectedError",
    "OldRecord",
    "OtherPatient",
    "RawResource",
    "Resources",
    "TooManyEntriesError",
    "fhir_version_of",
    "find_old_version",
    "join",
    "only_patient",
    "patients_in",
    "read_draft_orders",
    "read_facts",
    "split_bundle",
    "split_prefetch_value",
]
