"""When does a card rest because its reader has seen it, and when is it new?"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cds.app import build_evaluator
from cds.bundles import BundleQuestion, evaluate_bundle
from cds.ehr.trusted_clients import DEMO_CLIENT, TrustedClient
from cds.settings import Settings
from cds.snooze import Snooze, evidence_key
from cds.store.earlier_cards import Earlier, SameEvidence
from rules.findings import Assessment, CardKind, Gap, InflammationStatus, TrialGrade, Withheld
from rules.knowledge import Knowledge
from tests.cds.assessments import (
    AS_OF,
    INFLAMMATION,
    NOW,
    RESISTANCE,
    SCORE,
    assessment,
    confounder,
    finding,
    result,
    signal,
    supporting,
    trial,
)

CLIENT = DEMO_CLIENT.model_copy(update={"snooze_days": 90, "override_snooze_days": 365})
EVIDENCE = SameEvidence(
    client="demo", service="s", pseudonym="p", evidence_key="k", decision="this one"
)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


class Shown:
    """A store in which a card was shown so long ago, and overridden so long ago."""

    def __init__(
        self, ago: timedelta | None = None, overridden_ago: timedelta | None = None
    ) -> None:
        self.asked = 0
        self._found = Earlier(
            shown_at=None if ago is None else NOW - ago,
            overridden_at=None if overridden_ago is None else NOW - overridden_ago,
        )

    def find(self, evidence: SameEvidence, kinds: frozenset[str]) -> Earlier:
        assert (evidence, CardKind.SAFETY.value in kinds) == (EVIDENCE, False)
        self.asked += 1
        return self._found


def rests(shown: Shown, client: TrustedClient = CLIENT) -> bool:
    return Snooze(shown, lambda: NOW).rests(EVIDENCE, client)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (Shown(), False),
        (Shown(0 * DAY), True),
        (Shown(90 * DAY - INSTANT), True),
        (Shown(90 * DAY), False),
        (Shown(100 * DAY, 364 * DAY), True),
        (Shown(400 * DAY, 365 * DAY - INSTANT), True),
        (Shown(400 * DAY, 365 * DAY), False),
    ],
)
def test_what_was_shown_or_overridden_lately_rests(shown: Shown, expected: bool) -> None:
    assert rests(shown) is expected


def test_a_client_may_have_its_cards_shown_every_time() -> None:
    shown = Shown(0 * DAY, 0 * DAY)
    assert not rests(shown, DEMO_CLIENT)
    assert shown.asked == 0


def changed_resistance(**changes: Any) -> Assessment:
    return assessment(treatment_resistance=replace(RESISTANCE, **changes))


def changed_inflammation(**changes: Any) -> Assessment:
    return assessment(inflammation=replace(INFLAMMATION, **changes))


@pytest.mark.parametrize(
    "other",
    [
        assessment(rule_version="2"),
        assessment(knowledge_sha256="f" * 64),
        assessment(CardKind.MARKER_NOTE),
        assessment(confounders=(confounder(),)),
        assessment(suicide_signals=(signal(),)),
        assessment(withheld=(Withheld(reason="pregnancy", finding=finding()),)),
        assessment(gaps=(Gap("MedicationDispense", "the server answered 403"),)),
        assessment(trial_exclusions=("the trial took nobody above 65",)),
        changed_resistance(trials=(trial(),)),
        changed_resistance(trials=(trial(grade=TrialGrade.INDETERMINATE), RESISTANCE.trials[1])),
        changed_resistance(supporting=(supporting(),)),
        changed_resistance(latest_score=None),
        changed_resistance(latest_score=replace(SCORE, value=Decimal(18))),
        changed_resistance(latest_score=replace(SCORE, date=date(2026, 6, 16))),
        changed_inflammation(status=InflammationStatus.RAISED_ONCE),
        changed_inflammation(results=(result(),)),
        changed_inflammation(results=(result("4.2"), INFLAMMATION.results[1])),
        changed_inflammation(results=(result(day=date(2026, 6, 2)), INFLAMMATION.results[1])),
    ],
)
def test_what_a_reader_has_not_seen_is_new_evidence(other: Assessment) -> None:
    assert evidence_key(other) not in {evidence_key(assessment()), None}


@pytest.mark.parametrize(
    "same",
    [
        assessment(as_of=AS_OF + DAY),
        assessment(CardKind.SAFETY, CardKind.EVIDENCE),
        changed_resistance(finding=finding("said in other words")),
        changed_resistance(trials=RESISTANCE.trials[::-1]),
        changed_resistance(trials=(*RESISTANCE.trials, trial(grade=TrialGrade.NOT_COUNTED))),
        changed_resistance(
            trials=(RESISTANCE.trials[0], replace(RESISTANCE.trials[1], covered_days=91))
        ),
        changed_inflammation(results=INFLAMMATION.results[::-1]),
    ],
)
def test_the_same_grounds_told_on_another_day_are_no_new_evidence(same: Assessment) -> None:
    assert evidence_key(same) == evidence_key(assessment())


@pytest.mark.parametrize("due", [(CardKind.SAFETY,), (CardKind.EXPERIMENTAL_ORDER,)])
def test_a_suicide_signal_and_an_order_never_rest(due: tuple[CardKind, ...]) -> None:
    assert evidence_key(assessment(*due)) is None


def test_where_no_card_is_due_nothing_can_rest() -> None:
    assert evidence_key(replace(assessment(), cards_due=())) is None


@pytest.mark.parametrize("name", ["C01", "C06"])
def test_a_patient_nothing_happened_to_has_the_same_evidence_a_week_later(
    name: str, knowledge: Knowledge
) -> None:
    evaluator = build_evaluator(knowledge, Settings())
    body = Path(f"fixtures/patients/{name}.json").read_bytes()
    first = evaluate_bundle(body, BundleQuestion(), evaluator, lambda: AS_OF).assessment
    later = BundleQuestion(as_of=first.as_of + 7 * DAY)
    second = evaluate_bundle(body, later, evaluator, lambda: AS_OF).assessment
    assert evidence_key(first) == evidence_key(second) is not None
