"""Which of the outcomes is it: something to show, nothing to say, or could not tell?

A request that was refused or that failed has no assessment, so it is none of these: it is an error.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from rules.findings import Assessment, CardKind, InflammationStatus, ResistanceStatus


class OutcomeKind(Enum):
    """What became of an evaluation. The three never merge."""

    SHOWN = "shown"
    NOTHING_TO_SAY = "nothing_to_say"
    COULD_NOT_TELL = "could_not_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one thing stands as it does; because: a sentence without its full stop."""

    what: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """reasons: why nothing is said, or each missing piece; empty where a card is shown."""

    kind: OutcomeKind
    reasons: tuple[Reason, ...] = ()


_RESISTANCE = "Treatment resistance"
_MARKER = "CRP"
_NO_RESISTANCE = {ResistanceStatus.NOT_MET, ResistanceStatus.OUT_OF_SCOPE}
_UNSETTLED_RESISTANCE = {ResistanceStatus.INSUFFICIENT_DATA, ResistanceStatus.POSSIBLE}
_SETTLED_MARKER = {InflammationStatus.RAISED_PERSISTENT, InflammationStatus.NORMAL}


def find_outcome(assessment: Assessment) -> Outcome:
    """Say what became of an evaluation, and why.

    A card is about resistance and a raised marker together. One that is known to be absent
    settles that nothing is said, whatever is missing about the other; else what is missing is
    what keeps the question open. A data-gap card tells what is missing and settles nothing.
    """
    if any(card is not CardKind.DATA_GAP for card in assessment.cards_due):
        return Outcome(kind=OutcomeKind.SHOWN)
    settled = tuple(_why_nothing_is_said(assessment))
    if settled:
        return Outcome(kind=OutcomeKind.NOTHING_TO_SAY, reasons=settled)
    return Outcome(kind=OutcomeKind.COULD_NOT_TELL, reasons=tuple(find_unsettled(assessment)))


def find_unsettled(assessment: Assessment) -> Iterator[Reason]:
    """Name what the record leaves open: of the two questions, and what could not be had."""
    resistance, inflammation = assessment.treatment_resistance, assessment.inflammation
    if resistance.status in _UNSETTLED_RESISTANCE:
        yield Reason(what=_RESISTANCE, because=resistance.finding.because)
    if inflammation.status not in _SETTLED_MARKER:
        yield Reason(what=_MARKER, because=inflammation.finding.because)
    for gap in assessment.gaps:
        yield Reason(what=gap.what, because=gap.because)


def _why_nothing_is_said(assessment: Assessment) -> Iterator[Reason]:
    resistance, inflammation = assessment.treatment_resistance, assessment.inflammation
    for withheld in assessment.withheld:
        yield Reason(what="Withheld", because=withheld.finding.because)
    if resistance.status in _NO_RESISTANCE:
        yield Reason(what=_RESISTANCE, because=resistance.finding.because)
    if inflammation.status is InflammationStatus.NORMAL:
        yield Reason(what=_MARKER, because=inflammation.finding.because)
