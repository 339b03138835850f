"""What does a hook call get? Parse, fill, read, assess, card."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, Response, request

from cds.errors import NoPatient, UnknownRoute
from cds.evaluation import Evaluator, patients_in
from cds.hooks.catalogue import HookService
from cds.hooks.discovery import describe_services
from cds.hooks.prefetch import fill_templates
from cds.hooks.request import read_hook_request
from cds.http_body import read_json_body
from cds.json_answer import write_json
from cds.operations.request_log import count_for_log


def hook_routes(
    catalogue: Mapping[str, HookService], evaluator: Evaluator, today: Callable[[], date]
) -> Blueprint:
    """Give the routes of CDS Hooks: discovery, and one address for each service."""
    routes = Blueprint("hooks", __name__)
    discovery = describe_services(catalogue)

    @routes.get("/cds-services")
    def discover() -> Response:
        return write_json(discovery)

    @routes.post("/cds-services/<service_id>")
    def call_service(service_id: str) -> Response:
        service = catalogue.get(service_id)
        if service is None:
            raise UnknownRoute("There is no service with this id.")
        call = read_hook_request(read_json_body(request), service.hook)
        filled = fill_templates(call.prefetch, service.prefetch)
        if not patients_in(filled.resources):
            raise NoPatient(
                "The prefetch holds no Patient with an id, so nothing in it can be matched with "
                "context.patientId.",
                expression=("prefetch.patient",),
            )
        evaluation = evaluator.evaluate(
            filled.resources, call.context.patient_id, today(), filled.not_obtained
        )
        count_for_log(cards=len(evaluation.cards))
        return write_json({"cards": [card.to_wire() for card in evaluation.cards]})

    return routes
