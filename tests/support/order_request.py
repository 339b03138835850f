"""What does a client send while an order is written? order-select and order-sign, prefetch filled.

The record is a vignette's; the drafts are of drugs by their RxNorm ingredient.
"""

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN, build_catalogue
from rules.codes import ICD_10_CM, RXNORM
from rules.knowledge import Knowledge
from tests.support.as_bundle import BASE, patient_id
from tests.support.fhir_parts import Resource, concept
from tests.support.hook_request import FIXTURE, prefetch_of
from tests.support.vignette import Vignette

TOCILIZUMAB, SERTRALINE = "612865", "36437"
SELECT, SIGN = "order-select", "order-sign"
_SERVICES = {SELECT: ORDER_SELECT, SIGN: ORDER_SIGN}


def draft_of(
    vignette: Vignette, ingredient: str, words: str, reasons: Sequence[str] = ()
) -> Resource:
    """Give a draft order of a drug; reasons are ICD-10-CM codes."""
    draft: Resource = {
        "resourceType": "MedicationRequest",
        "id": f"draft-{words.lower()}",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": concept(RXNORM, ingredient, text=words),
        "subject": {"reference": f"Patient/{patient_id(vignette)}"},
        "authoredOn": vignette.as_of.isoformat(),
    }
    if reasons:
        draft["reasonCode"] = [concept(ICD_10_CM, each) for each in reasons]
    return draft


def order_request_of(
    vignette: Vignette, hook: str, drafts: Sequence[Resource], knowledge: Knowledge
) -> dict[str, Any]:
    """Give the call; of order-select the last draft is the one just selected."""
    context: dict[str, Any] = {
        "userId": "Practitioner/example",
        "patientId": patient_id(vignette),
        "draftOrders": {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": each} for each in drafts],
        },
    }
    if hook == SELECT:
        context["selections"] = [f"MedicationRequest/{drafts[-1]['id']}"]
    names = "/".join(each["id"] for each in drafts)
    return {
        "hook": hook,
        "hookInstance": str(uuid5(NAMESPACE_URL, f"{BASE}/{hook}/{vignette.id}/{names}")),
        "context": context,
        "prefetch": prefetch_of(vignette, build_catalogue(knowledge)[_SERVICES[hook]].prefetch),
        "extension": {FIXTURE: {"asOf": vignette.as_of.isoformat()}},
    }
