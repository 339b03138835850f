"""How does an operator export decisions, and what was said of them, for tools of others?"""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import click

from cds import clock
from cds.exports.catalogue import ExportFile, Form, Subject, files_of, forms_of
from cds.exports.export_desk import ExportDesk, Order
from cds.review.audit import Audit
from cds.shell import opened_store, settings_or_stop, stop
from cds.store.audit import AuditLog
from cds.store.database import Store
from cds.store.export_question import ExportQuestion
from cds.store.exported import ExportSource
from cds.store.pseudonym import key_file_of, read_pseudonyms
from cds.store.samples import Samples

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_STANDARD_OUTPUT = "-"
_PRIVATE = 0o600


@click.command("export-reviews")
@click.option(
    "--what",
    type=click.Choice([each.value for each in Subject]),
    required=True,
    help="What is exported.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([each.value for each in Form]),
    required=True,
    help="In which form.",
)
@click.option(
    "--de-identified",
    is_flag=True,
    help="Move dates, hash ids, leave out names and comments.",
)
@click.option("--client", help="Name of one client; all clients unless given.")
@click.option("--since", type=_DAY, help="First day, in UTC.")
@click.option("--until", type=_DAY, help="Last day, in UTC, included.")
@click.option("--sample", help="Name or id of a sample; only its decisions.")
@click.option(
    "--out",
    required=True,
    metavar="DIR|FILE|-",
    help="Where to: a folder, a file where there is only one, or - for standard output.",
)
def export_reviews_command(  # noqa: PLR0913, PLR0917 - one for each option
    what: str,
    form: str,
    de_identified: bool,
    client: str | None,
    since: datetime | None,
    until: datetime | None,
    sample: str | None,
    out: str,
) -> None:
    """Export decisions, feedback, judgements or the audit.

    Judgements leave the store once both reviewers have submitted theirs, and drafts never do. Every
    export is written down in the audit before its first line is.
    """
    files = _files(Subject(what), Form(form))
    settings = settings_or_stop()
    with opened_store(settings) as store:
        pseudonyms = read_pseudonyms(settings.pseudonym_key, key_file_of(settings.store_url))
        desk = ExportDesk(ExportSource(store), pseudonyms, settings.public_url)
        audit = Audit(AuditLog(store), clock.now)
        question = ExportQuestion(
            client=client,
            since=None if since is None else _as_day(since),
            until=None if until is None else _as_day(until),
            sample=None if sample is None else _sample(store, sample),
        )
        for file, target in _targets(files, out):
            order = Order(file=file, question=question, deidentified=de_identified)
            audit.note("export", details=order.told)
            _write(desk.write(order), target)


def _files(subject: Subject, form: Form) -> tuple[ExportFile, ...]:
    files = files_of(subject, form)
    if not files:
        known = ", ".join(each.value for each in forms_of(subject))
        raise stop(f"--format: {subject.value} can be exported as {known}")
    return files


def _as_day(given: datetime) -> date:
    return given.date()


def _sample(store: Store, wanted: str) -> str:
    """Find a sample by its id or its name."""
    for kept in Samples(store).everything():
        if wanted in {kept.id, kept.name}:
            return kept.id
    raise stop("--sample: there is no such sample")


def _targets(files: tuple[ExportFile, ...], out: str) -> list[tuple[ExportFile, Path | None]]:
    """Say where each file goes; None is standard output."""
    if out == _STANDARD_OUTPUT:
        if len(files) > 1:
            raise stop("--out: this form has several files, so name a folder")
        return [(files[0], None)]
    path = Path(out)
    is_folder = path.is_dir() or len(files) > 1 or out.endswith(os.sep)
    if not is_folder:
        return [(files[0], path)]
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise stop(f"{path}: {error.strerror or 'cannot be made'}") from None
    return [(file, path / file.name) for file in files]


def _write(chunks: Iterator[bytes], target: Path | None) -> None:
    if target is None:
        for chunk in chunks:
            click.echo(chunk, nl=False)
        return
    try:
        _write_whole(chunks, target)
    except OSError as error:
        raise stop(f"{target}: {error.strerror or 'cannot be written'}") from None


def _write_whole(chunks: Iterator[bytes], target: Path) -> None:
    """Write a file that only its owner may read, and let it take its name when it is whole."""
    draft = target.with_name(f"{target.name}.part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.writelines(chunks)
        draft.replace(target)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
