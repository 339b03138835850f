"""Has the reader seen this before? The same evidence on the same patient rests for a while.

A card that repeats itself at every opening of the chart is clicked away, and the one that says
something new goes with it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import msgspec

from cds.ehr.trusted_clients import TrustedClient
from cds.store.earlier_cards import Earlier, EarlierCards, SameEvidence
from rules.findings import (
    Assessment,
    CardKind,
    GradedTrial,
    LabelledResult,
    SuicideSignal,
    TrialGrade,
)

SNOOZED: Final = "snoozed"

# A suicide signal is told every time, and so is an order that is being written now.
RESTING_KINDS = frozenset(
    kind.value for kind in (CardKind.EVIDENCE, CardKind.MARKER_NOTE, CardKind.DATA_GAP)
)


class Snooze:
    """Knows what was shown before. Made once at start; holds no patient."""

    def __init__(self, earlier: EarlierCards, now: Callable[[], datetime]) -> None:
        self._earlier = earlier
        self.now = now

    def rests(self, evidence: SameEvidence, client: TrustedClient) -> bool:
        """Whether the cards of RESTING_KINDS on this evidence are not to be shown now.

        They rest for the client's snooze_days after they were last shown, and for its
        override_snooze_days after somebody overrode them. Both at zero: they never rest.

        Errors: StoreUnavailable.
        """
        if not (client.snooze_days or client.override_snooze_days):
            return False
        return self._is_recent(self._earlier.find(evidence, RESTING_KINDS), client)

    def _is_recent(self, found: Earlier, client: TrustedClient) -> bool:
        now = self.now()
        waits = (
            (found.shown_at, client.snooze_days),
            (found.overridden_at, client.override_snooze_days),
        )
        return any(at is not None and now < at + timedelta(days=days) for at, days in waits)


def evidence_key(assessment: Assessment) -> str | None:
    """Give a digest of what a reader would learn, or None where no card of RESTING_KINDS is due.

    The same for the same grounds on another day: running trials grow and sentences name the day,
    so neither is part of it. Another result, another score, another trial or grade, another
    confounder or signal, another version of the rule or of its texts is new, and is shown.
    """
    due = sorted({kind.value for kind in assessment.cards_due} & RESTING_KINDS)
    if not due:
        return None
    resistance, inflammation = assessment.treatment_resistance, assessment.inflammation
    score = resistance.latest_score
    grounds = (
        due,
        assessment.rule_version,
        assessment.knowledge_sha256,
        resistance.status.value,
        sorted(map(_trial, _counted(resistance.trials))),
        sorted((each.treatment, each.kind) for each in resistance.supporting if each.counts),
        None if score is None else (score.scale, score.value, score.date),
        inflammation.status.value,
        sorted(map(_result, inflammation.results)),
        sorted({confounder.kind for confounder in assessment.confounders}),
        sorted({withheld.reason for withheld in assessment.withheld}),
        sorted(map(_signal, assessment.suicide_signals)),
        sorted(assessment.trial_exclusions),
        sorted({gap.what for gap in assessment.gaps}),
    )
    return sha256(msgspec.json.encode(grounds)).hexdigest()


def _counted(trials: tuple[GradedTrial, ...]) -> list[GradedTrial]:
    return [trial for trial in trials if trial.grade is not TrialGrade.NOT_COUNTED]


def _trial(trial: GradedTrial) -> tuple[str, str]:
    return trial.ingredient, trial.grade.value


def _signal(signal: SuicideSignal) -> tuple[str, str, str]:
    return signal.label, str(signal.item_score), str(signal.date)


def _result(result: LabelledResult) -> tuple[str, str, str, str]:
    return result.marker, result.date.isoformat(), result.shown, result.label.value
