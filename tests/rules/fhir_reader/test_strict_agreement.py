"""Do the tolerant reader and fhir.resources see the same in a resource?

What R4B accepts, both must read alike, and read again alike when it was written out by the
models. What R4B refuses must not become a fact unseen. Where they disagree on purpose, the case
stands in disagreements.toml with its reason, and is tried there.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import assume, given, settings
from pydantic import BaseModel, ConfigDict, ValidationError

from rules.facts import Facts
from rules.knowledge import Knowledge, load_knowledge
from tests.rules.fhir_reader.element_values import ELEMENTS, plain, resources
from tests.rules.fhir_reader.shapes import SHARED, Json, read
from tests.support.strict_reader import STRICTLY_READ, Row, parse, see, view

Refusal = Literal["strict_refuses", "fast_refuses", "differs"]
MOST_OF_A_FILE = 80  # the largest file would take a minute
# Elements the rules use, by their beginnings; a fault elsewhere keeps nothing from being read.
USED = (
    "abatement", "assertedDate", "authoredOn", "authorizingPrescription", "basedOn", "birthDate",
    "clinicalStatus", "code", "component", "dataAbsentReason", "dateRecorded", "daysSupply",
    "deceased", "derivedFrom", "dispenseRequest", "doNotPerform", "dosage", "effective",
    "intent", "issued", "medication", "notDone", "notGiven", "onsetA", "onsetD", "onsetP",
    "quantity", "reason", "recordedDate", "referenceRange", "request", "status", "subject",
    "taken", "valueC", "valueD", "valueI", "valueQ", "valueR", "valueS", "verificationStatus",
    "wasNot", "patient", "whenHandedOver", "whenPrepared",
)  # fmt: skip
MANY = settings(max_examples=700, deadline=None)


@cache
def known() -> Knowledge:
    """Give the knowledge; as an argument of a property it would be printed with each failure."""
    return load_knowledge()


class Disagreement(BaseModel):
    """One case; disagreements.toml says what its members mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    refuses: Refusal
    tells: str
    shape: str
    strict: str
    fast: str
    why: str
    resource: str

    @property
    def example(self) -> Json:
        found: Json = json.loads(self.resource)
        return found


@cache
def disagreements() -> tuple[Disagreement, ...]:
    """Give the documented cases."""
    text = Path(__file__).with_name("disagreements.toml").read_text(encoding="utf-8")
    return tuple(Disagreement.model_validate(each) for each in tomllib.loads(text)["disagreement"])


def is_documented(refuses: Refusal, said: Iterable[str], resource: Json) -> bool:
    """Whether a documented case of this kind has the shape of the resource and says one of this."""
    written, told = json.dumps(resource), list(said)
    return any(
        each.refuses == refuses
        and re.search(each.shape, written)
        and any(re.search(each.tells, words) for words in told)
        for each in disagreements()
    )


def faults_of(resource: Json) -> list[str]:
    """Say what the models refuse of a resource, as "path kind value", in what the rules read."""
    try:
        parse(resource)
    except ValidationError as error:
        return [
            f"{resource['resourceType']}.{'.'.join(map(str, fault['loc']))} {fault['type']} "
            f"{json.dumps(fault['input'], default=str)}"
            for fault in error.errors(include_url=False)
            if not fault["loc"] or str(fault["loc"][0]).startswith(USED)
        ]
    return []


def is_accepted(resource: Json) -> bool:
    try:
        parse(resource)
    except ValidationError:
        return False
    return True


def facts_of(resource: Json, knowledge: Knowledge) -> Facts:
    return read(knowledge, resource, with_patient=resource["resourceType"] != "Patient")


def seen_fast(facts: Facts, resource: Json) -> frozenset[tuple[str, Row]]:
    """Give what the tolerant reader sees of one resource."""
    name = f"{resource['resourceType']}/{resource['id']}"
    return frozenset((kind, row) for kind, row in view(facts).rows if row[0] == name)


def seen_strictly(resource: Json, knowledge: Knowledge) -> frozenset[tuple[str, Row]]:
    return see([parse(resource)], knowledge).rows


def said(facts: Facts) -> list[str]:
    return [*(gap.because for gap in facts.gaps), *(each.because for each in facts.not_used)]


def written_again(resource: Json) -> Json:
    """Give a resource as the models write it out."""
    again: Json = json.loads(parse(resource).model_dump_json())
    return again


@given(resource=resources())
@MANY
def test_what_the_models_accept_is_seen_alike(resource: Json) -> None:
    assume(is_accepted(resource))
    facts = facts_of(resource, known())
    if seen_fast(facts, resource) != seen_strictly(resource, known()):
        documented = is_documented("fast_refuses", said(facts), resource)
        assert documented or is_documented("differs", [""], resource), said(facts)


