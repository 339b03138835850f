"""What can go wrong, and what may a caller be told about it?"""

# ruff: noqa: N818 - the leaves are named for what is wrong, as the standard's status table is

from collections.abc import Iterator
from typing import ClassVar


class ServiceError(Exception):
    """A request that gets no assessment: an HTTP status, a FHIR issue code and a safe sentence.

    The sentence is written by us and never quotes the request: what a caller sends may identify
    a patient or carry markup, and error bodies end up in logs and consoles.

    expression: where the fault lies, as FHIRPath-like paths of elements we know by name.
    """

    status: ClassVar[int]
    code: ClassVar[str]

    def __init__(self, message: str, *, expression: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.expression = expression


class MalformedBody(ServiceError):
    """The body is not the JSON it claims to be."""

    status = 400
    code = "structure"


class MalformedHttp(ServiceError):
    """What came is no HTTP request."""

    status = 400
    code = "structure"


class InvalidRequest(ServiceError):
    """A member or a query parameter has a value it cannot have."""

    status = 400
    code = "invalid"


class MissingMember(ServiceError):
    """A member the standard requires is not there."""

    status = 400
    code = "required"


class Unauthenticated(ServiceError):
    """It is not known who calls. Why is never told: it would teach whoever forges tokens."""

    status = 401
    code = "login"

    def __init__(self) -> None:
        super().__init__("The call is not authenticated.")


class NotAllowed(ServiceError):
    """A known client asks for what it may not have."""

    status = 403
    code = "forbidden"


class UnknownRoute(ServiceError):
    """There is nothing at this address."""

    status = 404
    code = "not-found"


class WrongMethod(ServiceError):
    """The address exists and does not take this method."""

    status = 405
    code = "not-supported"


class DataNotObtained(ServiceError):
    """Data the service cannot do without was not obtained; this differs from "no data"."""

    status = 412
    code = "incomplete"


class DataTimedOut(DataNotObtained):
    """The client's FHIR server did not answer in the time there is."""

    code = "timeout"


class DataRefused(DataNotObtained):
    """The client's FHIR server refused the token it had given us."""

    code = "security"


class BodyTooLarge(ServiceError):
    """The body is over the limit, in bytes or in resources."""

    status = 413
    code = "too-long"


class UnsupportedBody(ServiceError):
    """The body is in a format or an encoding that is not read here."""

    status = 415
    code = "not-supported"


class TargetTooLong(ServiceError):
    """The address is over the limit."""

    status = 414
    code = "too-long"


class UnmetExpectation(ServiceError):
    """The client expects of the connection what it does not do."""

    status = 417
    code = "not-supported"


class HeadersTooLarge(ServiceError):
    """The headers are over the limit, in number or in size."""

    status = 431
    code = "too-long"


class NoPatient(ServiceError):
    """There is nobody to evaluate."""

    status = 422
    code = "required"


class SeveralPatients(ServiceError):
    """There is more than one patient and the caller did not say which."""

    status = 422
    code = "multiple-matches"


class UnknownPatient(ServiceError):
    """The patient the caller named is not in the Bundle."""

    status = 422
    code = "not-found"


class WrongPatient(ServiceError):
    """Something in the request belongs to somebody else, so nothing in it can be trusted."""

    status = 422
    code = "invariant"


class UnsupportedFhirVersion(ServiceError):
    """The resources are of a FHIR version that is not read here."""

    status = 422
    code = "not-supported"


class ComeBackLater(ServiceError):
    """The same call may succeed later. retry_after_s: for the header Retry-After, in seconds."""

    def __init__(self, message: str, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooManyRequests(ComeBackLater):
    """This client calls more often than was agreed."""

    status = 429
    code = "throttled"


class NotReady(ComeBackLater):
    """The service cannot do its work now, such as write down what it decided."""

    status = 503
    code = "transient"


class InternalFault(ServiceError):
    """We failed. The reason is in the log, under the correlation id."""

    status = 500
    code = "exception"


def every_error(parent: type[ServiceError] = ServiceError) -> Iterator[type[ServiceError]]:
    """Give each kind of error that a caller can get, for the documents that name them all."""
    for error in parent.__subclasses__():
        if hasattr(error, "status"):
            yield error
        yield from every_error(error)
