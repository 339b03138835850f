"""How is a card read from its row?"""

from typing import Any

from sqlalchemy import Row

from cds.decision import CardRecord


def read_card(row: Row[Any]) -> CardRecord:
    """Read one row of the table of cards."""
    return CardRecord(uuid=row.uuid, kind=row.kind, summary=row.summary, shown=row.shown)
