"""What does a client send when a vignette's chart is opened? A patient-view call, prefetch filled.

The prefetch is what the service's own templates ask for: a client sends nothing else.
"""

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cds.hooks.catalogue import PATIENT_VIEW, PrefetchTemplate, build_catalogue
from rules.codes import Code, read_code
from rules.knowledge import Knowledge
from tests.support.as_bundle import BASE, patient_id, resources_of
from tests.support.fhir_parts import Resource
from tests.support.vignette import Vignette

ENDPOINT = f"/cds-services/{PATIENT_VIEW}"
FIXTURE = "com.trd-inflammation-cds.fixture"


def hook_request_of(vignette: Vignette, knowledge: Knowledge) -> dict[str, Any]:
    """Give the call; a type the vignette's caller could not read is a key that is absent."""
    return {
        "hook": "patient-view",
        "hookInstance": str(uuid5(NAMESPACE_URL, f"{BASE}/vignettes/{vignette.id}")),
        "context": {"userId": "Practitioner/example", "patientId": patient_id(vignette)},
        "prefetch": prefetch_of(vignette, build_catalogue(knowledge)[PATIENT_VIEW].prefetch),
        "extension": {FIXTURE: {"asOf": vignette.as_of.isoformat()}},
    }


def prefetch_of(vignette: Vignette, templates: Iterable[PrefetchTemplate]) -> dict[str, Any]:
    """Give what a client answers to the templates of a service from the vignette's record."""
    resources = resources_of(vignette)
    return {
        template.key: _answer(template, resources)
        for template in templates
        if template.resource_type not in vignette.unread
    }


def required_keys_unread(vignette: Vignette, knowledge: Knowledge) -> list[str]:
    """Name the prefetch keys without which the service must refuse the vignette's call."""
    return [
        template.key
        for template in build_catalogue(knowledge)[PATIENT_VIEW].prefetch
        if template.required and template.resource_type in vignette.unread
    ]


def _answer(template: PrefetchTemplate, resources: Iterable[Resource]) -> Resource:
    found = [each for each in resources if _is_asked_for(each, template)]
    if template.resource_type == "Patient":
        return found[0]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
    if found:
        bundle["entry"] = [
            {
                "fullUrl": f"{BASE}/{each['resourceType']}/{each['id']}",
                "resource": each,
                "search": {"mode": "match"},
            }
            for each in found
        ]
    return bundle


def _is_asked_for(resource: Resource, template: PrefetchTemplate) -> bool:
    if resource["resourceType"] != template.resource_type:
        return False
    return not template.codes or not template.codes.isdisjoint(_codes_of(resource))


def _codes_of(resource: Resource) -> set[Code]:
    read = (read_code(each["system"], each["code"]) for each in resource["code"]["coding"])
    return {code for code in read if code is not None}
