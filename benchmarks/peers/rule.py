"""What do floors and peers judge? One trivial rule: a depression code, and a raised CRP.

It asks far less than the service does, so it costs them next to nothing: what is timed is how they
get at the data.
"""

from collections.abc import Iterable
from typing import Any

DIAGNOSES = frozenset({"F32.9", "F33.1", "F33.2", "370143000"})
MARKERS = frozenset({"30522-7", "1988-5"})
RAISED_MG_PER_L = 3

CARD = {
    "summary": "Depression with a raised CRP is on the record.",
    "indicator": "info",
    "detail": "The trivial rule of the benchmark.",
    "source": {"label": "benchmark"},
}


def fires_on_dicts(resources: Iterable[dict[str, Any]]) -> bool:
    """Judge resources that are plain JSON objects."""
    diagnosed = raised = False
    for resource in resources:
        kind = resource.get("resourceType")
        if kind == "Condition":
            diagnosed = diagnosed or _is_coded(resource, DIAGNOSES)
        elif kind == "Observation" and _is_coded(resource, MARKERS):
            raised = raised or _value(resource) >= RAISED_MG_PER_L
    return diagnosed and raised


def fires_on_models(resources: Iterable[Any]) -> bool:
    """Judge resources that are objects with FHIR's elements as attributes."""
    diagnosed = raised = False
    for resource in resources:
        kind = type(resource).__name__
        if kind == "Condition":
            diagnosed = diagnosed or _is_coded_model(resource, DIAGNOSES)
        elif kind == "Observation" and _is_coded_model(resource, MARKERS):
            quantity = resource.valueQuantity
            raised = raised or (quantity is not None and quantity.value >= RAISED_MG_PER_L)
    return diagnosed and raised


def _is_coded(resource: dict[str, Any], codes: frozenset[str]) -> bool:
    codings = (resource.get("code") or {}).get("coding") or ()
    return any(coding.get("code") in codes for coding in codings)


def _value(resource: dict[str, Any]) -> float:
    value: float = (resource.get("valueQuantity") or {}).get("value", 0)
    return value


def _is_coded_model(resource: Any, codes: frozenset[str]) -> bool:
    codings = (resource.code and resource.code.coding) or ()
    return any(coding.code in codes for coding in codings)
