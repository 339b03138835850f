"""Which cards are due?"""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.findings import (
    CardKind,
    InflammationStatus,
    ResistanceStatus,
    SuicideSignal,
    Withheld,
)
from rules.knowledge.model import Knowledge

_R, _I = ResistanceStatus, InflammationStatus

# rule.md section 10; what is not named here gives no card.
_EVIDENCE = {
    (_R.MET, _I.RAISED_PERSISTENT),
    (_R.MET, _I.RAISED_ONCE),
    (_R.POSSIBLE, _I.RAISED_PERSISTENT),
}
_MARKER_NOTE = {(_R.MET, _I.POSSIBLE_ACUTE)}
_DATA_GAP = {
    (_R.MET, _I.STALE),
    (_R.MET, _I.UNKNOWN),
    (_R.POSSIBLE, _I.RAISED_ONCE),
    (_R.INSUFFICIENT_DATA, _I.RAISED_PERSISTENT),
    (_R.INSUFFICIENT_DATA, _I.RAISED_ONCE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDecision:
    """The cards that are due, the safety card first, and why an evidence card is not shown."""

    cards: tuple[CardKind, ...]
    withheld: tuple[Withheld, ...]


def decide_cards(
    resistance: ResistanceStatus,
    inflammation: InflammationStatus,
    reasons: tuple[Withheld, ...],
    signals: Sequence[SuicideSignal],
    knowledge: Knowledge,
) -> CardDecision:
    """Decide which cards are due, and which reasons withhold an evidence card that was.

    Source: rule.md sections 9 and 10, and 12 Q5. Populations and suicide signals are applied after
    the matrix and can only remove or replace the evidence card; nothing is shown of a patient who
    has died. Unknown input: statuses are never unknown here; they name their uncertainty.
    """
    died = tuple(each for each in reasons if each.reason == "deceased")
    if died:
        return CardDecision(cards=(), withheld=died)
    due = _by_matrix(resistance, inflammation, knowledge)
    withheld = reasons if due is CardKind.EVIDENCE else ()
    shown = [due] if due is not None and not withheld else []
    if _safety_card_due(withheld, signals, knowledge):
        shown.insert(0, CardKind.SAFETY)
    return CardDecision(cards=tuple(shown), withheld=withheld)


def _by_matrix(
    resistance: ResistanceStatus, inflammation: InflammationStatus, knowledge: Knowledge
) -> CardKind | None:
    pair = (resistance, inflammation)
    if pair in _EVIDENCE:
        return CardKind.EVIDENCE
    if pair in _MARKER_NOTE:
        return CardKind.MARKER_NOTE
    return CardKind.DATA_GAP if pair in _DATA_GAP and knowledge.cards.data_gap_card else None


def _safety_card_due(
    withheld: Sequence[Withheld], signals: Sequence[SuicideSignal], knowledge: Knowledge
) -> bool:
    """The safety card replaces an evidence card that a signal withholds from view."""
    if not signals or knowledge.safety.suicide_safety_card == "off":
        return False
    if knowledge.safety.suicide_safety_card == "always":
        return True
    return any(each.reason == "suicidality" for each in withheld)
