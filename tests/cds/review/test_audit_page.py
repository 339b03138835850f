"""Can an auditor see who did what, by any of the filters, page after page?"""

import re
from datetime import timedelta

import pytest

from cds.review.audit import ACTIONS
from cds.review.roles import Role
from cds.store.audit import AuditEvent
from tests.cds.pages import Page
from tests.cds.review.people_app import Browser, Service
from tests.cds.store.records import NOW
from tests.repository.tree import ROOT


@pytest.fixture
def auditor(service: Service) -> Browser:
    browser = service.signed_in("theo", Role.AUDITOR)
    service.add("anna")
    for n, (account, action, outcome) in enumerate(
        [
            ("id-of-anna", "view_case", "done"),
            ("id-of-anna", "export", "refused"),
            (None, "sign_in", "refused"),
        ]
    ):
        service.people.audit_log.add(
            AuditEvent(
                at=NOW + timedelta(days=n),
                account=account,
                action=action,
                outcome=outcome,
                decision=f"decision-{n}",
                details={"how": "<b>by hand</b>"},
            )
        )
    return browser


def decisions(browser: Browser, query: str) -> list[str]:
    """Give the decisions on a page of the audit, newest first."""
    texts = Page(browser.get(f"/review/audit{query}").text).texts
    return [text for text in texts if text.startswith("decision-")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["decision-2", "decision-1", "decision-0"]),
        ("?account=id-of-anna", ["decision-1", "decision-0"]),
        ("?action=view_case", ["decision-0"]),
        ("?outcome=refused", ["decision-2", "decision-1"]),
        ("?decision=decision-1", ["decision-1"]),
        ("?since=2026-07-01", ["decision-2", "decision-1"]),
        ("?until=2026-06-30", ["decision-0"]),
        ("?since=2026-07-01&until=2026-07-01", ["decision-1"]),
        ("?since=2026-07-01&account=id-of-anna&outcome=refused", ["decision-1"]),
        ("?account=nobody", []),
    ],
)
def test_what_is_asked_for_is_shown(auditor: Browser, query: str, expected: list[str]) -> None:
    assert decisions(auditor, query) == expected


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "9999-12-31"])
def test_a_day_that_is_none_is_told_at_its_field(auditor: Browser, day: str) -> None:
    answer = auditor.get(f"/review/audit?until={day}")
    assert answer.status_code == 400
    assert "The last day must be a date" in answer.text


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "\N{ARABIC-INDIC DIGIT ONE}"])
def test_a_page_that_is_none_is_refused(auditor: Browser, before: str) -> None:
    assert auditor.get(f"/review/audit?before={before}").status_code == 400


def test_many_events_come_page_after_page_and_none_twice(
    service: Service, auditor: Browser
) -> None:
    for n in range(120):
        service.people.audit_log.add(
            AuditEvent(
                at=NOW, account=None, action="judge", outcome="done", decision=f"decision-m{n}"
            )
        )
    seen: list[str] = []
    url = "?action=judge"
    while url:
        page = Page(auditor.get(f"/review/audit{url}").text)
        seen += [text for text in page.texts if text.startswith("decision-")]
        older = [target for target in page.targets if "before=" in target]
        url = older[-1].removeprefix("/review/audit") if older else ""
    assert seen == [f"decision-m{n}" for n in reversed(range(120))]


def test_looking_at_the_audit_is_written_down_too(service: Service, auditor: Browser) -> None:
    auditor.get("/review/audit?account=id-of-anna")
    assert service.audited()[-1] == ("id-of-theo", "view_audit", "done")


def test_what_is_shown_is_escaped_and_well_formed(auditor: Browser) -> None:
    for query in ("", "?until=x", "?account=nobody", '?decision="><script>alert(1)</script>'):
        text = auditor.get(f"/review/audit{query}").text
        page = Page(text)
        assert page.faults == []
        assert len(page.ids) == len(set(page.ids))
        assert "<script" not in text
        assert "<b>by hand" not in text


def test_every_action_that_is_written_down_has_words() -> None:
    noted = {
        action
        for file in (ROOT / "cds").rglob("*.py")
        for action in _noted_in(file.read_text(encoding="utf-8"))
    }
    assert noted
    assert noted <= set(ACTIONS)


def _noted_in(code: str) -> list[str]:
    """Give the actions a module writes down by name."""
    return re.findall(r'\._?note(?:_of)?\(\s*(?:[\w.]+,\s*)?"(\w+)"', code)
