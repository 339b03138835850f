"""How is a refusal written? Every body that is not a 2xx is a FHIR OperationOutcome."""

from cds.errors import ServiceError

_SERVER_FAULT = 500


def write_operation_outcome(error: ServiceError, correlation_id: str) -> bytes:
    """Write the error as JSON of a FHIR R4B OperationOutcome.

    Built from the models of fhir.resources, so that it is valid by construction. They are imported
    here, not at the top: they cost a quarter of a second that a start does not need.
    """
    from fhir.resources.R4B.operationoutcome import (  # noqa: PLC0415 - see docstring
        OperationOutcome,
    )

    issue: dict[str, object] = {
        "severity": "fatal" if error.status >= _SERVER_FAULT else "error",
        "code": error.code,
        "details": {"text": error.message},
        "diagnostics": f"correlation id {correlation_id}",
    }
    if error.expression:
        issue["expression"] = list(error.expression)
    outcome = OperationOutcome.model_validate(
        {"resourceType": "OperationOutcome", "issue": [issue]}
    )
    return outcome.model_dump_json().encode()
