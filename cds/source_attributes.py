"""What must be known of a service before anyone relies on it? Its source attributes.

The words stand in source_attributes.toml; codes, units, windows, versions and dates come from the
knowledge that runs. Source: 45 CFR 170.315(b)(11)(iv)(A), the 13 attributes of an evidence-based
decision support intervention, and beyond them what a model card would say.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from cds.hooks.catalogue import HookService
from cds.hooks.wording import Wording
from cds.source_inputs import (
    CodeList,
    Limit,
    ServiceInput,
    list_code_lists,
    list_inputs,
    list_thresholds,
    list_windows,
)
from rules.knowledge import Knowledge

ATTRIBUTES = 13
PATH = "/cds-services/{service}/source-attributes"


class _Told(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class Attribute(_Told):
    """One of the 13. used: whether the data it names is used; None where it asks for no use."""

    key: str
    name: str
    used: bool | None = None
    answer: str
    references: tuple[str, ...] = ()


class Validation(_Told):
    what: str
    n: int | None = None
    result: str
    interval: str


class FailureMode(_Told):
    mode: str
    what_happens: str


class Monitoring(_Told):
    what: str


class Contact(_Told):
    safety: str
    weakness: str


class Change(_Told):
    date: date
    what: str


class Words(_Told):
    """source_attributes.toml as it is written."""

    regulation: str
    attributes_version: str
    label: str
    intended_use: str
    users: tuple[str, ...]
    population: str
    out_of_scope: tuple[str, ...]
    attributes: tuple[Attribute, ...] = Field(min_length=ATTRIBUTES, max_length=ATTRIBUTES)
    validation: tuple[Validation, ...]
    known_failure_modes: tuple[FailureMode, ...]
    monitoring: tuple[Monitoring, ...]
    contact: Contact
    changes: tuple[Change, ...]


class ServiceIdentity(_Told):
    id: str
    hook: str
    title: str
    description: str


class Logic(_Told):
    """What decides. changed_parameters: where this site differs from what is shipped."""

    service_version: str
    rule: str
    rule_version: str
    knowledge_version: str
    knowledge_sha256: str
    changed_parameters: tuple[str, ...]


class EvidenceDates(_Told):
    last_reviewed: date
    review_by: date
    page: str


class WordingState(_Told):
    sha256: str
    status: str
    awaits: tuple[str, ...]
    approved_on: date | None


class SourceAttributes(Words):
    """Everything that is said about one service."""

    service: ServiceIdentity
    inputs: tuple[ServiceInput, ...]
    windows: tuple[Limit, ...]
    thresholds: tuple[Limit, ...]
    code_lists: tuple[CodeList, ...]
    logic: Logic
    evidence: EvidenceDates
    wording: WordingState

    def to_wire(self) -> dict[str, object]:
        """Write it as a JSON object; a member without a value is left out."""
        return _without_empty(self.model_dump(mode="json", by_alias=True))


def describe_source(
    service: HookService, knowledge: Knowledge, wording: Wording, evidence_page: str
) -> SourceAttributes:
    """Say of one service what is written down, and what the running knowledge says."""
    words, evidence = read_words(), knowledge.evidence
    return SourceAttributes(
        **{name: getattr(words, name) for name in Words.model_fields if name != "attributes"},
        attributes=tuple(_filled(each, knowledge) for each in words.attributes),
        service=ServiceIdentity(
            id=service.id, hook=service.hook, title=service.title, description=service.description
        ),
        inputs=list_inputs(service, knowledge),
        windows=list_windows(service, knowledge),
        thresholds=list_thresholds(service, knowledge),
        code_lists=list_code_lists(knowledge),
        logic=_logic(knowledge),
        evidence=EvidenceDates(
            last_reviewed=evidence.last_reviewed,
            review_by=evidence.review_by,
            page=evidence_page,
        ),
        wording=WordingState(
            sha256=wording.sha256,
            status=wording.status,
            awaits=wording.awaits,
            approved_on=wording.approved_on,
        ),
    )


@cache
def read_words() -> Words:
    """Read source_attributes.toml. Errors: pydantic's ValidationError for a file that is wrong."""
    text = files("cds").joinpath("source_attributes.toml").read_text(encoding="utf-8")
    return Words.model_validate(tomllib.loads(text))


def _logic(knowledge: Knowledge) -> Logic:
    return Logic(
        service_version=version("trd-cds"),
        rule=knowledge.rule_id,
        rule_version=knowledge.rule_version,
        knowledge_version=knowledge.version,
        knowledge_sha256=knowledge.sha256,
        changed_parameters=knowledge.changed,
    )


def _filled(attribute: Attribute, knowledge: Knowledge) -> Attribute:
    evidence = knowledge.evidence
    answer = attribute.answer.format(
        last_reviewed=evidence.last_reviewed, review_by=evidence.review_by
    )
    cites = attribute.key == "bibliographicCitation"
    references = tuple(each.cite() for each in evidence.references.values()) if cites else ()
    return attribute.model_copy(update={"answer": answer, "references": references})


def _without_empty(value: Mapping[str, object]) -> dict[str, object]:
    return {name: _kept(part) for name, part in value.items() if part not in (None, "", [], {})}


def _kept(value: object) -> object:
    if isinstance(value, Mapping):
        return _without_empty(value)
    return [_kept(each) for each in value] if isinstance(value, list) else value
