"""What can be done from a shell? Serve, evaluate, validate, and bring a test record up to date.

Exit status: 0 done, 1 a finding the caller asked to fail on, 2 bad usage or input that cannot be
read, with one line on standard error.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from cds import clock
from cds.app import build_evaluator
from cds.bundles import (
    READABLE_TYPES,
    BundleQuestion,
    evaluate_bundle,
    name_not_obtained,
    read_day,
    tell_evaluation,
)
from cds.date_shift import DateShiftError, move_dates
from cds.errors import InvalidRequest, ServiceError
from cds.export_reviews_command import export_reviews_command
from cds.mode_command import mode_command
from cds.monitor_command import monitor_command
from cds.onboarding_command import onboarding_command
from cds.replay_command import replay_command
from cds.report_text import complaint, write_report, write_validation
from cds.review_user_command import review_user_command
from cds.serve_command import serve_command
from cds.settings import Settings
from cds.shell import settings_or_stop, stop
from cds.silent_report_command import silent_report_command
from cds.store_commands import STORE_COMMANDS
from cds.strict_json import check_json
from cds.validation import validate_body
from rules.knowledge import Knowledge, KnowledgeError, load_knowledge

_FILES = click.argument("files", nargs=-1, required=True, metavar="FILE...")
_NAME = "trd-cds"
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


class _Commands(click.Group):
    """The commands, with bad usage told in one line rather than click's four."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _usage_in_one_line():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        with _usage_in_one_line():
            return super().invoke(ctx)


@contextmanager
def _usage_in_one_line() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else _NAME
        told = error.format_message().rstrip(".")
        raise stop(f"{told} (see {command} --help)") from None


@click.group(
    cls=_Commands,
    commands=(
        *STORE_COMMANDS,
        export_reviews_command,
        mode_command,
        monitor_command,
        onboarding_command,
        replay_command,
        review_user_command,
        serve_command,
        silent_report_command,
    ),
)
@click.version_option(package_name=_NAME, prog_name=_NAME)
def main() -> None:
    """Treatment-resistant depression with raised CRP, told as cards on experimental evidence.

    Not a medical device: research prototype, synthetic or test data, not for clinical use.
    """


@main.command()
@_FILES
@click.option("--as-of", type=_Day(), help="Day of evaluation; else the Bundle's own, else today.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON: a line for each file, named.")
@click.option(
    "--not-obtained",
    multiple=True,
    type=click.Choice(READABLE_TYPES),
    metavar="TYPE",
    help="A type that could not be read, such as MedicationRequest; may be repeated.",
)
@click.option("--patient", help="Id of the patient, where the Bundle holds several.")
def evaluate(
    files: tuple[str, ...],
    as_of: date | None,
    as_json: bool,
    not_obtained: tuple[str, ...],
    patient: str | None,
) -> None:
    """Evaluate the patient of each FHIR Bundle.

    FILE is a path, or - for standard input. A file that cannot be evaluated gets one line on
    standard error; the others are evaluated, and the exit status is 2.
    """
    settings = settings_or_stop()
    evaluator = build_evaluator(_knowledge(settings), settings)
    question = BundleQuestion(
        as_of=as_of, patient=patient, not_obtained=name_not_obtained(not_obtained)
    )
    status = 0
    for file in files:
        try:
            body = check_json(_read(file))
            evaluation = evaluate_bundle(body, question, evaluator, clock.today)
        except ServiceError as error:
            status = _complain(file, error.message)
            continue
        if as_json:
            answer = {"file": file, **tell_evaluation(evaluation)}
            click.echo(json.dumps(answer, ensure_ascii=False))
        else:
            click.echo(write_report(file, evaluation))
    sys.exit(status)


@main.command()
@_FILES
def validate(files: tuple[str, ...]) -> None:
    """Validate each Bundle, hook request or resource as FHIR R4B.

    FILE is a path, or - for standard input. Of a CDS Hooks request the prefetch and the draft
    orders are validated. Exit status 1 when faults are found, 2 when a file cannot be read.
    """
    status = 0
    for file in files:
        try:
            report = validate_body(check_json(_read(file)))
        except ServiceError as error:
            status = _complain(file, error.message)
            continue
        click.echo(write_validation(file, report), nl=False)
        if report.issues:
            status = max(status, _FAULTS_FOUND)
    sys.exit(status)


@main.command("move-dates")
@click.argument("file")
@click.option("--to", type=_Day(), help="The new day of evaluation; today unless given.")
def move_dates_command(file: str, to: date | None) -> None:
    """Make a Bundle or hook request one of today.

    All its dates move by the same number of days; the result goes to standard output. FILE is a
    path, or - for standard input.
    """
    try:
        text = check_json(_read(file)).decode("utf-8")
        click.echo(move_dates(text, to or clock.today()), nl=False)
    except (ServiceError, DateShiftError) as error:
        sys.exit(_complain(file, str(error)))


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InvalidRequest(f"{error.strerror or 'cannot be read'}.") from None


def _knowledge(settings: Settings) -> Knowledge:
    try:
        return load_knowledge(site=settings.site_knowledge)
    except KnowledgeError as error:
        raise stop(str(error)) from None


def _complain(file: str, fault: str) -> int:
    """Say what is wrong with a file, and give the exit status for it."""
    click.echo(f"{_NAME}: {complaint(file, fault)}", err=True)
    return _BAD_INPUT
