"""What does a HealthChain service cost on its fhir.resources path, through its CDS adapter?"""

from collections.abc import Iterator
from typing import Any

# HealthChain is installed for the benchmark only.
from healthchain.fhir.version import set_default_version  # type: ignore[import-not-found]
from healthchain.gateway import HealthChainAPI  # type: ignore[import-not-found]
from healthchain.gateway.cds import CDSHooksService  # type: ignore[import-not-found]
from healthchain.io.adapters.cdsfhiradapter import (  # type: ignore[import-not-found]
    CdsFhirAdapter,
)
from healthchain.models.requests.cdsrequest import CDSRequest  # type: ignore[import-not-found]
from healthchain.models.responses.cdsresponse import CDSResponse  # type: ignore[import-not-found]

from benchmarks.peers.rule import CARD, fires_on_models


def answer(request: CDSRequest) -> CDSResponse:
    adapter = CdsFhirAdapter(hook_name="patient-view")
    document = adapter.parse(request)
    fires = fires_on_models(_resources(document.fhir.prefetch_resources))
    return CDSResponse(cards=[CARD] if fires else [])


def _resources(prefetch: dict[str, Any]) -> Iterator[Any]:
    """Give the models; a value the adapter could not convert is left a dict, and has none."""
    for value in prefetch.values():
        for entry in getattr(value, "entry", None) or ():
            yield entry.resource


set_default_version("R4B")  # R5 otherwise, which refuses the charts
app = HealthChainAPI(title="benchmark")
_service = CDSHooksService()
_service.hook("patient-view", id="benchmark")(answer)
app.register_service(_service)
