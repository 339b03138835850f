"""Is this body the JSON object it claims to be, with no room for two readings?

The standard library keeps the last of two equal keys, reads NaN, turns 1e400 into infinity and
lets half a surrogate pair through. Each of these can change what a chart says, so each is refused.

Nearly every body is found strict by the fast look of `plain_json`. Only what that one does not
vouch for is looked at object by object, which takes ten times as long and finds the words.
"""

import json
import math
import re
from typing import NoReturn

import msgspec

from cds.errors import BodyTooLarge, MalformedBody
from cds.plain_json import brackets_of, has_unique_keys, is_within_depth

MAX_DEPTH = 64
# Each object costs time and memory, however few bytes it has. A chart has one in fifty bytes.
OBJECTS_IN_ANY_BODY = 500_000
BYTES_FOR_ONE_MORE = 20
MAX_NUMBER_LENGTH = 300  # beyond the range of a double, and far beyond any measurement

_BOM = b"\xef\xbb\xbf"
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

# Names that may be repeated to the caller. Any other key is unknown input and stays unsaid.
_KNOWN_NAMES = frozenset(
    """
    resourceType id meta versionId lastUpdated type total timestamp link relation url entry fullUrl
    resource search mode request response status code coding system display text value unit
    comparator low high subject patient encounter effectiveDateTime effectivePeriod issued
    valueQuantity valueString valueCodeableConcept valueInteger dataAbsentReason interpretation
    referenceRange component clinicalStatus verificationStatus category onsetDateTime
    abatementDateTime recordedDate intent authoredOn medicationCodeableConcept medicationReference
    dosageInstruction doseAndRate doseQuantity timing repeat dispenseRequest quantity daysSupply
    whenHandedOver whenPrepared reference identifier name gender birthDate extension contained
    hook hookInstance fhirServer fhirAuthorization context prefetch userId patientId encounterId
    start end period item answer linkId questionnaire authored performedDateTime performedPeriod
    """.split()  # noqa: SIM905 - ninety names read better as lines
)


class _Depth(int):
    """An object that was read and let go: only how deep it goes is kept."""


def check_json(body: bytes) -> bytes:
    """Give the body without its byte order mark, once it is known to be one strict JSON object.

    Linear in the size of the body; the values are not kept. A byte order mark is accepted because
    some exporters write one.

    Errors: MalformedBody for anything that is not UTF-8, not JSON, not an object, nested deeper
    than MAX_DEPTH, or that has a repeated key, a number no double can hold or half a surrogate.
    BodyTooLarge for more objects and lists than any chart of that size has.
    """
    body = body.removeprefix(_BOM)
    brackets = brackets_of(body)
    if brackets.count(b"{") > max(OBJECTS_IN_ANY_BODY, len(body) // BYTES_FOR_ONE_MORE):
        raise BodyTooLarge("The body holds more objects and lists than a chart of its size can.")
    is_object = body.lstrip()[:1] == b"{"
    if not (is_object and has_unique_keys(body, MAX_NUMBER_LENGTH)) or not is_within_depth(
        brackets, MAX_DEPTH
    ):
        _look_exactly(body)
    return body


def _look_exactly(body: bytes) -> None:
    text = _text_of(body)
    if not text.strip():
        raise MalformedBody("The body is empty; a JSON object is expected.")
    value = _read(text)
    if type(value) is not _Depth:
        raise MalformedBody("The body is JSON but not an object; a JSON object is expected.")
    if _SURROGATE_ESCAPE.search(text):
        _refuse_half_surrogates(body)


def _text_of(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedBody("The body is not valid UTF-8.") from None


def _read(text: str) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_measure_object,
            parse_constant=_refuse_constant,
            parse_float=_check_float,
            parse_int=_check_int,
        )
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        raise MalformedBody(
            f"The body is not valid JSON (line {error.lineno}, column {error.colno})."
        ) from None


def _measure_object(pairs: list[tuple[str, object]]) -> _Depth:
    members = dict(pairs)
    if len(members) != len(pairs):
        _refuse_repeated_key(pairs)
    depth = 1 + max(map(_depth_of, members.values()), default=0)
    if depth > MAX_DEPTH:
        raise _too_deep()
    return _Depth(depth)


def _depth_of(value: object) -> int:
    if type(value) is _Depth:
        return value
    if isinstance(value, list):
        return 1 + max(map(_depth_of, value), default=0)
    return 0


def _too_deep() -> MalformedBody:
    return MalformedBody(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _refuse_repeated_key(pairs: list[tuple[str, object]]) -> NoReturn:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            name = f'"{key}"' if key in _KNOWN_NAMES else "a key"
            raise MalformedBody(
                f"An object in the body has {name} twice; which one counts is open."
            )
        seen.add(key)
    raise AssertionError("called for an object without a repeated key")


def _refuse_constant(_: str) -> NoReturn:
    raise MalformedBody("The body has NaN or Infinity, which JSON does not know.")


def _check_float(text: str) -> float:
    number = float(text) if len(text) <= MAX_NUMBER_LENGTH else math.inf
    if not math.isfinite(number):
        raise MalformedBody("The body has a number that is too large or too long to be read.")
    return number


def _check_int(text: str) -> int:
    if len(text) > MAX_NUMBER_LENGTH:
        raise MalformedBody("The body has a number that is too large or too long to be read.")
    return int(text)


def _refuse_half_surrogates(body: bytes) -> None:
    """Let the stricter decoder look at every string; it refuses half of a surrogate pair."""
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        raise MalformedBody("The body has a string with half of a surrogate pair.") from None
