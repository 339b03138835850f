"""How is a case kept for review and replay, and read again as it was?

A case is the facts of one evaluation, with the cards they led to. It is read by the version of the
facts that wrote it, and by no other: a fact that is missing must not be read as one that is absent.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from rules.draft_orders import OrderFacts
from rules.facts import Facts

# Goes up with every change of rules.facts or rules.draft_orders that changes what is written, and
# when a card says its id or its kind in another place.
FACTS_SCHEMA: Final = 1

# A card as it is sent: a JSON object.
SentCard = Mapping[str, Any]


class UnreadableCaseError(Exception):
    """The case cannot be read. The message is half a sentence that says why, and quotes nothing."""


class _Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="of"):
    """cards: as they were written, whether or not they were sent. facts_schema: of the facts.

    changed_parameters: those of the knowledge at that time that differed from the default.
    """

    changed_parameters: tuple[str, ...]
    cards: tuple[SentCard, ...]
    facts_schema: int = FACTS_SCHEMA


class PatientCase(_Case, frozen=True, kw_only=True, tag="patient"):
    """The case of a patient's record."""

    facts: Facts


class OrderCase(_Case, frozen=True, kw_only=True, tag="orders"):
    """The case of draft orders."""

    facts: OrderFacts


Case = PatientCase | OrderCase


class _Stated(msgspec.Struct):
    facts_schema: int


# In one order, so that the same case is always the same bytes.
_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER: msgspec.json.Decoder[Case] = msgspec.json.Decoder(Case)
_STATED = msgspec.json.Decoder(_Stated)


def write_case(
    facts: Facts | OrderFacts, cards: Iterable[SentCard], changed_parameters: tuple[str, ...]
) -> bytes:
    """Write a case as JSON."""
    sent = tuple(cards)
    if isinstance(facts, Facts):
        of_record = PatientCase(facts=facts, cards=sent, changed_parameters=changed_parameters)
        return _ENCODER.encode(of_record)
    of_orders = OrderCase(facts=facts, cards=sent, changed_parameters=changed_parameters)
    return _ENCODER.encode(of_orders)


def read_case(kept: bytes) -> Case:
    """Read a case that write_case wrote.

    Errors: UnreadableCaseError for one of another version, or one that was damaged.
    """
    try:
        stated = _STATED.decode(kept).facts_schema
        if stated == FACTS_SCHEMA:
            return _DECODER.decode(kept)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UnreadableCaseError(
            "its facts were kept by another version, or were damaged"
        ) from None
    raise UnreadableCaseError(
        f"its facts were kept by another version (facts schema {stated}; this version reads "
        f"{FACTS_SCHEMA})"
    )
