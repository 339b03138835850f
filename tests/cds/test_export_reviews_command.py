"""Can an operator export to a file, a folder or a pipe, and is it whole, private and audited?"""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cds.export_reviews_command import export_reviews_command
from cds.exports.catalogue import FILES, Form, Subject, files_of, forms_of
from cds.store.audit import AuditLog, AuditQuestion
from cds.store.database import Store, open_store
from cds.store.errors import StoreUnavailable
from cds.store.exported import ExportSource
from cds.store.migration import migrate
from tests.cds.exports.readers import read_lines, read_table
from tests.cds.store.records import CLIENT
from tests.cds.store.reviewing import Review, begin_review, judgement

KEY = "k" * 32
PAIRS = [(subject, form) for subject in Subject for form in forms_of(subject)]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    address = f"sqlite:///{tmp_path / 'var' / 'store.sqlite3'}"
    monkeypatch.setenv("TRD_CDS_STORE_URL", address)
    monkeypatch.setenv("TRD_CDS_PSEUDONYM_KEY", KEY)
    migrate(address)
    opened = open_store(address)
    yield opened
    opened.close()


@pytest.fixture
def review(store: Store) -> Review:
    made = begin_review(store)
    made.submit(made.anna, judgement())
    made.submit(made.ben, judgement())
    return made


def export(what: str, form: str, out: Path | str, *more: str) -> Result:
    arguments = ("--what", what, "--format", form, "--out", str(out), *more)
    commands = click.Group(commands=[export_reviews_command])
    return CliRunner().invoke(commands, ["export-reviews", *arguments], catch_exceptions=False)


@pytest.mark.requirement("C8")
@pytest.mark.parametrize(("what", "form"), PAIRS)
def test_every_form_of_everything_is_written_into_a_folder(
    review: Review, tmp_path: Path, what: Subject, form: Form
) -> None:
    folder = tmp_path / "out"
    result = export(what.value, form.value, f"{folder}/")
    assert (result.exit_code, result.output) == (0, "")
    names = sorted(each.name for each in files_of(what, form))
    assert sorted(path.name for path in folder.iterdir()) == names
    events = AuditLog(review.store).find(AuditQuestion(action="export"))
    assert sorted(str(each.event.details["file"]) for each in events) == names
    assert {each.event.details["by"] for each in events} == {"command line"}


def test_every_file_can_be_reached() -> None:
    assert sorted(each.name for pair in PAIRS for each in files_of(*pair)) == sorted(
        each.name for each in FILES
    )


def test_one_file_is_written_where_it_is_asked_for(review: Review, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    export("decisions", "csv", file)
    assert [row["decision"] for row in read_table([file.read_bytes()])] == [review.decision]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_was_there_is_replaced(review: Review, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("old")
    export("decisions", "csv", file)
    assert "old" not in file.read_text()
    assert [path.name for path in file.parent.glob("mine*")] == ["mine.csv"]
    assert review.decision in file.read_text()


def test_one_file_can_be_written_to_standard_output(review: Review) -> None:
    result = export("decisions", "jsonl", "-")
    (line,) = read_lines([result.stdout_bytes])
    assert line["decision"] == review.decision


@pytest.mark.requirement("C8")
def test_de_identified_is_an_option(review: Review) -> None:
    result = export("judgements", "jsonl", "-", "--de-identified")
    assert review.decision not in result.output
    assert "Anna" not in result.output
    assert len(read_lines([result.stdout_bytes])) == 2


@pytest.mark.parametrize(
    ("more", "count"),
    [
        (("--client", CLIENT), 1),
        (("--client", "south"), 0),
        (("--since", "2026-06-30", "--until", "2026-06-30"), 1),
        (("--since", "2026-07-01"), 0),
        (("--sample", "First sample"), 1),
    ],
)
def test_what_is_exported_can_be_narrowed(
    review: Review, more: tuple[str, ...], count: int
) -> None:
    assert review.sample
    result = export("decisions", "jsonl", "-", *more)
    assert len(read_lines([result.stdout_bytes])) == count


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("feedback", "fhir", "-"), "--format: feedback can be exported as csv, jsonl"),
        (("judgements", "redcap", "-"), "--out: this form has several files, so name a folder"),
        (("decisions", "csv", "-", "--sample", "x"), "--sample: there is no such sample"),
        (("decisions", "csv", "/nowhere/at/all.csv"), "/nowhere/at/all.csv: No such file"),
    ],
)
def test_a_wrong_order_is_told_in_one_line(
    review: Review, arguments: tuple[str, ...], fault: str
) -> None:
    assert review.sample
    result = export(*arguments)
    assert result.exit_code == 2
    assert result.output.startswith(f"trd-cds: {fault}")
    assert len(result.output.splitlines()) == 1


def test_nothing_is_left_where_the_store_fails_half_way(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExportSource, "decisions", _fail_half_way)
    result = export("decisions", "csv", tmp_path / "mine.csv")
    assert result.exit_code == 2
    assert list(tmp_path.glob("mine*")) == []
    assert review.sample


def _fail_half_way(*_: object) -> Iterator[object]:
    raise StoreUnavailable("gone")
    yield


def test_the_audit_of_the_command_tells_what_was_asked_for(review: Review, tmp_path: Path) -> None:
    export("decisions", "csv", tmp_path / "a.csv", "--since", "2026-06-30", "--de-identified")
    (kept,) = AuditLog(review.store).find(AuditQuestion(action="export"))
    assert json.loads(json.dumps(dict(kept.event.details))) == {
        "file": "decisions.csv",
        "de_identified": "yes",
        "since": "2026-06-30",
        "by": "command line",
    }
