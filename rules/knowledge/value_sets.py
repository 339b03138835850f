"""Which codes belong to which named set? Read from FHIR R4 ValueSet resources."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.codes import PREFIX_SYSTEMS, Code, ValueSet, read_code
from rules.knowledge.files import (
    KnowledgeError,
    KnowledgeFile,
    Verification,
    check,
    check_review,
    parse_json,
)

URL = "https://trd-inflammation-cds.example"
SOURCE = f"{URL}/StructureDefinition/code-source"
LABEL = f"{URL}/StructureDefinition/code-label"


class _Part(BaseModel):
    """Any element of the resource; elements the loader does not use are left to FHIR."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _SourcePart(_Part):
    url: Literal["source", "verification", "review"]
    value: str = Field(alias="valueString", min_length=1)


class _Extension(_Part):
    url: str
    label: str = Field(default="", alias="valueString")
    parts: tuple[_SourcePart, ...] = Field(default=(), alias="extension")


class _Concept(_Part):
    code: str
    display: str = ""


class _Filter(_Part):
    property: Literal["concept", "code"]
    op: Literal["is-a", "regex"]
    value: str


class _Include(_Part):
    system: str
    concept: tuple[_Concept, ...] = ()
    filter: tuple[_Filter, ...] = Field(default=(), max_length=1)
    extension: tuple[_Extension, ...] = ()

    @model_validator(mode="after")
    def _source_is_stated(self) -> Self:
        parts = {
            part.url: part.value
            for extension in self.extension
            if extension.url == SOURCE
            for part in extension.parts
        }
        if not {"source", "verification"} <= set(parts):
            raise ValueError(f"the codes of {self.system} state no source and verification")
        if parts["verification"] not in get_args(Verification):
            raise ValueError(f"{parts['verification']} is no word for a verification")
        check_review(parts["verification"], parts.get("review", ""))
        return self

    @property
    def label(self) -> str:
        return next((item.label for item in self.extension if item.url == LABEL), "")


class _Compose(_Part):
    include: tuple[_Include, ...]
    exclude: tuple[_Include, ...] = ()


class _Resource(_Part):
    resource_type: Literal["ValueSet"] = Field(alias="resourceType")
    id: str
    url: str
    version: str
    status: Literal["draft", "active"]
    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    compose: _Compose | None = None


def read_value_sets(files: Iterable[KnowledgeFile]) -> dict[str, ValueSet]:
    """Read every value set by its id.

    Errors: KnowledgeError for a resource that is not as expected, an include without source, a
    file that is not named after its id, or codes in a form that this service cannot compare.
    """
    sets = (_read_value_set(file) for file in files)
    return {value_set.name: value_set for value_set in sets}


def _read_value_set(file: KnowledgeFile) -> ValueSet:
    resource = check(_Resource, parse_json(file), file.name, "")
    if file.name != f"value_sets/{resource.id}.json":
        raise KnowledgeError(file.name, resource.id, "the file is not named after the id")
    if resource.url != f"{URL}/ValueSet/{resource.id}":
        raise KnowledgeError(file.name, resource.url, "the url does not end in the id")
    if resource.compose is None:
        return ValueSet(resource.id, resource.title)
    return _assemble(file.name, resource, resource.compose)


def _assemble(file: str, resource: _Resource, compose: _Compose) -> ValueSet:
    patterns: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {}
    for include in compose.include:
        for rule in _rules(include, "regex"):
            pattern = (_pattern(file, include, rule), include.label)
            patterns[include.system] = (*patterns.get(include.system, ()), pattern)
    if any(True for part in compose.exclude for _ in _rules(part, "regex")):
        raise KnowledgeError(file, resource.id, "a regular expression cannot be an exception")
    return ValueSet(
        name=resource.id,
        title=resource.title,
        codes=_codes(file, compose.include),
        families=_families(file, compose.include),
        excluded_codes=frozenset(_codes(file, compose.exclude)),
        excluded_families=frozenset(_families(file, compose.exclude)),
        patterns=patterns,
    )


def _rules(include: _Include, operator: str) -> Iterable[_Filter]:
    return (rule for rule in include.filter if rule.op == operator)


def _codes(file: str, parts: Iterable[_Include]) -> dict[Code, str]:
    found: dict[Code, str] = {}
    for part in parts:
        for concept in part.concept:
            code = _code(file, part.system, concept.code)
            if code in found:
                raise KnowledgeError(file, concept.code, "the code stands twice")
            found[code] = concept.display
    return found


def _families(file: str, parts: Iterable[_Include]) -> dict[Code, str]:
    found: dict[Code, str] = {}
    for part in parts:
        for rule in _rules(part, "is-a"):
            if part.system not in PREFIX_SYSTEMS:
                fault = "only families whose codes begin with the parent's code can be compared"
                raise KnowledgeError(file, rule.value, fault)
            code = _code(file, part.system, rule.value)
            if code in found:
                raise KnowledgeError(file, rule.value, "the family stands twice")
            found[code] = part.label
    return found


def _code(file: str, system: str, code: str) -> Code:
    found = read_code(system, code)
    if found is None or found.system != system:
        raise KnowledgeError(file, f"{system} {code}", "is no code this service can compare")
    return found


def _pattern(file: str, include: _Include, rule: _Filter) -> re.Pattern[str]:
    if include.system not in PREFIX_SYSTEMS:
        raise KnowledgeError(file, rule.value, "a regular expression needs a classification")
    try:
        # Codes are compared without the dot, which the published form of the code carries.
        return re.compile(rule.value.replace(r"\.", r"\.?"), re.ASCII)
    except re.error as error:
        raise KnowledgeError(file, rule.value, f"is no regular expression: {error}") from error


def require(sets: Mapping[str, Any], names: Iterable[str], file: str) -> None:
    """Check that the named value sets exist. Errors: KnowledgeError for the first that does not."""
    for name in names:
        if name not in sets:
            raise KnowledgeError(file, name, "there is no value set of this name")
