"""What does the client ask? The envelope of a hook call, without a look into its charts.

Required members are checked strictly; whatever else a client adds is ignored, because all add some.
"""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from cds.errors import InvalidRequest, MissingMember

_PATIENT_PREFIX = "Patient/"

_PROBLEMS = {
    "string_type": "must be a string",
    "string_too_short": "must not be empty",
    "string_too_long": "is too long",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "uuid_type": "must be a UUID string",
    "uuid_parsing": "must be a UUID string",
}


def _without_prefix(value: object) -> object:
    # Public test clients write "Patient/123" where the hook asks for the bare id.
    return value.removeprefix(_PATIENT_PREFIX) if isinstance(value, str) else value


Text = Annotated[str, Field(strict=True, min_length=1, max_length=2000)]


class _Received(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class PatientViewContext(_Received):
    """The context of patient-view. encounterId is never relied on, so it is not read."""

    user_id: Text = Field(alias="userId")
    patient_id: Annotated[Text, BeforeValidator(_without_prefix)] = Field(alias="patientId")


class HookRequest(_Received):
    """One hook call. prefetch: the JSON of each value, not yet read.

    fhirServer and fhirAuthorization are checked for shape and then forgotten: nothing is fetched,
    and a token that is not kept cannot leak.
    """

    hook: Text
    hook_instance: UUID = Field(alias="hookInstance")
    context: PatientViewContext
    prefetch: dict[str, bytes] = Field(default_factory=dict)


def read_hook_request(body: bytes, hook: str) -> HookRequest:
    """Read the envelope of a hook call from a body that is known to be strict JSON.

    Errors: MissingMember or InvalidRequest, naming the member, for a required member that is
    absent or of another type, for a hook other than `hook`, and for a token without a server.
    """
    members = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    envelope: dict[str, Any] = {
        name: msgspec.json.decode(raw) for name, raw in members.items() if name in _SMALL_MEMBERS
    }
    _check_hook(envelope.get("hook"), hook)
    _check_fhir_access(envelope)
    envelope["prefetch"] = _split_prefetch(members.get("prefetch"))
    try:
        return HookRequest.model_validate(envelope)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        raise MissingMember(f"{path} is required and is not there.", expression=(path,))
    problem = _PROBLEMS.get(first["type"], "is not valid")
    raise InvalidRequest(f"{path} {problem}.", expression=(path,))


_SMALL_MEMBERS = frozenset({"hook", "hookInstance", "context", "fhirServer", "fhirAuthorization"})


def _check_hook(named: object, hook: str) -> None:
    if isinstance(named, str) and named and named != hook:
        raise InvalidRequest(f"This service answers the hook {hook} only.", expression=("hook",))


def _check_fhir_access(envelope: dict[str, Any]) -> None:
    server, authorization = envelope.get("fhirServer"), envelope.get("fhirAuthorization")
    if server is not None and not isinstance(server, str):
        raise InvalidRequest("fhirServer must be a string.", expression=("fhirServer",))
    if authorization is None:
        return
    if not isinstance(authorization, dict):
        raise InvalidRequest(
            "fhirAuthorization must be an object.", expression=("fhirAuthorization",)
        )
    if not server:
        raise MissingMember(
            "fhirServer is required where fhirAuthorization is given.", expression=("fhirServer",)
        )


def _split_prefetch(raw: msgspec.Raw | None) -> dict[str, bytes]:
    if raw is None or bytes(raw).strip() == b"null":
        return {}
    try:
        values = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        raise InvalidRequest("prefetch must be an object.", expression=("prefetch",)) from None
    return {key: bytes(value) for key, value in values.items()}
