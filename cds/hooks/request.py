"""What does the client ask? The envelope of a hook call, without a look into its charts.

Required members are checked strictly; whatever else a client adds is ignored, because all add some.
"""

import re
from typing import Annotated, Any
from uuid import UUID

import msgspec
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from cds.errors import InvalidRequest, MissingMember

_PATIENT_PREFIX = "Patient/"
# What may stand in a header after "Bearer ", and nothing that could end the header.
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}", re.ASCII)
# What stands beside the token. It is checked where it is there, and not kept.
_BESIDE_TOKEN: dict[str, type] = {
    "token_type": str,
    "expires_in": int,
    "scope": str,
    "subject": str,
    "patient": str,
}

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

    fhir_server, fhir_token: where the client lets us ask for more, and with which token. The token
    is in no repr and goes with the call.
    """

    hook: Text
    hook_instance: UUID = Field(alias="hookInstance")
    context: PatientViewContext
    fhir_server: str | None = Field(default=None, alias="fhirServer")
    fhir_token: str | None = Field(default=None, alias="fhirToken", repr=False)
    prefetch: dict[str, bytes] = Field(default_factory=dict)


_ABSENT = msgspec.Raw(b"")


class _Members(msgspec.Struct, rename="camel"):
    """The members of a call as they came. One pass over the charts, which are not read here."""

    hook: msgspec.Raw = _ABSENT
    hook_instance: msgspec.Raw = _ABSENT
    context: msgspec.Raw = _ABSENT
    fhir_server: msgspec.Raw = _ABSENT
    fhir_authorization: msgspec.Raw = _ABSENT
    prefetch: dict[str, msgspec.Raw] | None = None

    def small(self) -> dict[str, Any]:
        """Decode what is there besides the prefetch, by the name it has on the wire."""
        known = zip(self.__struct_encode_fields__, msgspec.structs.astuple(self), strict=True)
        return {
            name: msgspec.json.decode(raw)
            for name, raw in known
            if isinstance(raw, msgspec.Raw) and bytes(raw)
        }


_MEMBERS = msgspec.json.Decoder(_Members)


def read_hook_request(body: bytes, hook: str) -> HookRequest:
    """Read the envelope of a hook call from a body that is known to be strict JSON.

    Errors: MissingMember or InvalidRequest, naming the member, for a required member that is
    absent or of another type, for a hook other than `hook`, and for a token without a server.
    """
    try:
        members = _MEMBERS.decode(body)
    except msgspec.ValidationError:  # the only member that is of a type here
        raise InvalidRequest("prefetch must be an object.", expression=("prefetch",)) from None
    envelope = members.small()
    _check_hook(envelope.get("hook"), hook)
    envelope["fhirToken"] = _read_fhir_token(envelope)
    envelope["prefetch"] = {key: bytes(value) for key, value in (members.prefetch or {}).items()}
    try:
        return HookRequest.model_validate(envelope)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        raise MissingMember(f"{path} is required and is not there.", expression=(path,))
    problem = _PROBLEMS.get(first["type"], "is not valid")
    raise InvalidRequest(f"{path} {problem}.", expression=(path,))


def _check_hook(named: object, hook: str) -> None:
    if isinstance(named, str) and named and named != hook:
        raise InvalidRequest(f"This service answers the hook {hook} only.", expression=("hook",))


def _read_fhir_token(envelope: dict[str, Any]) -> str | None:
    """Give the token for the client's FHIR server; what else stands beside it is not kept."""
    server, authorization = envelope.get("fhirServer"), envelope.get("fhirAuthorization")
    if server is not None and not isinstance(server, str):
        raise InvalidRequest("fhirServer must be a string.", expression=("fhirServer",))
    if authorization is None:
        return None
    path = "fhirAuthorization"
    if not isinstance(authorization, dict):
        raise InvalidRequest(f"{path} must be an object.", expression=(path,))
    if not server:
        raise MissingMember(
            "fhirServer is required where fhirAuthorization is given.", expression=("fhirServer",)
        )
    token = authorization.get("access_token")
    if token is None:
        raise MissingMember(f"{path}.access_token is required.", expression=(path,))
    if not isinstance(token, str) or _TOKEN.fullmatch(token) is None:
        raise InvalidRequest(f"{path}.access_token must be a token.", expression=(path,))
    _check_beside_token(authorization)
    return token


def _check_beside_token(authorization: dict[str, Any]) -> None:
    path = "fhirAuthorization"
    for name, kind in _BESIDE_TOKEN.items():
        if type(authorization.get(name, kind())) not in (kind, type(None)):  # true is no number
            raise InvalidRequest(f"{path}.{name} is of another type.", expression=(path,))
    if (authorization.get("token_type") or "Bearer").lower() != "bearer":
        raise InvalidRequest(f"{path}.token_type must be Bearer.", expression=(path,))
