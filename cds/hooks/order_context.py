"""Which orders is the user writing? What order-select and order-sign add to a call."""

from dataclasses import dataclass
from typing import Any

import msgspec

from cds.errors import InvalidRequest, MissingMember

SELECT = "order-select"
SIGN = "order-sign"
ORDER_HOOKS = frozenset({SELECT, SIGN})

_DRAFTS = "context.draftOrders"
_SELECTIONS = "context.selections"
_MOST_CHARACTERS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderContext:
    """The drafts of a call. draft_orders: a Bundle as JSON, not yet read.

    selections: the orders just selected, as the client names them; None for order-sign, where all
    drafts are about to be signed.
    """

    draft_orders: bytes
    selections: tuple[str, ...] | None = None


_ABSENT = msgspec.Raw(b"null")


class _Context(msgspec.Struct, rename="camel", frozen=True):
    draft_orders: msgspec.Raw = _ABSENT
    selections: msgspec.Raw = _ABSENT


class _Call(msgspec.Struct, frozen=True):
    context: _Context


_CALL = msgspec.json.Decoder(_Call)


def read_order_context(body: bytes, hook: str) -> OrderContext:
    """Read the drafts of a hook call whose envelope was read before.

    What the drafts hold is judged elsewhere. Errors: MissingMember or InvalidRequest, naming the
    member, where the drafts, or for order-select the selections, are absent or of another type.
    """
    context = _CALL.decode(body).context
    drafts = bytes(context.draft_orders).strip()
    if drafts == bytes(_ABSENT):
        raise MissingMember(f"{_DRAFTS} is required and is not there.", expression=(_DRAFTS,))
    selections = _read_selections(context.selections) if hook == SELECT else None
    return OrderContext(draft_orders=drafts, selections=selections)


def _read_selections(raw: msgspec.Raw) -> tuple[str, ...]:
    stated: Any = msgspec.json.decode(raw)
    if stated is None:
        raise MissingMember(
            f"{_SELECTIONS} is required and is not there.", expression=(_SELECTIONS,)
        )
    if not isinstance(stated, list) or not all(map(_is_name, stated)):
        raise InvalidRequest(
            f"{_SELECTIONS} must be an array of Type/id, as in draftOrders.",
            expression=(_SELECTIONS,),
        )
    return tuple(stated)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= _MOST_CHARACTERS
