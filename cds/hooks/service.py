"""Where are the services found, and who may call them? The routes of CDS Hooks."""

import time
from collections.abc import Mapping

from flask import Blueprint, Response, g, request

from cds.ehr.admission import Admission
from cds.errors import UnknownRoute
from cds.hooks.calls import HookCalls
from cds.hooks.catalogue import HookService
from cds.hooks.discovery import describe_services
from cds.http_body import read_json_body
from cds.json_answer import write_json
from cds.operations.request_log import count_for_log


def hook_routes(
    catalogue: Mapping[str, HookService], admission: Admission, calls: HookCalls, public_url: str
) -> Blueprint:
    """Give the routes of CDS Hooks: discovery, and one address for each service."""
    routes = Blueprint("hooks", __name__)
    discovery = describe_services(catalogue, public_url)

    @routes.get("/cds-services")
    def discover() -> Response:
        return write_json(discovery)

    @routes.post("/cds-services/<service_id>")
    def call_service(service_id: str) -> Response:
        client = admission.admit(request.headers, request.path)
        service = catalogue.get(service_id)
        if service is None:
            raise UnknownRoute("There is no service with this id.")
        body = read_json_body(request)
        cards = calls.answer(service, client, body, time.perf_counter() - g.began)
        count_for_log(cards=len(cards))
        return write_json({"cards": [card.to_wire() for card in cards]})

    return routes
