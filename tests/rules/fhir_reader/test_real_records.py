"""Is FHIR that others wrote read, every file of it, without an exception?"""

import contextlib
import csv
import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from rules.facts import Facts
from rules.fhir_reader import (
    BundleError,
    FhirVersion,
    OtherPatient,
    Resources,
    fhir_version_of,
    join,
    only_patient,
    patients_in,
    read_facts,
    split_bundle,
    split_prefetch_value,
)
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.shapes import SHARED

absent = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"the real records are not beside the checkout ({SHARED})"
)
VERSIONS = {"1": FhirVersion.DSTU2, "3": FhirVersion.STU3, "4": FhirVersion.R4}
PATIENTS_READ = 25


def files(folder: str, pattern: str) -> list[Path]:
    return sorted((SHARED / folder).glob(pattern))


def read_each(resources: Resources, knowledge: Knowledge) -> list[Facts]:
    """Read the facts of every patient of a record by itself."""
    return [
        read_facts(only_patient(resources, name), name, knowledge)
        for name in patients_in(resources) or ("nobody",)
    ]


@absent
@pytest.mark.parametrize("path", files("bundles", "*.json"), ids=lambda path: path.stem[:40])
def test_every_bundle_is_read(knowledge: Knowledge, path: Path) -> None:
    resources = split_bundle(path.read_bytes())
    for facts in read_each(resources, knowledge):
        read = {*facts.received, *(entry.resource_type for entry in resources.incomplete)}
        if "MedicationOrder" in read:  # an order of DSTU2 is told as a missing order
            read.add("MedicationRequest")
        assert {gap.what[0].upper() + gap.what[1:] for gap in facts.gaps} <= read | {
            "Patient",
            "Bundle",
        }


@absent
def test_the_version_of_every_bundle_is_recognised() -> None:
    with (SHARED / "MANIFEST.csv").open(encoding="utf-8") as manifest:
        rows = [row for row in csv.DictReader(manifest) if row["file"].startswith("bundles/")]
    stated = {row["file"]: VERSIONS[row["fhirVersion"][0]] for row in rows}
    found = {
        f"bundles/{path.name}": fhir_version_of(split_bundle(path.read_bytes()))
        for path in files("bundles", "*.json")
    }
    assert found == {name: stated[name] for name in found}


# The old hook calls of the set: by the names of their files, and what shows their version.
OLD_CALLS = {
    "AHRQ-CDS-Connect-CQL-SERVICES--lazy_person_invocation.json": FhirVersion.STU3,
    "PDDI-CDS--digoxin-cyclosporine-order-select-coordination.json": FhirVersion.STU3,
    "PDDI-CDS--digoxin-cyclosporine-order-sign-no-coordination.json": FhirVersion.STU3,
    "PDDI-CDS--multi-update-draft-orders-1.json": FhirVersion.STU3,
    "PDDI-CDS--multi-update-draft-orders-4.json": FhirVersion.STU3,
    "docs--examples-0.json": FhirVersion.DSTU2,
}


@absent
@pytest.mark.parametrize("path", files("cdshooks", "*.json"), ids=lambda path: path.stem[:40])
def test_the_version_of_every_hook_call_is_recognised(path: Path) -> None:
    found = fhir_version_of(prefetched(json.loads(path.read_bytes())))
    assert found is OLD_CALLS.get(path.name, FhirVersion.R4)


@absent
@pytest.mark.parametrize("path", files("resources", "*.json"), ids=lambda path: path.stem[:40])
def test_every_odd_resource_becomes_a_fact_or_is_named(knowledge: Knowledge, path: Path) -> None:
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    resource = json.loads(content)
    subject = resource.get("subject") or resource.get("patient") or {}
    owner = subject.get("reference", "Patient/nobody").rpartition("/")[2].removeprefix("urn:uuid:")
    if resource["resourceType"] == "Patient":
        owner = resource.get("id", "nobody")
    resources = split_prefetch_value(resource["resourceType"], content)
    facts = read_facts(resources, owner, knowledge)
    assert facts.received == {resource["resourceType"]: 1}


@absent
@pytest.mark.parametrize("path", files("cdshooks", "*.json"), ids=lambda path: path.stem[:40])
def test_every_prefetch_value_is_read_or_refused_by_name(knowledge: Knowledge, path: Path) -> None:
    hook = json.loads(path.read_bytes())
    context = hook.get("context") or {}
    resources = prefetched(hook)
    try:
        received = sum(read_facts(resources, patient_of(context), knowledge).received.values())
    except OtherPatient:
        received = len(resources.items)
    assert received <= len(resources.items)


@absent
@pytest.mark.parametrize("path", files("ndjson", "*"), ids=lambda path: path.name)
def test_patients_of_bulk_files_are_read(knowledge: Knowledge, path: Path) -> None:
    """A sample: the lines of the first patients of each set, put together from all its files."""
    lines: dict[str, list[Resources]] = defaultdict(list)
    for file in sorted(path.glob("*.ndjson.gz"), key=lambda file: "Patient" not in file.name):
        with gzip.open(file) as opened:
            for line in opened:
                owner = owner_of(json.loads(line))
                if owner in lines or (owner and len(lines) < PATIENTS_READ):
                    lines[owner].append(split_prefetch_value("Any", line))
    assert lines
    for owner, parts in lines.items():
        facts = read_facts(join(parts), owner, knowledge)
        assert facts.person.birth is not None
        assert [gap.because for gap in facts.gaps] == []


def prefetched(hook: dict[str, Any]) -> Resources:
    """Take every prefetch value of a hook call apart that can be."""
    parts = []
    for key, value in (hook.get("prefetch") or {}).items():
        with contextlib.suppress(BundleError):
            parts.append(split_prefetch_value(key, json.dumps(value).encode()))
    return join(parts)


def patient_of(context: dict[str, str]) -> str:
    return str(context.get("patientId", "nobody"))


def owner_of(resource: dict[str, dict[str, str]]) -> str:
    if resource.get("resourceType") == "Patient":
        return str(resource["id"])
    subject = resource.get("subject") or resource.get("patient") or {}
    return subject.get("reference", "").removeprefix("Patient/")
