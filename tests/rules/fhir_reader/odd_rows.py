"""What is a row of an odd shape, and what is read of it?

A row states resources of patient p as they came, in odd_shapes/*.yaml; a subject is added where it
says nothing of one. `subject: null` takes it away.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, TypeAdapter

from rules.facts import Facts
from rules.fhir_reader import Resources, join, only_patient, read_facts, split_bundle
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.telling import tell
from tests.support.strict_yaml import read_yaml

DIRECTORY = Path(__file__).parent / "odd_shapes"
GROUPS = ("markers", "phq9", "antidepressants", "conditions", "bundles")
PATIENT: Mapping[str, Any] = {"resourceType": "Patient", "id": "p", "birthDate": "1984-03-10"}
_JSON = msgspec.json.Encoder(decimal_format="number")


class Read(BaseModel):
    """What is read: facts in a line each, reasons without the name of their resource."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    not_used: tuple[str, ...] = ()


class Row(Read):
    """One row. Either resources of p, or one or several Bundles as they came.

    each_type: the types of Bundle that must all lead to the same. picked: whether p is picked from
    several patients. refused: the resource for whose sake nothing is read. before: what stands
    before the JSON.
    """

    shape: str
    odd: str
    resources: tuple[dict[str, Any], ...] = ()
    bundle: dict[str, Any] | None = None
    bundles: tuple[dict[str, Any], ...] = ()
    each_type: tuple[str | None, ...] = ()
    picked: bool = False
    refused: str = ""
    before: str = ""

    @property
    def expected(self) -> Read:
        return Read(
            facts=self.facts,
            gaps=self.gaps,
            incomplete=self.incomplete,
            not_used=self.not_used,
        )


class FileRow(Read):
    """What is read of one file of ../shared/data/resources, and why that is right."""

    file: str
    why: str


_ROWS = TypeAdapter(tuple[Row, ...])
_FILE_ROWS = TypeAdapter(tuple[FileRow, ...])
_SHAPES = TypeAdapter(dict[str, dict[str, str]])


def rows_of(group: str) -> tuple[Row, ...]:
    return _ROWS.validate_python(read_yaml(DIRECTORY / f"{group}.yaml"))


def file_rows() -> tuple[FileRow, ...]:
    return _FILE_ROWS.validate_python(read_yaml(DIRECTORY / "resources.yaml"))


def shapes() -> dict[str, dict[str, str]]:
    """Give the shapes that must have a row, by group."""
    return _SHAPES.validate_python(read_yaml(DIRECTORY / "shapes.yaml"))


def bodies_of(row: Row) -> Iterable[tuple[bytes, ...]]:
    """Give the record of a row as bytes, once for each way in which it may come."""
    if row.resources:
        entries = [{"resource": each} for each in (PATIENT, *map(_of_patient, row.resources))]
        yield (encode({"resourceType": "Bundle", "type": "collection", "entry": entries}),)
    stated = row.bundles or ((row.bundle,) if row.bundle else ())
    for kind in row.each_type or ((None,) if stated else ()):
        named = {} if kind is None else {"type": kind}
        yield tuple(
            row.before.encode() + encode({"resourceType": "Bundle", **named, **each})
            for each in stated
        )


def encode(value: Any) -> bytes:
    return _JSON.encode(value)


def read_record(bodies: Iterable[bytes], row: Row, knowledge: Knowledge) -> Facts:
    resources: Resources = join(split_bundle(body) for body in bodies)
    return read_facts(only_patient(resources, "p") if row.picked else resources, "p", knowledge)


def told(facts: Facts, names: Iterable[str] = ()) -> Read:
    """Tell what was read; "it" stands for the names given, where a reason begins with one."""
    return Read(
        facts=tuple(tell(facts)),
        gaps=tuple(_without(names, each.because) for each in facts.gaps),
        incomplete=tuple(sorted({each.resource_type for each in facts.incomplete})),
        not_used=tuple(_without(names, each.because) for each in facts.not_used),
    )


def _without(names: Iterable[str], reason: str) -> str:
    for name in names:
        reason = reason.replace(name, "it")
    return reason


def _of_patient(resource: Mapping[str, Any]) -> dict[str, Any]:
    made = {"subject": {"reference": "Patient/p"}, **resource}
    return {name: value for name, value in made.items() if value is not None}
