"""Is this a body we read? Type, encoding and size first, then strict JSON or a form."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote_to_bytes

from flask import Request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from cds.errors import BodyTooLarge, InvalidRequest, MalformedBody, UnsupportedBody
from cds.strict_json import check_json

JSON_TYPES = frozenset({"application/json", "application/fhir+json", "application/json+fhir"})
FORM_TYPE = "application/x-www-form-urlencoded"

_WINDOW = 65_536  # a form is unescaped in windows: all at once takes forty times its size
_ESCAPE_LENGTH = 3  # %7B


def read_json_body(request: Request) -> bytes:
    """Give the body of a POST, known to be one strict JSON object.

    Errors: UnsupportedBody for another media type or any Content-Encoding (a small compressed
    body may be a huge chart); BodyTooLarge over the limit, also without Content-Length;
    MalformedBody for what is cut off or is not strict JSON.
    """
    if request.mimetype not in JSON_TYPES:
        raise UnsupportedBody(
            "The body must be JSON; send it with the header Content-Type: application/json or "
            "application/fhir+json."
        )
    return check_json(_read_up_to_the_limit(request))


def read_form_body(request: Request, known: frozenset[str]) -> Mapping[str, bytes]:
    """Give the fields of a posted form, unescaped and otherwise as they came.

    known: the names a field may have. A field without "=" is an empty one.

    Errors: UnsupportedBody and BodyTooLarge as for JSON; InvalidRequest for a field that is not
    known or stands there twice. What is no escape stays as it is, as browsers do it.
    """
    if request.mimetype != FORM_TYPE:
        raise UnsupportedBody(f"The body must be a form of the type {FORM_TYPE}.")
    fields: dict[str, bytes] = {}
    for pair in _read_up_to_the_limit(request).split(b"&", maxsplit=len(known)):
        name, _, value = pair.partition(b"=")
        told = name.decode("ascii", "replace")
        if told not in known or told in fields:
            raise InvalidRequest("The form has a field that is not known or stands there twice.")
        fields[told] = b"".join(_unescape(value.replace(b"+", b" ")))
    return fields


def check_form_arrived(request: Request) -> None:
    """Read a form that the framework parses to its end, before anything is asked of it.

    Errors: MalformedBody for one that was cut off, or came in chunks that are none.
    """
    try:
        _ = request.form
    except (ClientDisconnected, OSError, ParseException):
        raise MalformedBody("The form did not arrive as a whole. Nothing was changed.") from None


def _unescape(value: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(value):
        end = start + _WINDOW
        # An escape that begins in the last two places of the window belongs to the next one.
        begun = value.rfind(b"%", end - _ESCAPE_LENGTH + 1, end) if end < len(value) else -1
        end = end if begun < 0 else begun
        yield unquote_to_bytes(value[start:end])
        start = end


def _read_up_to_the_limit(request: Request) -> bytes:
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise UnsupportedBody("A Content-Encoding is not accepted; send the body as it is.")
    # The framework's maximum is one byte above the limit, see create_app.
    limit = (request.max_content_length or 1) - 1
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        body = None
    except (ClientDisconnected, OSError, ParseException):  # cut off, or in chunks that are none
        raise MalformedBody("The body did not arrive as a whole.") from None
    if body is None or len(body) > limit:
        raise BodyTooLarge(f"The body is over the limit of {limit} bytes.")
    return body
