"""What is a reported number worth in mg/L? Conversion by table, or refusal."""

from decimal import Decimal

from rules.knowledge.model import MarkerCode


def to_mg_per_l(value: Decimal, unit: str | None, marker: MarkerCode) -> Decimal | None:
    """Convert a result to mg/L by the table of its code.

    Units: the unit is a UCUM code or a spelling the table names. Source: rule.md section 6.1.
    Unknown input: no unit, or one the table does not hold for this code (a molar unit under a
    mass code, pg/mL under a CRP code), yields None; a unit is never guessed from the size.
    """
    factor = marker.to_mg_per_l.get(unit or "")
    return None if factor is None else value * factor
