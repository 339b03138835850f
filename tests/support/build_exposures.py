"""How does a test write a drug and a stretch of taking it?"""

from datetime import date
from decimal import Decimal
from typing import Any

from rules.facts import NO_DOSE, DailyDose, DoseBasis, Drug, Exposure, ExposureKind
from tests.support.build_basics import Number, day, source, when


def drug(name: str, *roles: str, **fields: Any) -> Drug:
    """Give a drug whose dose row has its name; an antidepressant where no role is named."""
    fields.setdefault("dose_row", None if roles and "antidepressant" not in roles else name)
    return Drug(name=name, roles=frozenset(roles or ("antidepressant",)), **fields)


SERTRALINE = drug("sertraline")
VENLAFAXINE = drug("venlafaxine")
MIRTAZAPINE = drug("mirtazapine")
CITALOPRAM = drug("citalopram")
ESCITALOPRAM = drug("escitalopram")
BUPROPION = drug("bupropion")
AMITRIPTYLINE = drug("amitriptyline")
ARIPIPRAZOLE = drug("aripiprazole", "augmentation")
AMOXICILLIN = drug("amoxicillin", "antibacterial_systemic")
TOCILIZUMAB = drug("tocilizumab", "il6_blocker")


def dose(mg: str | Number | None, basis: DoseBasis = DoseBasis.STRUCTURED) -> DailyDose:
    """Give a daily dose: "50", a range "25-100", or None for a dose that is not stated."""
    if mg is None:
        return NO_DOSE
    low, _, high = str(mg).partition("-")
    return DailyDose(Decimal(low), Decimal(high or low), basis)


def exposure(
    kind: ExposureKind,
    what: Drug,
    start: str | None,
    *,
    end: str | None = None,
    mg: str | Number | None = "100",
    **fields: Any,
) -> Exposure:
    """Give one stretch of a drug with the status that counts for its kind."""
    fields.setdefault("status", "completed")
    fields.setdefault("sources", (source(_RESOURCE_TYPES[kind], what.name, start),))
    return Exposure(kind=kind, drug=what, start=when(start), end=when(end), dose=dose(mg), **fields)


_RESOURCE_TYPES = {
    ExposureKind.DISPENSE: "MedicationDispense",
    ExposureKind.ADMINISTRATION: "MedicationAdministration",
    ExposureKind.REQUEST: "MedicationRequest",
    ExposureKind.STATEMENT: "MedicationStatement",
}


def dispense(what: Drug, start: str | None, days: int | None = 30, **fields: Any) -> Exposure:
    """Give one completed supply."""
    return exposure(ExposureKind.DISPENSE, what, start, supply_days=days, **fields)


def refills(what: Drug, start: str, days: int, **fields: Any) -> tuple[Exposure, ...]:
    """Give supplies of 30 days without a gap, the last one shorter where it must be."""
    first = day(start)
    return tuple(
        dispense(
            what,
            date.fromordinal(first.toordinal() + passed).isoformat(),
            min(30, days - passed),
            **fields,
        )
        for passed in range(0, days, 30)
    )


def order(what: Drug, start: str | None, days: int | None = 90, **fields: Any) -> Exposure:
    """Give one order with its supply; its own name is its `order`."""
    name = source("MedicationRequest", what.name, start)
    fields.setdefault("intent", "order")
    fields.setdefault("order", name)
    return exposure(ExposureKind.REQUEST, what, start, supply_days=days, **fields)


def statement(what: Drug, start: str | None, end: str | None = None, **fields: Any) -> Exposure:
    """Give one report of a drug taken; `end` is its last day."""
    return exposure(ExposureKind.STATEMENT, what, start, end=end, **fields)


def administration(what: Drug, start: str | None, **fields: Any) -> Exposure:
    """Give one dose that was given."""
    return exposure(ExposureKind.ADMINISTRATION, what, start, end=start, **fields)
