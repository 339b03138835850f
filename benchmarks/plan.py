"""How much is measured? All of it, or little for a first look."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often everybody has a turn, and for how long.

    After `until` seconds there are no more rounds, though a few there always are.
    """

    most: int
    turn_seconds: float
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured.

    rounds: beside floors and peers, at every size. signed: with signed calls, at one size. After
    rates_until seconds the rounds of throughput are cut short.
    """

    rounds: Rounds
    signed: Rounds
    throughput_rounds: int
    throughput_seconds: float
    rates_until: float
    most_patients: int


FULL = Plan(
    rounds=Rounds(most=7, turn_seconds=0.4, until=210),
    signed=Rounds(most=15, turn_seconds=0.4, until=45),
    throughput_rounds=3,
    throughput_seconds=0.4,
    rates_until=380,
    most_patients=1_000_000,
)
QUICK = Plan(
    rounds=Rounds(most=3, turn_seconds=0.15, until=60),
    signed=Rounds(most=5, turn_seconds=0.3, until=20),
    throughput_rounds=1,
    throughput_seconds=0.2,
    rates_until=90,
    most_patients=100,
)
