"""How is foreign JSON decoded, and how is a fault told without telling a value?"""

import json
import re
from decimal import Decimal, InvalidOperation, getcontext
from functools import lru_cache
from typing import TypeVar

import msgspec

T = TypeVar("T")

# A number stays raw until it is read, because a Decimal field would also take the string "2.52".
Number = msgspec.Raw
NO_NUMBER = msgspec.Raw(b"")

# No clinical number has more digits than this; a larger one is a fault, not arithmetic to attempt.
MAX_DIGITS = 40

_FAULT = re.compile(r"Expected `([^`]+)`, got `[^`]+`(?: - at `([^`]+)`)?")
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


class UnreadableError(ValueError):
    """Something is not as FHIR says. The text holds path and expectation, never a value."""


def decode(decoder: msgspec.json.Decoder[T], content: bytes | msgspec.Raw) -> T:
    """Decode one resource or one part of it.

    Errors: UnreadableError for everything the codec can refuse, with the path and the expected
    type; the text of the codec is passed on only where its form shows that it holds no value.
    """
    try:
        return decoder.decode(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(_describe(str(error))) from error


def read_number(raw: Number, path: str) -> Decimal | None:
    """Read a JSON number exactly as written; None where the member is missing or null.

    Errors: UnreadableError for a string such as "2.52", and for a number out of all proportion.
    """
    written = bytes(raw)
    if not written or written == b"null":
        return None
    if len(written) <= MAX_DIGITS:
        number = _number(written)
        if number is not None:
            return number
    raise UnreadableError(f"{path} should be a number")


@lru_cache(maxsize=4096)
def _number(written: bytes) -> Decimal | None:
    if _NUMBER.fullmatch(written) is None:
        return None
    try:
        number = Decimal(written.decode("ascii"))
    except InvalidOperation:  # an exponent beyond what decimals hold
        return None
    if number and abs(number.adjusted()) > MAX_DIGITS:
        return None
    return number or Decimal(0)  # -0 is nothing anyone measured


def content_of(written: bytes) -> bytes:
    """Give JSON in one spelling, so that equal content is equal however it is spaced and ordered.

    1 and 1.0 are equal, as they are in FHIR. Unknown input: what is no JSON stays as it is.
    """
    try:
        value = json.loads(written, parse_int=_plain_number, parse_float=_plain_number)
    except (ValueError, ArithmeticError, RecursionError):
        return written
    return json.dumps(value, sort_keys=True).encode()


def _plain_number(written: str) -> list[str]:
    """Mark a number as one, because the string "4.1" is other content than the number 4.1."""
    number = Decimal(written)
    exact = len(number.as_tuple().digits) <= getcontext().prec
    return ["number", str(number.normalize() if exact else number)]


def _describe(fault: str) -> str:
    stated = _FAULT.fullmatch(fault)
    if stated is None:
        return "it is not JSON of the expected shape"
    expected, path = stated.groups()
    kinds = " or ".join(kind for kind in expected.split(" | ") if kind != "null")
    return f"{path or '$'} should be {kinds or 'absent'}"
