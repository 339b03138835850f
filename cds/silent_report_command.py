"""How does an operator get the silent-mode report? One command, one page."""

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import click
from jinja2 import Environment, PackageLoader, StrictUndefined

from cds import clock
from cds.review.figure_desk import LONGEST, FigureDesk
from cds.review.queue_words import moment
from cds.review.silent_report import AskedReport, SilentReport
from cds.review.silent_report_text import tell_report, words_of, write_as_text
from cds.shell import opened_store, settings_or_stop, stop
from cds.store.utc_days import first_of
from rules.knowledge import Knowledge, KnowledgeError, load_knowledge

_STYLES = ("pages.css", "review.css")
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("silent-report")
@click.option(
    "--from", "first", type=_DAY, help="First day, in UTC; 90 days with the last unless given."
)
@click.option("--to", "last", type=_DAY, help="Last day, in UTC; today unless given.")
@click.option("--client", help="Name of one client; all clients unless given.")
@click.option("--service", help="Id of one service; all services unless given.")
@click.option(
    "--clinicians",
    type=click.IntRange(1, 100_000),
    help="How many share the cards, to tell the burden of each.",
)
@click.option(
    "--format",
    "written_as",
    type=click.Choice(("html", "text", "json")),
    default="text",
    show_default=True,
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File to write to; standard output unless given.",
)
def silent_report_command(  # noqa: PLR0913, PLR0917 - one for each option
    first: date | None,
    last: date | None,
    client: str | None,
    service: str | None,
    clinicians: int | None,
    written_as: str,
    out: Path | None,
) -> None:
    """Report what would have been shown, and how often.

    Rates, burden, missing data, predictive value, and the same under other thresholds.

    Every kept case is assessed again under each threshold; nothing of the service changes.
    """
    settings = settings_or_stop()
    try:
        knowledge = load_knowledge(site=settings.site_knowledge)
    except KnowledgeError as error:
        raise stop(str(error)) from None
    with opened_store(settings) as store:
        desk = FigureDesk(store, knowledge, clock.now)
        asked = AskedReport(
            **_days(first, last, desk.today),
            client=client,
            service=service,
            clinicians=clinicians,
            synthetic=settings.profile == "demo",
        )
        report = desk.report(asked)
    _write(_render(report, written_as, knowledge), out)


def _days(first: date | None, last: date | None, today: date) -> dict[str, date]:
    end = _as_day(last) or today
    begin = _as_day(first) or first_of(LONGEST, end)
    if begin > end:
        raise stop("--from: must not be after --to")
    return {"first": begin, "last": end}


def _as_day(given: date | None) -> date | None:
    return None if given is None else date(given.year, given.month, given.day)


def _render(report: SilentReport, written_as: str, knowledge: Knowledge) -> str:
    if written_as == "json":
        return json.dumps(tell_report(report), ensure_ascii=False, indent=2) + "\n"
    if written_as == "text":
        return write_as_text(report)
    return _render_page(report, knowledge)


def _render_page(report: SilentReport, knowledge: Knowledge) -> str:
    """Write a page that needs no other file."""
    templates = Environment(loader=PackageLoader("cds"), autoescape=True, undefined=StrictUndefined)
    style = "\n".join(files("cds").joinpath("static", name).read_text("utf-8") for name in _STYLES)
    page = templates.get_template("review/silent_report_alone.html")
    return page.render(
        report=report,
        style=style,
        knowledge=knowledge,
        written_at=moment(clock.now()),
        **words_of(report),
    )


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise stop(f"{out}: {error.strerror or 'cannot be written'}") from None
