"""Does the service warn before the ledger's review date, and go silent by itself after it?"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds.app import create_app
from cds.evidence_expiry import EVIDENCE_EXPIRED, EvidenceExpiry, LedgerState
from cds.hooks.catalogue import ORDER_SIGN, PATIENT_VIEW
from cds.settings import Settings
from cds.store.database import open_store
from cds.store.schema import decisions
from rules.findings import CardKind
from rules.knowledge import Knowledge
from tests.cds.assessments import AS_OF, NOW, assessment
from tests.cds.charts import bundle, hook_request
from tests.cds.pages import Page
from tests.cds.test_order_hooks import SIGN, order, request_of

REVIEW_BY = date(2026, 7, 31)
DAY = timedelta(days=1)
ROOT = Path(__file__).resolve().parents[2]
WARN_FROM = REVIEW_BY - timedelta(days=30)


class Clock:
    """A day that a test moves while the service runs."""

    def __init__(self) -> None:
        self.day = AS_OF

    def today(self) -> date:
        return self.day


@pytest.fixture(scope="module")
def dated(knowledge: Knowledge) -> Knowledge:
    """The same knowledge with a review date near the day of the test patients."""
    evidence = replace(knowledge.evidence, last_reviewed=AS_OF, review_by=REVIEW_BY)
    return replace(knowledge, evidence=evidence)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(dated: Knowledge, clock: Clock, tmp_path: Path) -> FlaskClient:
    settings = Settings(store_url=f"sqlite:///{tmp_path / 'store.sqlite3'}")
    app = create_app(settings, knowledge=dated, today=clock.today, now=lambda: NOW)
    return app.test_client()


def call(client: FlaskClient) -> list[str]:
    """Give the kinds of the cards a hook call is answered with."""
    response = client.post(f"/cds-services/{PATIENT_VIEW}", json=hook_request())
    assert response.status_code == 200, response.text
    return kinds_of(response.get_json()["cards"])


def kinds_of(cards: list[dict[str, Any]]) -> list[str]:
    return [card["extension"]["com.trd-inflammation-cds.card"]["kind"] for card in cards]


def decided(folder: Path) -> list[dict[str, Any]]:
    with open_store(f"sqlite:///{folder / 'store.sqlite3'}").reading() as connection:
        return [dict(row) for row in connection.execute(decisions.select()).mappings()]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (WARN_FROM - DAY, LedgerState.CURRENT),
        (WARN_FROM, LedgerState.REVIEW_DUE),
        (REVIEW_BY, LedgerState.REVIEW_DUE),
        (REVIEW_BY + DAY, LedgerState.EXPIRED),
    ],
)
def test_the_day_of_the_review_itself_is_still_in_time(
    dated: Knowledge, day: date, state: LedgerState
) -> None:
    assert EvidenceExpiry(dated.evidence, lambda: day).state() is state


@pytest.mark.requirement("E17")
def test_a_running_service_goes_silent_when_the_day_passes(
    client: FlaskClient, clock: Clock
) -> None:
    clock.day = REVIEW_BY
    assert call(client) == ["evidence"]
    clock.day = REVIEW_BY + DAY
    assert call(client) == []


@pytest.mark.requirement("E17")
def test_a_new_ledger_brings_the_cards_back(knowledge: Knowledge, clock: Clock) -> None:
    reviewed = replace(knowledge.evidence, review_by=REVIEW_BY + 100 * DAY)
    app = create_app(Settings(), knowledge=replace(knowledge, evidence=reviewed), today=clock.today)
    clock.day = REVIEW_BY + DAY
    assert call(app.test_client()) == ["evidence"]


@pytest.mark.requirement("E17")
def test_the_decision_says_that_a_card_was_held_back_and_why(
    client: FlaskClient, clock: Clock, tmp_path: Path
) -> None:
    clock.day = REVIEW_BY + DAY
    call(client)
    (row,) = decided(tmp_path)
    assert (row["outcome"], row["shown"], row["resistance"]) == (EVIDENCE_EXPIRED, False, "met")
    assert [each["reason"] for each in row["answer"]["withheld"]] == [EVIDENCE_EXPIRED]


def test_a_decision_without_a_card_is_not_blamed_on_the_ledger(
    client: FlaskClient, clock: Clock, tmp_path: Path
) -> None:
    clock.day = REVIEW_BY + DAY
    request = hook_request()
    request["prefetch"]["markers"] = None
    response = client.post(f"/cds-services/{PATIENT_VIEW}", json=request)
    assert response.get_json()["cards"] == []
    assert [row["outcome"] for row in decided(tmp_path)] == ["evaluated"]


def test_what_is_posted_is_told_the_reason_whatever_its_own_day(
    client: FlaskClient, clock: Clock
) -> None:
    clock.day = REVIEW_BY + DAY
    answer = client.post(f"/evaluate?asOf={AS_OF}&validate=false", json=bundle()).get_json()
    assert answer["cards"] == []
    assert answer["assessment"]["treatmentResistance"]["status"] == "met"
    assert answer["assessment"]["withheld"] == [
        {
            "reason": EVIDENCE_EXPIRED,
            "because": "the evidence ledger was to be reviewed by 2026-07-31, and no card that "
            "rests on it is shown until it is",
        }
    ]


def test_the_card_on_a_draft_order_is_held_back_too(
    client: FlaskClient, clock: Clock, tmp_path: Path
) -> None:
    body = request_of(SIGN, order())
    clock.day = REVIEW_BY
    assert kinds_of(client.post(f"/cds-services/{ORDER_SIGN}", json=body).get_json()["cards"])
    clock.day = REVIEW_BY + DAY
    body["hookInstance"] = "6f1f0a54-51dc-4ef8-9d7b-0f6f5b1f4a11"
    assert client.post(f"/cds-services/{ORDER_SIGN}", json=body).get_json() == {"cards": []}
    last = max(decided(tmp_path), key=lambda row: row["as_of"])
    assert last["outcome"] == EVIDENCE_EXPIRED


def test_the_safety_card_stays(dated: Knowledge) -> None:
    expiry = EvidenceExpiry(dated.evidence, lambda: REVIEW_BY + DAY)
    kept = expiry.hold_back(assessment(CardKind.SAFETY, CardKind.EVIDENCE))
    assert kept.cards_due == (CardKind.SAFETY,)
    alone = assessment(CardKind.SAFETY)
    assert expiry.hold_back(alone) is alone


def test_a_recorded_signal_is_answered_although_the_ledger_has_expired(
    knowledge: Knowledge,
) -> None:
    expired = replace(knowledge.evidence, review_by=AS_OF - DAY)
    app = create_app(
        Settings(), knowledge=replace(knowledge, evidence=expired), today=lambda: AS_OF
    )
    body = (ROOT / "fixtures/requests/safety-card.json").read_bytes()
    response = app.test_client().post(
        f"/cds-services/{PATIENT_VIEW}", data=body, content_type="application/json"
    )
    assert kinds_of(response.get_json()["cards"]) == ["safety"]


def test_every_other_kind_of_card_rests_on_the_ledger(dated: Knowledge) -> None:
    expiry = EvidenceExpiry(dated.evidence, lambda: REVIEW_BY + DAY)
    others = [kind for kind in CardKind if kind is not CardKind.SAFETY]
    assert [expiry.hold_back(assessment(kind)).cards_due for kind in others] == [()] * len(others)


@pytest.mark.parametrize(
    ("day", "evidence", "warning"),
    [
        (AS_OF, "ok", None),
        (WARN_FROM, "review due", "must be reviewed by 2026-07-31"),
        (REVIEW_BY + DAY, "expired", "was to be reviewed by 2026-07-31"),
    ],
)
def test_readyz_warns_and_stays_ready(
    client: FlaskClient, clock: Clock, day: date, evidence: str, warning: str | None
) -> None:
    clock.day = day
    response = client.get("/readyz")
    told = response.get_json()
    assert (response.status_code, told["status"]) == (200, "ready")
    assert told["checks"]["evidence"] == evidence
    assert (warning or "") in told.get("warning", "")
    assert ("warning" in told) is (warning is not None)


@pytest.mark.parametrize("path", ["/evidence", "/source-attributes", "/", "/demo/C01"])
def test_every_page_says_what_readyz_says(client: FlaskClient, clock: Clock, path: str) -> None:
    words = "must be reviewed by 2026-07-31"
    clock.day = WARN_FROM - DAY
    assert words not in Page(client.get(path).text).text
    clock.day = WARN_FROM
    assert words in Page(client.get(path).text).text


@pytest.mark.parametrize(
    ("day", "state"),
    [(AS_OF, "current"), (WARN_FROM, "review_due"), (REVIEW_BY + DAY, "expired")],
)
def test_the_ledger_as_json_says_how_it_stands(
    client: FlaskClient, clock: Clock, day: date, state: str
) -> None:
    clock.day = day
    assert client.get("/evidence.json").get_json()["state"] == state


def test_a_demo_patient_is_shown_with_the_reason(client: FlaskClient, clock: Clock) -> None:
    clock.day = REVIEW_BY + DAY
    text = Page(client.get("/demo/C01").text).text
    assert "Evaluated: nothing to say" in text
    assert "the evidence ledger was to be reviewed by 2026-07-31" in text
