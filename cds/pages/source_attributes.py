"""Where does one read what must be known of a service before relying on it?"""

from collections.abc import Mapping

from flask import Blueprint, Response

from cds.errors import UnknownRoute
from cds.evidence_resources import Publication
from cds.hooks.catalogue import HookService
from cds.json_answer import write_json
from cds.pages.page import send_page
from cds.source_attributes import describe_source


def source_attribute_routes(
    publication: Publication, catalogue: Mapping[str, HookService]
) -> Blueprint:
    """Give `/cds-services/<id>/source-attributes`, and `/source-attributes` as a page."""
    routes = Blueprint("source_attributes", __name__)
    described = {
        service.id: describe_source(
            service, publication.knowledge, publication.wording, publication.evidence_page
        )
        for service in catalogue.values()
    }
    told = {identity: attributes.to_wire() for identity, attributes in described.items()}

    @routes.get("/cds-services/<service_id>/source-attributes")
    def send_source_attributes(service_id: str) -> Response:
        attributes = told.get(service_id)
        if attributes is None:
            raise UnknownRoute("There is no service with this id.")
        return write_json(attributes)

    @routes.get("/source-attributes")
    def show_source_attributes() -> Response:
        every = tuple(described.values())
        return send_page("source_attributes.html", shared=every[0], services=every)

    return routes
