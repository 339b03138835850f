"""What would the service have done, had it spoken? The silent-mode report as a page."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for

from cds.json_answer import write_json
from cds.pages.page import send_page
from cds.review.audit import Audit
from cds.review.figure_desk import LONGEST, FigureDesk
from cds.review.silent_report import AskedReport
from cds.review.silent_report_text import tell_report, words_of
from cds.store.utc_days import first_of

# How many kept cases a page assesses again while somebody waits, and while hook calls want the same
# processor; the command tries all.
_WHILE_WAITING = 100
_WRONG = 422
_MOST_CLINICIANS = 100_000
_NAMES = ("from", "to", "client", "service", "clinicians")

_NO_DAY = "must be a day, as 2026-06-30"


@dataclass(slots=True)
class _Form:
    """What was asked for, as it was written, with every fault beside the name of its field."""

    written: dict[str, str]
    faults: list[tuple[str, str]] = field(default_factory=list)

    def day(self, name: str, title: str, otherwise: date) -> date:
        if not self.written[name]:
            self.written[name] = otherwise.isoformat()
        try:
            return date.fromisoformat(self.written[name])
        except ValueError:
            self.faults.append((name, f"{title} {_NO_DAY}"))
            return otherwise

    def clinicians(self) -> int | None:
        words = self.written["clinicians"]
        if not words:
            return None
        if not (words.isascii() and words.isdigit() and 1 <= int(words[:9]) <= _MOST_CLINICIANS):
            sentence = f"Clinicians must be a number from 1 to {_MOST_CLINICIANS:,}"
            self.faults.append(("clinicians", sentence))
            return None
        return int(words)


def offer_silent_report(
    routes: Blueprint, desk: FigureDesk, audit: Audit, *, synthetic: bool
) -> None:
    """Add the page of the report. synthetic: it says that no patient is a real one."""

    @routes.get("/silent-report")
    def show_silent_report() -> Response:
        form, asked = _read(desk)
        audit.note("view_figures", details={"report": "silent"})
        report = None
        if not form.faults:
            report = desk.report(replace(asked, synthetic=synthetic), _WHILE_WAITING)
        if report and request.args.get("format") == "json":
            return write_json(tell_report(report))
        given: dict[str, Any] = {name: value for name, value in form.written.items() if value}
        return send_page(
            "review/silent_report.html",
            _WRONG if form.faults else 200,
            report=report,
            faults=form.faults,
            written=form.written,
            choices=_choices(desk),
            json_url=url_for("review.show_silent_report", **given, format="json"),
            **(words_of(report) if report else {}),
        )


def _read(desk: FigureDesk) -> tuple[_Form, AskedReport]:
    form = _Form({name: request.args.get(name, "").strip() for name in _NAMES})
    known = desk.clients_and_services()
    for place, name in enumerate(("client", "service")):
        if not any(form.written[name] == each[place] for each in known):
            form.written[name] = ""
    last = form.day("to", "Last day", desk.today)
    first = form.day("from", "First day", first_of(LONGEST, last))
    if not form.faults and first > last:
        form.faults.append(("from", "First day must not be after the last day"))
    return form, AskedReport(
        first=first,
        last=last,
        client=form.written["client"] or None,
        service=form.written["service"] or None,
        clinicians=form.clinicians(),
    )


def _choices(desk: FigureDesk) -> list[tuple[str, str, list[str]]]:
    known = desk.clients_and_services()
    return [
        ("client", "Client", sorted({client for client, _ in known})),
        ("service", "Service", sorted({service for _, service in known})),
    ]
