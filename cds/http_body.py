"""Is this a body we read? Type, encoding and size first, then strict JSON."""

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from cds.errors import BodyTooLarge, UnsupportedBody
from cds.strict_json import check_json

JSON_TYPES = frozenset({"application/json", "application/fhir+json", "application/json+fhir"})


def read_json_body(request: Request) -> bytes:
    """Give the body of a POST, known to be one strict JSON object.

    Errors: UnsupportedBody for another media type or any Content-Encoding (a small compressed
    body may be a huge chart); BodyTooLarge over the limit, also without Content-Length;
    MalformedBody for what is not strict JSON.
    """
    if request.mimetype not in JSON_TYPES:
        raise UnsupportedBody(
            "The body must be JSON; send it with the header Content-Type: application/json or "
            "application/fhir+json."
        )
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise UnsupportedBody("A Content-Encoding is not accepted; send the body as it is.")
    return check_json(_read_up_to_the_limit(request))


def _read_up_to_the_limit(request: Request) -> bytes:
    # The framework's maximum is one byte above the limit, see create_app.
    limit = (request.max_content_length or 1) - 1
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        body = None
    if body is None or len(body) > limit:
        raise BodyTooLarge(f"The body is over the limit of {limit} bytes.")
    return body
