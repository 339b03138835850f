"""Which answer does a failed request get? Every path out of a request that is not a 2xx."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from cds.errors import (
    ComeBackLater,
    InternalFault,
    InvalidRequest,
    NotReady,
    ServiceError,
    Unauthenticated,
    UnknownRoute,
    WrongMethod,
)
from cds.json_answer import send_json
from cds.operation_outcome import write_operation_outcome
from cds.operations.request_log import correlation_id, log_fault, log_store_fault
from cds.store.errors import StoreUnavailable

_OURS = 500


def register_error_answers(
    routes: Flask | Blueprint, answer: Callable[[ServiceError], Response]
) -> None:
    """Answer every error of the service, or of some of its routes, in one way.

    answer: writes the error for whoever asks there, with its status and the correlation id.
    """

    @routes.errorhandler(ServiceError)
    def refuse(error: ServiceError) -> Response:
        return answer(error)

    @routes.errorhandler(StoreUnavailable)
    def come_back(error: StoreUnavailable) -> Response:
        log_store_fault(error.reason)
        return answer(
            NotReady("What was decided could not be written down, so nothing is answered.")
        )

    @routes.errorhandler(HTTPException)
    def refuse_http(error: HTTPException) -> Response:
        response = answer(_translate(error))
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers[name] = value
        return response

    # The outermost handler, and the only one that catches what nobody foresaw: it says that we
    # failed and under which id the log knows it, and nothing of the exception.
    @routes.errorhandler(Exception)
    def fail(error: Exception) -> Response:
        log_fault(error)
        return answer(InternalFault("The service failed; nothing was evaluated."))


def answer_with_outcome(error: ServiceError) -> Response:
    """Answer a program: with a FHIR OperationOutcome."""
    response = send_json(write_operation_outcome(error, correlation_id()), error.status)
    if isinstance(error, Unauthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, ComeBackLater):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _translate(error: HTTPException) -> ServiceError:
    """Say in our words what the web framework refused."""
    match error.code:
        case 404:
            return UnknownRoute("There is nothing at this address.")
        case 405:
            return WrongMethod("This address does not take this method.")
        case code if code is not None and code >= _OURS:
            return InternalFault("The service failed; nothing was evaluated.")
        case _:
            return InvalidRequest("The request cannot be read.")
