"""What does a client learn about the services before it calls one?

The extension leads to the source attributes of a service. Clients that do not know it ignore it.
"""

from collections.abc import Mapping
from typing import Any

from cds.hooks.catalogue import CDS_HOOKS_VERSION, HookService
from cds.source_attributes import read_words

EXTENSION = "com.trd-inflammation-cds.source-attributes"


def describe_services(catalogue: Mapping[str, HookService], public_url: str) -> dict[str, Any]:
    """Write the discovery document: one entry for each service, no member null or empty.

    public_url: the base clients use, without a slash at the end.
    """
    return {"services": [_describe(service, public_url) for service in catalogue.values()]}


def _describe(service: HookService, public_url: str) -> dict[str, Any]:
    address = f"{public_url}/cds-services/{service.id}/source-attributes"
    return {
        "hook": service.hook,
        "title": service.title,
        "description": service.description,
        "id": service.id,
        "version": CDS_HOOKS_VERSION,
        "prefetch": {template.key: template.query for template in service.prefetch},
        "usageRequirements": service.usage_requirements,
        "extension": {EXTENSION: {"url": address, "regulation": read_words().regulation}},
    }
