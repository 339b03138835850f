"""How does an access to a case read as FHIR? An AuditEvent in the pattern of IHE BALP.

Agents, entities and codes are those of BALP's PatientRead where a case was looked at. The profile
is not claimed: it wants the network address of who asked, and this service keeps none.
Source: https://profiles.ihe.net/ITI/BALP.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from cds.exports.fhir_parts import (
    AUDITED_ACTION,
    Issuer,
    Json,
    as_lines,
    coding,
)
from cds.exports.tables import write_moment
from cds.store.export_records import ExportedAccess

_INTERACTION = "http://hl7.org/fhir/restful-interaction"
_ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
_SOURCE = "http://terminology.hl7.org/CodeSystem/security-source-type"
_SUCCESS, _MINOR_FAILURE = "0", "4"
_DONE = "done"

_REST, _UNKNOWN_ACTION = "rest", {"type": "rest", "action": "E"}
_INTERACTIONS = {"C": "create", "R": "read", "U": "update"}


def write_audit_events(accesses: Iterable[ExportedAccess], issuer: Issuer) -> Iterator[bytes]:
    """Write one AuditEvent for each thing that was done or refused, one a line."""
    return as_lines(_tell(access, issuer) for access in accesses)


def _tell(access: ExportedAccess, issuer: Issuer) -> Json:
    known = _known()
    asked = known["actions"].get(access.action, _UNKNOWN_ACTION)
    action = asked["action"]
    return {
        "resourceType": "AuditEvent",
        "id": str(access.number),
        "type": _coding(known["types"][asked["type"]]),
        "subtype": [*_interaction(asked), coding(AUDITED_ACTION, access.action)],
        "action": action,
        "recorded": write_moment(access.at),
        "outcome": _SUCCESS if access.outcome == _DONE else _MINOR_FAILURE,
        "outcomeDesc": access.outcome,
        "agent": _agents(access, issuer),
        "source": {
            "site": issuer.base,
            "observer": issuer.device,
            "type": [coding(_SOURCE, "4", "Application Server")],
        },
        "entity": _entities(access, issuer),
    }


@cache
def _known() -> Json:
    """Read audited_actions.toml: systems, agents, types and actions."""
    text = files("cds.exports").joinpath("audited_actions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _coding(written: Mapping[str, str]) -> Json:
    return coding(_known()["systems"][written["system"]], written["code"], written["display"])


def _interaction(asked: Mapping[str, str]) -> list[Json]:
    name = _INTERACTIONS.get(asked["action"]) if asked["type"] == _REST else None
    return [] if name is None else [coding(_INTERACTION, name, name)]


def _agents(access: ExportedAccess, issuer: Issuer) -> list[Json]:
    """Name the service that sent, the browser that it was sent to, and who sat before it."""
    who: Json = {"display": access.name or "Not known"}
    if access.account is not None:
        who["identifier"] = issuer.identifier("account", access.account)
    browser: Json = {"type": "Device", "display": "A browser or a command line"}
    roles = _known()["agents"]
    agents = [
        {"type": {"coding": [_coding(roles[role])]}, "who": each, "requestor": role == "person"}
        for role, each in (("service", issuer.device), ("browser", browser), ("person", who))
    ]
    if access.name is not None:
        agents[-1]["name"] = access.name
    return agents


def _entities(access: ExportedAccess, issuer: Issuer) -> list[Json]:
    """Name the decision and its patient, each as far as it is known, and the details."""
    entities: list[Json] = []
    if access.client is not None and access.pseudonym is not None:
        entities.append(
            {
                "what": issuer.patient(access.pseudonym, access.client),
                "type": coding(_ENTITY, "1", "Person"),
                "role": coding(_OBJECT_ROLE, "1", "Patient"),
            }
        )
    if access.decision is not None:
        entities.append(
            {
                "what": {
                    "type": "GuidanceResponse",
                    "identifier": issuer.identifier("decision", access.decision),
                },
                "type": coding(_ENTITY, "2", "System Object"),
                "role": coding(_OBJECT_ROLE, "4", "Domain Resource"),
            }
        )
    told = [
        {"type": name, "valueString": str(value)}
        for name, value in access.details.items()
        if str(value).strip()
    ]
    if told:
        entities.append({"type": coding(_ENTITY, "4", "Other"), "detail": told})
    return entities
