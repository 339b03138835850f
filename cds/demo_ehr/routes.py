"""How is the demo FHIR server asked? Read and search, by GET and by POST, and what it can do."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from cds.demo_ehr.records import DemoRecords, Resource
from cds.demo_ehr.search import SEARCHED_TYPES, SORTED_BY, Search, search
from cds.errors import UnknownRoute
from cds.json_answer import write_json
from cds.pages.demo_patients import find_demo_patients
from cds.settings import Settings

PATH = "/demo/fhir"
_FHIR_JSON = "application/fhir+json"


def demo_fhir_routes(settings: Settings, today: Callable[[], date]) -> Blueprint:
    """Give the demo FHIR server. It can only be read, and holds synthetic patients only."""
    routes = Blueprint("demo_fhir", __name__, url_prefix=PATH)
    records = DemoRecords(find_demo_patients(settings.demo_patients).files, today)
    base = f"{settings.public_url}{PATH}"
    capability = _describe(base)

    @routes.get("/metadata")
    def metadata() -> Response:
        return _send({**capability, "date": today().isoformat()})

    @routes.get("/<resource_type>/<identity>")
    def read(resource_type: str, identity: str) -> Response:
        found = records.now().read(resource_type, identity)
        if found is None:
            raise UnknownRoute("There is no such resource.")
        return _send(found)

    @routes.get("/<resource_type>")
    def find(resource_type: str) -> Response:
        return answer(resource_type, list(request.args.items(multi=True)))

    @routes.post("/<resource_type>/_search")
    def find_by_post(resource_type: str) -> Response:
        asked = (*request.args.items(multi=True), *request.form.items(multi=True))
        return answer(resource_type, list(asked))

    def answer(resource_type: str, parameters: list[tuple[str, str]]) -> Response:
        if resource_type not in SEARCHED_TYPES:
            raise UnknownRoute("This server has no resources of this type.")
        found = search(records.now(), resource_type, parameters)
        return _send(_write(found, f"{base}/{resource_type}", parameters, base))

    return routes


def _send(resource: Resource) -> Response:
    response = write_json(resource)
    response.mimetype = _FHIR_JSON
    return response


def _write(found: Search, url: str, parameters: list[tuple[str, str]], base: str) -> dict[str, Any]:
    """Write a page of matches as a searchset."""
    links = [{"relation": "self", "url": _page_url(url, parameters, found.offset)}]
    if found.next_offset is not None:
        following = _page_url(url, parameters, found.next_offset)
        links.append({"relation": "next", "url": following})
    content = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found.matches),
        "link": links,
        "entry": [
            {
                "fullUrl": f"{base}/{each['resourceType']}/{each['id']}",
                "resource": each,
                "search": {"mode": "match"},
            }
            for each in found.page
        ],
    }
    return {name: value for name, value in content.items() if value != []}


def _page_url(url: str, parameters: Iterable[tuple[str, str]], offset: int) -> str:
    kept = [(name, value) for name, value in parameters if name != "_offset"]
    at = [("_offset", str(offset))] if offset else []
    return f"{url}?{urlencode([*kept, *at])}" if kept or at else url


def _describe(base: str) -> dict[str, Any]:
    """Say what the server can do, as FHIR does it."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-01-01",
        "kind": "instance",
        "software": {"name": "Demo records of the TRD inflammation service"},
        "implementation": {"description": "Synthetic patients only", "url": base},
        "fhirVersion": "4.0.1",
        "format": [_FHIR_JSON],
        "rest": [{"mode": "server", "resource": [_describe_type(each) for each in SEARCHED_TYPES]}],
    }


def _describe_type(resource_type: str) -> dict[str, Any]:
    own = ("name", "identifier") if resource_type == "Patient" else ("patient", "code")
    return {
        "type": resource_type,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [
            {"name": name, "type": "reference" if name == "patient" else "token"} for name in own
        ]
        + (
            [{"name": SORTED_BY[resource_type][0], "type": "date"}]
            if resource_type in SORTED_BY
            else []
        ),
    }
