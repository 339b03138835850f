"""What is the least a typed service costs? Flask, one msgspec decoding, a trivial rule."""

from collections.abc import Iterator

import msgspec
from flask import Flask, Response, request

from benchmarks.peers.rule import CARD, DIAGNOSES, MARKERS, RAISED_MG_PER_L

app = Flask(__name__)


class Coding(msgspec.Struct, frozen=True, gc=False):
    system: str | None = None
    code: str | None = None


class Concept(msgspec.Struct, frozen=True):
    coding: list[Coding] = []


class Quantity(msgspec.Struct, frozen=True, gc=False):
    value: float | None = None
    unit: str | None = None


class Reference(msgspec.Struct, frozen=True, gc=False):
    reference: str | None = None


class Resource(msgspec.Struct, frozen=True, rename="camel"):
    """The elements of any resource that a first rule would look at."""

    resource_type: str
    id: str | None = None
    status: str | None = None
    code: Concept | None = None
    subject: Reference | None = None
    medication_codeable_concept: Concept | None = None
    effective_date_time: str | None = None
    authored_on: str | None = None
    value_quantity: Quantity | None = None


class Entry(msgspec.Struct, frozen=True):
    resource: Resource


class Value(msgspec.Struct, frozen=True, rename="camel"):
    """A prefetch value: a resource, or a Bundle of them."""

    resource_type: str
    entry: list[Entry] = []


class Call(msgspec.Struct, frozen=True):
    hook: str
    prefetch: dict[str, Value]


_decoder = msgspec.json.Decoder(Call)


@app.post("/")
def answer() -> Response:
    call = read_call(request.get_data(cache=False))
    cards = [CARD] if _fires(call) else []
    return Response(msgspec.json.encode({"cards": cards}), mimetype="application/json")


def read_call(body: bytes) -> Call:
    """Decode a whole call, once."""
    return _decoder.decode(body)


def _fires(call: Call) -> bool:
    diagnosed = raised = False
    for resource in _resources(call):
        if resource.resource_type == "Condition":
            diagnosed = diagnosed or _is_coded(resource.code, DIAGNOSES)
        elif resource.resource_type == "Observation" and _is_coded(resource.code, MARKERS):
            quantity = resource.value_quantity
            value = quantity.value if quantity else None
            raised = raised or (value is not None and value >= RAISED_MG_PER_L)
    return diagnosed and raised


def _resources(call: Call) -> Iterator[Resource]:
    for value in call.prefetch.values():
        for entry in value.entry:
            yield entry.resource


def _is_coded(concept: Concept | None, codes: frozenset[str]) -> bool:
    return concept is not None and any(coding.code in codes for coding in concept.coding)