@given(resource=resources())
@MANY
def test_what_the_models_write_out_again_gives_the_same_facts(resource: Json) -> None:
    assume(is_accepted(resource))
    facts = facts_of(resource, known())
    if facts_of(written_again(resource), known()) != facts:
        assert is_documented("fast_refuses", said(facts), resource), said(facts)


@given(resource=resources())
@MANY
def test_what_the_models_refuse_is_no_fact_unseen(resource: Json) -> None:
    faults = faults_of(resource)
    assume(faults)
    facts = facts_of(resource, known())
    if seen_fast(facts, resource) and not said(facts):
        undocumented = [
            each for each in faults if not is_documented("strict_refuses", [each], resource)
        ]
        assert undocumented == []


@pytest.mark.parametrize("case", disagreements(), ids=lambda case: case.name)
def test_a_documented_case_still_disagrees(case: Disagreement, knowledge: Knowledge) -> None:
    resource = case.example
    facts = facts_of(resource, knowledge)
    assert re.search(case.shape, json.dumps(resource))
    if case.refuses == "strict_refuses":
        assert [each for each in faults_of(resource) if not re.search(case.tells, each)] == []
        assert seen_fast(facts, resource)
        assert (is_accepted(resource), said(facts)) == (False, [])
    else:
        assert seen_fast(facts, resource) != seen_strictly(resource, knowledge)
        refused = [each for each in said(facts) if re.search(case.tells, each)]
        assert bool(refused) == (case.refuses == "fast_refuses")


def test_the_cases_have_names_of_their_own() -> None:
    names = [each.name for each in disagreements()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sorted(ELEMENTS))
def test_the_plain_resource_of_the_generator_is_seen_by_both(
    name: str, knowledge: Knowledge
) -> None:
    resource = plain(name)
    strict = seen_strictly(resource, knowledge)
    assert strict
    assert seen_fast(facts_of(resource, knowledge), resource) == strict


# A fault that a reader might have, and a resource that shows it: both readers must not share it.
SEEDED: list[tuple[str, Json]] = [
    ("effectiveDateTime", {"effectiveDateTime": "2026-06-02"}),
    ("status", {"status": "preliminary"}),
    ("valueQuantity", {"valueQuantity": {"value": 5.1, "unit": "mg/L"}}),
    ("valueQuantity", {"valueQuantity": {"value": 4.1, "unit": "mg/dL"}}),
    ("valueQuantity", {"valueQuantity": {"value": 4.1, "comparator": "<", "unit": "mg/L"}}),
    ("code", {"code": {"coding": [{"system": "http://loinc.org", "code": "1988-5"}]}}),
]


@pytest.mark.parametrize(("element", "other"), SEEDED)
def test_the_comparison_notices_every_element(
    element: str, other: Json, knowledge: Knowledge
) -> None:
    marker = plain("Observation") | {
        "effectiveDateTime": "2026-06-01",
        "valueQuantity": {"value": 4.1, "unit": "mg/L"},
    }
    changed = seen_fast(facts_of(marker | other, knowledge), marker)
    assert changed != seen_strictly(marker, knowledge), element


REAL = [
    file for name in ("bundles", "resources") for file in sorted((SHARED / name).glob("*.json"))
]
absent = pytest.mark.skipif(
    not SHARED.is_dir(), reason=f"the real records are not beside the checkout ({SHARED})"
)


@absent
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem[:60])
def test_real_resources_are_seen_alike(path: Path, knowledge: Knowledge) -> None:
    for resource in of_one_patient(path):
        facts = facts_of(resource, knowledge)
        if not is_accepted(resource):
            undocumented = [
                each
                for each in faults_of(resource)
                if not is_documented("strict_refuses", [each], resource)
            ]
            assert not (seen_fast(facts, resource) and undocumented and not said(facts))
        else:
            again = facts_of(written_again(resource), knowledge)
            alike = seen_fast(facts, resource) == seen_strictly(resource, knowledge)
            documented = is_documented("fast_refuses", said(facts), resource)
            assert documented or (alike and again == facts), said(facts)


def of_one_patient(path: Path) -> Iterator[Json]:
    """Give the resources of a file that both readers read, each made one of the patient p."""
    content = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    held = [entry.get("resource", {}) for entry in content.get("entry", [])] or [content]
    useful = [each for each in held if each.get("resourceType") in STRICTLY_READ]
    for number, resource in enumerate(useful[:MOST_OF_A_FILE]):
        if resource["resourceType"] == "Patient":
            yield resource | {"id": "p"}
        else:
            whose = "patient" if "patient" in resource else "subject"
            yield resource | {"id": f"x{number}", whose: {"reference": "Patient/p"}}
