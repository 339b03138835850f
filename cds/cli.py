"""What can be done from a shell? Serve, evaluate, validate, and bring a test record up to date.

Exit status: 0 done, 1 a finding the caller asked to fail on, 2 bad usage or input that cannot be
read, with one line on standard error.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
from jinja2 import Environment, PackageLoader, StrictUndefined

from cds import clock
from cds.app import build_evaluator, create_app
from cds.bundles import (
    READABLE_TYPES,
    BundleQuestion,
    evaluate_bundle,
    name_not_obtained,
    read_day,
    tell_evaluation,
)
from cds.date_shift import DateShiftError, move_dates
from cds.errors import ServiceError
from cds.hooks.catalogue import PATIENT_VIEW
from cds.operations.request_log import write_log_to_stderr
from cds.report_text import write_report, write_validation
from cds.settings import Settings, SettingsError, load_settings
from cds.strict_json import check_json
from cds.validation import validate_bundle
from rules.knowledge import Knowledge, KnowledgeError, load_knowledge

_FILES = click.argument("files", nargs=-1, required=True, metavar="FILE...")
_BAD_INPUT = 2
_FAULTS_FOUND = 1


class _Day(click.ParamType[date]):
    """A day on the command line, YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        try:
            return read_day(value)
        except ServiceError:
            self.fail("must be a date, YYYY-MM-DD", param, ctx)


@click.group()
@click.version_option(package_name="trd-cds", prog_name="trd-cds")
def main() -> None:
    """Treatment-resistant depression with raised CRP, told as cards on experimental evidence.

    A research prototype for synthetic or test data, not for clinical use.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Run the service until it is stopped; settings come from TRD_CDS_… variables."""
    from cds.server import GunicornServer  # noqa: PLC0415 - only this command needs the server

    settings = _settings()
    if "public_url" not in settings.model_fields_set:
        settings = settings.model_copy(update={"public_url": f"http://{_in_url(host)}:{port}"})
    try:
        app = create_app(settings)
    except KnowledgeError as error:
        raise _stop(str(error)) from None
    write_log_to_stderr()
    click.echo(_examples(settings.public_url))
    GunicornServer(app, host, port).run()


@main.command()
@_FILES
@click.option("--as-of", type=_Day(), help="Day of evaluation; else the Bundle's own, else today.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, one object a line and file.")
@click.option(
    "--not-obtained",
    multiple=True,
    type=click.Choice(READABLE_TYPES),
    help="A resource type that could not be read; may be repeated.",
)
@click.option("--patient", help="Id of the patient, where the Bundle holds several.")
def evaluate(
    files: tuple[str, ...],
    as_of: date | None,
    as_json: bool,
    not_obtained: tuple[str, ...],
    patient: str | None,
) -> None:
    """Evaluate the patient of each FHIR Bundle; - reads standard input."""
    settings = _settings()
    evaluator = build_evaluator(_knowledge(settings), settings)
    question = BundleQuestion(
        as_of=as_of, patient=patient, not_obtained=name_not_obtained(not_obtained)
    )
    failed = False
    for name, body in _bodies(files):
        try:
            evaluation = evaluate_bundle(check_json(body), question, evaluator, clock.today)
        except ServiceError as error:
            click.echo(f"trd-cds: {name}: {error.message}", err=True)
            failed = True
            continue
        if as_json:
            click.echo(json.dumps(tell_evaluation(evaluation), ensure_ascii=False))
        else:
            click.echo(write_report(name, evaluation))
    sys.exit(_BAD_INPUT if failed else 0)


@main.command()
@_FILES
def validate(files: tuple[str, ...]) -> None:
    """Validate each Bundle or resource as FHIR R4B; exit 1 when faults are found."""
    status = 0
    for name, body in _bodies(files):
        try:
            report = validate_bundle(check_json(body))
        except ServiceError as error:
            click.echo(f"trd-cds: {name}: {error.message}", err=True)
            status = _BAD_INPUT
            continue
        click.echo(write_validation(name, report), nl=False)
        if report.issues:
            status = max(status, _FAULTS_FOUND)
    sys.exit(status)


@main.command("move-dates")
@click.argument("file")
@click.option("--to", type=_Day(), help="The new day of evaluation; today unless given.")
def move_dates_command(file: str, to: date | None) -> None:
    """Move all dates of a Bundle or hook request so that it is of today; writes it to stdout."""
    for name, body in _bodies((file,)):
        try:
            text = check_json(body).decode("utf-8")
            click.echo(move_dates(text, to or clock.today()), nl=False)
        except ServiceError as error:
            raise _stop(f"{name}: {error.message}") from None
        except DateShiftError as error:
            raise _stop(f"{name}: {error}") from None


def _examples(base: str) -> str:
    """Give the commands that show each kind of answer from the root of the repository."""
    templates = Environment(
        loader=PackageLoader("cds"),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701 - for a terminal, not a browser
    )
    return templates.get_template("start.txt.j2").render(base=base, service=PATIENT_VIEW)


def _bodies(files: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for name in files:
        if name == "-":
            yield "standard input", sys.stdin.buffer.read()
            continue
        try:
            yield name, Path(name).read_bytes()
        except OSError as error:
            raise _stop(f"{name}: {error.strerror or 'cannot be read'}") from None


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        raise _stop(str(error)) from None


def _knowledge(settings: Settings) -> Knowledge:
    try:
        return load_knowledge(site=settings.site_knowledge)
    except KnowledgeError as error:
        raise _stop(str(error)) from None


def _stop(message: str) -> SystemExit:
    click.echo(f"trd-cds: {message}", err=True)
    return SystemExit(_BAD_INPUT)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
