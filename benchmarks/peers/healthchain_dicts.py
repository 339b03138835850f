"""What does a HealthChain service cost with the rule on dicts, as its project template begins?"""

# HealthChain is installed for the benchmark only.
from healthchain.fhir import prefetch_to_bundle  # type: ignore[import-not-found]
from healthchain.gateway import HealthChainAPI  # type: ignore[import-not-found]
from healthchain.gateway.cds import CDSHooksService  # type: ignore[import-not-found]
from healthchain.models.requests.cdsrequest import CDSRequest  # type: ignore[import-not-found]
from healthchain.models.responses.cdsresponse import CDSResponse  # type: ignore[import-not-found]

from benchmarks.peers.rule import CARD, fires_on_dicts


def answer(request: CDSRequest) -> CDSResponse:
    entries = prefetch_to_bundle(request.prefetch)["entry"]
    fires = fires_on_dicts(entry["resource"] for entry in entries)
    return CDSResponse(cards=[CARD] if fires else [])


app = HealthChainAPI(title="benchmark")
_service = CDSHooksService()
_service.hook("patient-view", id="benchmark")(answer)
app.register_service(_service)
