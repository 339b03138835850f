"""Which records try the picture? An eventful one, a crowded one, a vague one, and an empty one."""

from collections.abc import Callable
from datetime import date, timedelta

from cds.timeline import Timeline, draw
from rules.assessment import assess
from rules.facts import Drug, Facts
from rules.knowledge import Knowledge
from tests.rules.patients import IBUPROFEN, PREDNISONE
from tests.support import build

AS_OF = build.AS_OF
Record = Callable[[], Facts]
ECT = "23835007"


def timeline_of(facts: Facts, knowledge: Knowledge, as_of: date = AS_OF) -> Timeline:
    return draw(facts, assess(facts, as_of, knowledge), knowledge)


def eventful() -> Facts:
    """Every kind of mark once: steps of dose, support, sessions, bounds, illness, drugs, safety."""
    return build.facts(
        build.diagnosis(recorded="2025-04-01"),
        build.diagnosis("J18.9", onset="2026-04-08", abatement="2026-04-25"),
        build.diagnosis("E66.9", onset="2025-06"),
        build.diagnosis("M05.9"),
        build.dispense(build.SERTRALINE, "2025-05-01", 30, mg="50"),
        build.dispense(build.SERTRALINE, "2025-05-31", 30, mg="100"),
        build.dispense(build.SERTRALINE, "2025-06-30", 60, mg="150"),
        build.order(build.CITALOPRAM, "2025-09", 60, mg="20-40"),
        build.refills(build.VENLAFAXINE, "2026-01-05", 176, mg="150"),
        build.dispense(build.SERTRALINE, "2024-09-01", 60, mg="50"),
        build.statement(build.BUPROPION, None),
        build.dispense(build.ARIPIPRAZOLE, "2026-02-01", 60, mg="5"),
        [build.procedure(build.snomed(ECT), f"2026-05-{day:02}") for day in range(2, 22, 3)],
        build.phq9(18, "2025-05-02"), build.phq9(16, "2025-08-20"), build.phq9(4, "2025-12"),
        build.phq9(17, "2026-01-04"), build.phq9(15, "2026-03-30"), build.phq9(17, "2026-06-15"),
        build.phq9(9, "2026-05-10"), build.phq9_item9(1, "2026-06-15"),
        build.crp("2.1", "2025-07-01"), build.crp("5", "2025-10-12", comparator="<", code="1988-5"),
        build.crp("22", "2026-04-10"), build.crp("4.2", "2026-05-02"), build.crp("6", "2026-06"),
        build.crp("0.3", "2026-02-20", comparator="<"),
        build.crp("200", "2026-04-12", comparator=">"),
        build.crp("3.8", "2026-06-20", unit="furlong"),
        build.crp("4.6", "2026-06-01", code="26881-3", unit="pg/mL"),
        build.dispense(IBUPROFEN, "2026-05-20", 20), build.dispense(PREDNISONE, "2025-11-01", 14),
        build.dispense(build.AMOXICILLIN, "2026-04-09", 7),
    )  # fmt: skip


def vague() -> Facts:
    """Dates known to the month or the year, a blockade of IL-6, and types that did not arrive."""
    return build.facts(
        build.diagnosis(recorded="2024"),
        build.diagnosis("J18.9", onset="2026-03"),
        build.statement(build.SERTRALINE, "2025-03", "2025-07", mg="100"),
        build.statement(build.MIRTAZAPINE, "2025", mg="30", status="active"),
        build.administration(build.TOCILIZUMAB, "2026-04-02"),
        build.phq9(14, "2026-02"), build.phq9(19, "2026"), build.crp("4", "2026-05"),
        build.crp("9", "2025"), build.unread("Condition"), build.unread("Immunization"),
        build.diagnosis("R45.851", onset="2026-06"),
    )  # fmt: skip


def crowded(trials: int = 40, results: int = 300) -> Facts:
    """As many trials as a long life of illness, and a result every other day."""
    drugs = [
        Drug(name=f"drug {number}", roles=frozenset({"antidepressant"}), dose_row="sertraline")
        for number in range(trials)
    ]
    days = [AS_OF - timedelta(days=2 * number) for number in range(results)]
    return build.facts(
        build.diagnosis(recorded="2024-07-01"),
        [
            build.dispense(
                drug, (AS_OF - timedelta(days=18 * number + 60)).isoformat(), 50, mg="100"
            )
            for number, drug in enumerate(drugs)
        ],
        [build.crp(str(1 + number * 7 % 60), day.isoformat()) for number, day in enumerate(days)],
        [build.phq9(number * 5 % 28, day.isoformat()) for number, day in enumerate(days)],
        [build.dispense(IBUPROFEN, day.isoformat(), 1) for day in days],
        [
            build.diagnosis("J18.9", onset=day.isoformat(), sources=(f"Condition/i{number}",))
            for number, day in enumerate(days[::6])
        ],
    )


def empty() -> Facts:
    return build.facts()
