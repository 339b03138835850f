"""Who looked at what, and who did what? The page of an auditor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from cds.errors import InvalidRequest
from cds.pages.page import send_page
from cds.review.audit import ACTIONS, DONE, REFUSED, Audit
from cds.store.accounts import Accounts
from cds.store.audit import AuditLog, AuditQuestion, KeptEvent

_ON_A_PAGE = 50
_ASKED_FOR = _ON_A_PAGE + 1  # one more tells that there is a next page
_WRONG = 400
_FILTERS = ("account", "action", "outcome", "decision", "since", "until")
_DAYS = {"since": "The first day", "until": "The last day"}
_MAX_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the filter asks for. faults: field and sentence for a day that is none."""

    question: AuditQuestion
    faults: tuple[tuple[str, str], ...] = ()


def offer_audit(routes: Blueprint, log: AuditLog, accounts: Accounts, audit: Audit) -> None:
    """Add the page. That somebody looked at it is written down as well."""

    @routes.get("/audit")
    def show_audit() -> Response:
        typed = {name: request.args.get(name, "").strip() for name in _FILTERS}
        asked, before = _read(typed), _read_before()
        chosen = {name: value for name, value in typed.items() if value}
        audit.note("view_audit", details=chosen)
        found = () if asked.faults else log.find(asked.question, before=before, at_most=_ASKED_FOR)
        return _show(found, asked, typed, accounts, newest=before is None)


def _show(
    found: tuple[KeptEvent, ...],
    asked: _Asked,
    typed: Mapping[str, str],
    accounts: Accounts,
    *,
    newest: bool,
) -> Response:
    events = found[:_ON_A_PAGE]
    chosen: dict[str, Any] = {name: value for name, value in typed.items() if value}
    is_more = len(found) > _ON_A_PAGE
    return send_page(
        "review/audit.html",
        _WRONG if asked.faults else 200,
        events=events,
        names={each.id: each.name for each in accounts.everyone()},
        typed=typed,
        faults=asked.faults,
        actions=ACTIONS,
        outcomes=(DONE, REFUSED),
        newest_url="" if newest else url_for(".show_audit", **chosen),
        older_url=url_for(".show_audit", before=events[-1].number, **chosen) if is_more else "",
    )


def _read_before() -> int | None:
    """Read where a page goes on. Errors: InvalidRequest."""
    written = request.args.get("before")
    if written is None:
        return None
    if not (written.isascii() and written.isdigit() and int(written[:20]) <= _MAX_NUMBER):
        raise InvalidRequest("There is no such page of the audit.")
    return int(written[:20])


def _read(typed: Mapping[str, str]) -> _Asked:
    """Read the filter. Days are days of UTC, and the last one belongs to what is asked for."""
    asked: dict[str, Any] = {
        name: value for name, value in typed.items() if value and name not in _DAYS
    }
    faults = []
    for name, words in _DAYS.items():
        if not typed[name]:
            continue
        try:
            day = date.fromisoformat(typed[name])
            begins = datetime.combine(day, time(), UTC)
            asked[name] = begins if name == "since" else begins + timedelta(days=1)
        except (ValueError, OverflowError):
            faults.append((name, f"{words} must be a date, such as 2026-06-30."))
    return _Asked(AuditQuestion(**asked), tuple(faults))
