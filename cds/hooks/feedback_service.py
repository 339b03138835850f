"""What does feedback get? It is written down, and then acknowledged."""

from collections.abc import Callable, Collection
from datetime import datetime

from flask import Blueprint, Response, request

from cds.ehr.admission import Admission
from cds.errors import UnknownRoute
from cds.hooks.feedback import read_feedback
from cds.http_body import read_json_body
from cds.json_answer import write_json
from cds.operations.metrics import FEEDBACK, UNKNOWN_FEEDBACK
from cds.operations.request_log import count_for_log
from cds.store.feedback import FeedbackLog


def feedback_routes(
    services: Collection[str],
    admission: Admission,
    log: FeedbackLog,
    now: Callable[[], datetime],
) -> Blueprint:
    """Give the route for feedback on the cards of each service.

    The answer is the same for a card we know and one we do not, so that nobody can probe for the
    cards of others.
    """
    routes = Blueprint("feedback", __name__)

    @routes.post("/cds-services/<service_id>/feedback")
    def take_feedback(service_id: str) -> Response:
        client = admission.admit(request.headers, request.path)
        if service_id not in services:
            raise UnknownRoute("There is no service with this id.")
        entries = read_feedback(read_json_body(request))
        counted = log.add(client.name, service_id, entries, now())
        for entry in entries:
            FEEDBACK.labels(client.name, entry.outcome).inc()
        UNKNOWN_FEEDBACK.labels(client.name).inc(counted.unknown)
        count_for_log(feedback=counted.stored, repeated=counted.repeated)
        return write_json({})

    return routes
