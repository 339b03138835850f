"""Which answer does a failed request get? Every path out of a request that is not a 2xx."""

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from cds.errors import (
    InternalFault,
    InvalidRequest,
    ServiceError,
    UnknownRoute,
    WrongMethod,
)
from cds.json_answer import send_json
from cds.operation_outcome import write_operation_outcome
from cds.operations.request_log import correlation_id, log_fault


def register_error_answers(app: Flask) -> None:
    """Answer every error with an OperationOutcome that carries the correlation id."""

    @app.errorhandler(ServiceError)
    def refuse(error: ServiceError) -> Response:
        return _answer(error)

    @app.errorhandler(HTTPException)
    def refuse_http(error: HTTPException) -> Response:
        response = _answer(_translate(error))
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers[name] = value
        return response

    # The outermost handler, and the only one that catches what nobody foresaw: it says that we
    # failed and under which id the log knows it, and nothing of the exception.
    @app.errorhandler(Exception)
    def fail(error: Exception) -> Response:
        log_fault(error)
        return _answer(InternalFault("The service failed; nothing was evaluated."))


def _answer(error: ServiceError) -> Response:
    return send_json(write_operation_outcome(error, correlation_id()), error.status)


def _translate(error: HTTPException) -> ServiceError:
    """Say in our words what the web framework refused."""
    match error.code:
        case 404:
            return UnknownRoute("There is nothing at this address.")
        case 405:
            return WrongMethod("This address does not take this method.")
        case _:
            return InvalidRequest("The request cannot be read.")
