"""What does a client learn about the services before it calls one?"""

from collections.abc import Mapping
from typing import Any

from cds.hooks.catalogue import CDS_HOOKS_VERSION, HookService


def describe_services(catalogue: Mapping[str, HookService]) -> dict[str, Any]:
    """Write the discovery document: one entry for each service, no member null or empty."""
    return {"services": [_describe(service) for service in catalogue.values()]}


def _describe(service: HookService) -> dict[str, Any]:
    return {
        "hook": service.hook,
        "title": service.title,
        "description": service.description,
        "id": service.id,
        "version": CDS_HOOKS_VERSION,
        "prefetch": {template.key: template.query for template in service.prefetch},
        "usageRequirements": service.usage_requirements,
    }
