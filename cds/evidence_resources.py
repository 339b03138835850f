"""How do the ledger and the services read as FHIR? A Library, and a PlanDefinition each.

Built from the models of fhir.resources, so that each is valid R4B by construction. The models are
imported where they are needed: they cost a quarter of a second that a start does not need.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cds.hooks.catalogue import HookService
from cds.hooks.wording import Wording
from cds.source_attributes import read_words
from rules.knowledge import Knowledge
from rules.knowledge.model import Reference

LIBRARY = "trd-inflammation-evidence"
_NOT_APPROVED = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "not-performed",
        }
    ]
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What both kinds of resource say of where they come from. base: the public address."""

    base: str
    evidence_page: str
    knowledge: Knowledge
    wording: Wording

    def url(self, kind: str, identity: str) -> str:
        return f"{self.base}/fhir/{kind}/{identity}"


def write_library(publication: Publication) -> bytes:
    """Write the evidence ledger as a Library: its references, dates and where it is read."""
    from fhir.resources.R4B.library import Library  # noqa: PLC0415 - see the module

    evidence = publication.knowledge.evidence
    content = {
        **_head("Library", LIBRARY, publication),
        "name": "TrdInflammationEvidence",
        "title": evidence.title,
        "description": evidence.summary,
        "type": _code("http://terminology.hl7.org/CodeSystem/library-type", "asset-collection"),
        "relatedArtifact": [
            *(_citation(each) for each in evidence.references.values()),
            {
                "type": "documentation",
                "display": "The ledger as a page",
                "url": publication.evidence_page,
            },
        ],
    }
    return Library.model_validate(content).model_dump_json().encode()


def write_plan(service: HookService, publication: Publication) -> bytes:
    """Write one service as a PlanDefinition: when it is called, and on what it rests."""
    from fhir.resources.R4B.plandefinition import PlanDefinition  # noqa: PLC0415 - see the module

    words = read_words()
    content = {
        **_head("PlanDefinition", service.id, publication),
        "name": "".join(part.capitalize() for part in service.id.split("-")),
        "title": service.title,
        "description": service.description,
        "type": _code("http://terminology.hl7.org/CodeSystem/plan-definition-type", "eca-rule"),
        "purpose": words.intended_use,
        "usage": "Not for: " + "; ".join(words.out_of_scope) + ".",
        "relatedArtifact": [
            *(_citation(each) for each in publication.knowledge.evidence.references.values()),
            {
                "type": "documentation",
                "display": "Source attributes",
                "url": f"{publication.base}/cds-services/{service.id}/source-attributes",
            },
            {"type": "depends-on", "resource": publication.url("Library", LIBRARY)},
        ],
        "action": [
            {
                "title": service.title,
                "description": "Informational cards only; no order is made or changed.",
                "trigger": [{"type": "named-event", "name": service.hook}],
            }
        ],
    }
    return PlanDefinition.model_validate(content).model_dump_json().encode()


def _head(kind: str, identity: str, publication: Publication) -> dict[str, Any]:
    """Write what both kinds share. Without an approval, its date is said to be missing."""
    known = publication.knowledge
    evidence = known.evidence
    return {
        "resourceType": kind,
        "id": identity,
        "url": publication.url(kind, identity),
        "version": f"{known.version}+{known.sha256[:12]}",
        "status": "draft",
        "experimental": True,
        "date": evidence.last_reviewed.isoformat(),
        "publisher": "The authors of this open source project",
        "author": [{"name": "The authors of this open source project"}],
        "copyright": "Apache-2.0; code systems under their own terms.",
        "lastReviewDate": evidence.last_reviewed.isoformat(),
        "effectivePeriod": {
            "start": evidence.last_reviewed.isoformat(),
            "end": evidence.review_by.isoformat(),
        },
        "useContext": [_for_adults(known)],
        **_approval(publication.wording.approved_on),
    }


def _approval(day: date | None) -> Mapping[str, Any]:
    return {"_approvalDate": _NOT_APPROVED} if day is None else {"approvalDate": day.isoformat()}


def _for_adults(knowledge: Knowledge) -> Mapping[str, Any]:
    low = {
        "value": knowledge.trd.min_age,
        "unit": "years",
        "system": "http://unitsofmeasure.org",
        "code": "a",
    }
    return {
        "code": {
            "system": "http://terminology.hl7.org/CodeSystem/usage-context-type",
            "code": "age",
        },
        "valueRange": {"low": low},
    }


def _code(system: str, code: str) -> Mapping[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _citation(reference: Reference) -> Mapping[str, Any]:
    address = f"https://doi.org/{reference.doi}" if reference.doi else reference.url
    told = {
        "type": "citation",
        "label": reference.key,
        "citation": f"{reference.cite()} [{reference.verification}]",
        "url": address,
    }
    return {name: value for name, value in told.items() if value}
