"""How does the service behave, and what do reviewers say? For those who may see figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for

from cds.json_answer import write_json
from cds.pages.page import send_page
from cds.review.audit import Audit
from cds.review.classes import OPEN_CRITERIA
from cds.review.figure_desk import LONGEST, FigureDesk, Overview
from cds.review.figure_json import tell_figures
from cds.review.judging import CRITERIA, title_of
from cds.review.proportion import Written
from cds.review.sample_figures import SampleFigures
from cds.review.silent_report import NO_VERDICT, SYNTHETIC
from cds.review.silent_report_page import offer_silent_report
from cds.review.trend import WINDOWS
from cds.review.trend_plot import plot_trend
from cds.review.yardstick import Yardstick, read_yardstick
from cds.store.samples import KeptSample

_REACHED = {True: "reached", False: "not reached", None: "cannot be told"}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the address asks for; what is none of the choices is as if nothing were said."""

    days: int
    client: str | None
    service: str | None
    sample: KeptSample | None
    written: Mapping[str, Any]


def offer_figures(routes: Blueprint, desk: FigureDesk, audit: Audit, *, synthetic: bool) -> None:
    """Add the pages of figures; that somebody looked is written down before they are sent.

    synthetic: the patients of this deployment are none, and every page and answer says so.
    """
    offer_silent_report(routes, desk, audit, synthetic=synthetic)

    @routes.get("/figures")
    def show_figures() -> Response:
        asked = _read(desk)
        overview = desk.overview(asked.days, asked.client, asked.service)
        figures = desk.of_sample(asked.sample) if asked.sample else None
        audit.note("view_figures", details={"sample": asked.sample.id if asked.sample else ""})
        if request.args.get("format") == "json":
            return write_json(_tell(overview, asked, figures, synthetic=synthetic))
        return send_page(
            "review/figures.html",
            **_choices(desk, asked),
            **_of_overview(overview),
            **_of_sample(figures),
            sample=asked.sample,
            written=asked.written,
            synthetic=synthetic,
            synthetic_words=SYNTHETIC,
            no_verdict=NO_VERDICT,
            json_url=url_for("review.show_figures", **asked.written, format="json"),
            report_url=url_for("review.show_silent_report"),
        )


def _read(desk: FigureDesk) -> _Asked:
    known = desk.clients_and_services()
    client, service = request.args.get("client", ""), request.args.get("service", "")
    days = request.args.get("days", "")
    samples = desk.samples()
    wanted = request.args.get("sample", "")
    sample = next((each for each in samples if each.id == wanted), None)
    sample = sample or (samples[0] if samples else None)
    asked_days = int(days) if days in {str(window) for window, _ in WINDOWS} else LONGEST
    found = {
        "client": client if any(client == name for name, _ in known) else "",
        "service": service if any(service == name for _, name in known) else "",
    }
    return _Asked(
        days=asked_days,
        client=found["client"] or None,
        service=found["service"] or None,
        sample=sample,
        written={**found, "days": str(asked_days), "sample": sample.id if sample else ""},
    )


def _choices(desk: FigureDesk, asked: _Asked) -> dict[str, Any]:
    known = desk.clients_and_services()
    return {
        "windows": [(str(days), f"Last {days} days") for days, _ in WINDOWS],
        "clients": [("", "All"), *sorted({(name, name) for name, _ in known})],
        "services": [("", "All"), *sorted({(name, name) for _, name in known})],
        "samples": [(each.id, each.name) for each in desk.samples()]
        if asked.sample
        else [("", "No sample was drawn yet")],
    }


def _of_overview(overview: Overview) -> dict[str, Any]:
    times = overview.behaviour.response.times
    quartiles = {name: getattr(times, name) for name in ("lower", "middle", "upper")}
    return {
        "overview": overview,
        "trends": [(plot_trend(each), each) for each in overview.trends],
        "missing": [
            (OPEN_CRITERIA.get(key, key), share) for key, share in overview.behaviour.missing
        ],
        "times": {
            name: write_wait(value) for name, value in quartiles.items() if value is not None
        },
    }


def _of_sample(figures: SampleFigures | None) -> dict[str, Any]:
    if figures is None:
        return {}
    yardstick = read_yardstick()
    measures = ("ppv", "npv", "sensitivity", "specificity")
    weighted = {name: getattr(figures.weighted, name) for name in measures}
    titles = {"ppv": "PPV", "npv": "NPV"}
    notes = dict.fromkeys(each.because for each in weighted.values() if each.because)
    accuracy: list[tuple[str, Written, Written]] = [
        (
            titles.get(name, title_of(name)),
            getattr(figures.matrix, name).written,
            weighted[name].as_percent,
        )
        for name in measures
    ]
    return {
        "figures": figures,
        "accuracy": accuracy,
        "accuracy_notes": [_sentence(note) for note in notes],
        "agreement_notes": _agreement_notes(figures),
        "yardstick": yardstick,
        "bar": _bar(yardstick, figures),
        "reached": _REACHED,
        "question_words": {each: title_of(each) for each in CRITERIA},
    }


def _agreement_notes(figures: SampleFigures) -> list[tuple[str, str]]:
    """Say once for each measure and reason why a number is a dash, or has no interval."""
    names = {"kappa": "Cohen's \N{GREEK SMALL LETTER KAPPA}", "pabak": "PABAK", "ac1": "Gwet's AC1"}
    every = [
        agreement
        for on in (figures.overall, *figures.by_question)
        for agreement in (on.every, on.told)
    ]
    found = {
        (title, reason): None
        for name, title in names.items()
        for agreement in every
        if (reason := getattr(agreement, name).because)
    }
    return list(found)


def _bar(yardstick: Yardstick, figures: SampleFigures) -> dict[str, bool | None]:
    seen = figures.overall.every
    return {
        "kappa": yardstick.bar.is_reached_by_kappa(seen.kappa.value),
        "agreement": yardstick.bar.is_reached_by_agreement(seen.percent),
    }


def _tell(
    overview: Overview, asked: _Asked, figures: SampleFigures | None, *, synthetic: bool
) -> dict[str, object]:
    told: dict[str, object] = {
        "notice": SYNTHETIC if synthetic else None,
        "client": asked.client,
        "service": asked.service,
        "overview": overview,
    }
    if figures is not None and asked.sample is not None:
        told["sample"] = {
            "name": asked.sample.name,
            "plan": asked.sample.plan,
            "figures": figures,
            "noVerdict": NO_VERDICT,
            "bar": read_yardstick().bar.model_dump(),
            "barReached": _bar(read_yardstick(), figures),
        }
    answer: dict[str, object] = tell_figures(told)
    return answer


def write_wait(seconds: float) -> str:
    """Write how long somebody took, in the largest unit that fits."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.1f} min"
    return f"{seconds / _HOUR:.1f} h" if seconds < _DAY else f"{seconds / _DAY:.1f} days"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
