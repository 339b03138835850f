"""Who is timed, and how is each started?

Beside floors and peers the service as it ships; beside its own evaluation the service with all that
stands around it in a deployment.
"""

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bodies import ENDPOINT
from benchmarks.installations import folder_with, node_modules, python_with
from benchmarks.signing import SigningClient, es384_client, rs384_client

SERVICE = "this service"
TYPED_FLOOR = "floor: Flask + msgspec, typed"
DICT_FLOOR = "floor: Flask + orjson, dicts"
HEALTHCHAIN_DICTS = "HealthChain, dicts"
HEALTHCHAIN_MODELS = "HealthChain, fhir.resources"
CQL = "cql-execution"

EVALUATION = "evaluation alone"
SIGNED = {
    "ES384": "this service, signed calls, ES384",
    "RS384": "this service, signed calls, RS384",
}
# Those of whom the evidence card is asked, where a trivial rule has a card of its own.
MAKES_EVIDENCE_CARD = frozenset({SERVICE, EVALUATION, *SIGNED.values()})

HOST = "127.0.0.1"

Started = tuple[tuple[str, ...], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contestant runs. folder: its own, and gone when it ends."""

    port: int
    workers: int
    folder: Path


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to answer the call.

    start: gives the command, and what it needs in its environment. headers: makes those that one
    call has besides its type.
    """

    name: str
    path: str
    start: Callable[[Place], Started]
    headers: Callable[[], Mapping[str, str]] = dict


def _gunicorn(app: str, place: Place) -> tuple[str, ...]:
    """Run under gunicorn with the shipped settings."""
    settings = ("--config", "python:cds.gunicorn_conf", "--workers", str(place.workers))
    return (sys.executable, "-m", "gunicorn", *settings, "--bind", f"{HOST}:{place.port}", app)


def _uvicorn(app: str, place: Place) -> tuple[str, ...]:
    """Run under uvicorn, as HealthChain does itself, without an access log."""
    python = str(python_with("healthchain"))
    where = ("--host", HOST, "--port", str(place.port), "--workers", str(place.workers))
    return (python, "-m", "uvicorn", *where, "--no-access-log", "--log-level", "error", app)


def _start_service(place: Place) -> Started:
    return _gunicorn("cds.wsgi:build()", place), {}


def _start_evaluation(place: Place) -> Started:
    return _gunicorn("benchmarks.peers.evaluation_alone:app", place), {}


def _start_typed_floor(place: Place) -> Started:
    return _gunicorn("benchmarks.peers.msgspec_floor:app", place), {}


def _start_dict_floor(place: Place) -> Started:
    packages = {"PYTHONPATH": str(folder_with("orjson"))}
    return _gunicorn("benchmarks.peers.orjson_floor:app", place), packages


def _start_healthchain_dicts(place: Place) -> Started:
    return _uvicorn("benchmarks.peers.healthchain_dicts:app", place), {}


def _start_healthchain_models(place: Place) -> Started:
    return _uvicorn("benchmarks.peers.healthchain_models:app", place), {}


def _start_cql(place: Place) -> Started:
    packages = {"NODE_PATH": str(node_modules())}
    node = shutil.which("node") or "node"
    return (node, "benchmarks/peers/cql_server.js", str(place.port), str(place.workers)), packages


def _signed(algorithm: str, client: Callable[[], SigningClient]) -> Contestant:
    """Give the service as it ships, to a client that signs its calls."""

    def start(place: Place) -> Started:
        command, _ = _start_service(place)
        return command, client().trusted(place.folder)

    return Contestant(SIGNED[algorithm], ENDPOINT, start, lambda: client().headers())


_HEALTHCHAIN_PATH = "/cds/cds-services/benchmark"

_SHIPPED = Contestant(SERVICE, ENDPOINT, _start_service)

CONTESTANTS = (
    _SHIPPED,
    Contestant(TYPED_FLOOR, "/", _start_typed_floor),
    Contestant(DICT_FLOOR, "/", _start_dict_floor),
    Contestant(HEALTHCHAIN_DICTS, _HEALTHCHAIN_PATH, _start_healthchain_dicts),
    Contestant(HEALTHCHAIN_MODELS, _HEALTHCHAIN_PATH, _start_healthchain_models),
    Contestant(CQL, "/", _start_cql),
)

SIGNED_CONTESTANTS = (
    Contestant(EVALUATION, "/", _start_evaluation),
    _SHIPPED,
    _signed("ES384", es384_client),
    _signed("RS384", rs384_client),
)
