"""What may a card be? CDS Hooks 2.0.1 narrowed to what this service is allowed to send.

There is no suggestion, no action and no indicator but `info`, because there is no field for them.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

SUMMARY_LIMIT = 140
CARD_EXTENSION = "com.trd-inflammation-cds.card"

Text = Annotated[str, StringConstraints(min_length=1)]


class _Sent(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class Coding(_Sent):
    """A coding of CDS Hooks: unlike FHIR's, it always has a system; ours always have a display."""

    code: Text
    system: Text
    display: Text


class Topic(Coding):
    """What the card is about. Some clients key an override by the code, so it never changes."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,100}$")]


class Source(_Sent):
    label: Text
    url: Text
    topic: Topic


class Link(_Sent):
    label: Text
    url: Text
    type: Literal["absolute"] = "absolute"


class CardOrigin(_Sent):
    """Which card this is and what it was made by: kind, decision, first 12 signs of the SHA-256."""

    kind: Literal["evidence", "safety", "marker_note", "data_gap", "experimental_order"]
    decision: Text
    knowledge: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class CardExtension(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    card: CardOrigin = Field(alias=CARD_EXTENSION)


class Card(_Sent):
    """One informational card.

    Errors: pydantic's ValidationError for a summary of SUMMARY_LIMIT characters or more: a longer
    sentence is a fault of the template and is never cut.
    """

    uuid: UUID
    summary: Annotated[str, StringConstraints(min_length=1, max_length=SUMMARY_LIMIT - 1)]
    detail: Text
    indicator: Literal["info"] = "info"
    source: Source
    override_reasons: Annotated[tuple[Coding, ...], Field(min_length=1)]
    links: Annotated[tuple[Link, ...], Field(min_length=1)] | None = None
    extension: CardExtension

    def to_wire(self) -> dict[str, Any]:
        """Write the card as a JSON object."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
