"""Does the command line say what it found, and fail with the right status and one line?"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cds.cli import main
from cds.date_shift import day_of_evaluation
from tests.cds.charts import CONDITIONS, PATIENT, as_bytes, bundle, condition, hook_request

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin, catch_exceptions=False)


def written(folder: Path, value: Any, name: str = "patient.json") -> str:
    path = folder / name
    path.write_bytes(value if isinstance(value, bytes) else as_bytes(value))
    return str(path)


@pytest.mark.parametrize("command", ["serve", "evaluate", "validate", "move-dates"])
def test_every_command_explains_itself(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_a_bundle_is_evaluated_in_words(tmp_path: Path) -> None:
    result = run("evaluate", written(tmp_path, bundle()))
    assert result.exit_code == 0
    assert "met: two adequate trials" in result.stdout
    assert "raised_persistent:" in result.stdout
    assert "Not a recommendation." in result.stdout


def test_a_bundle_without_a_card_says_so(tmp_path: Path) -> None:
    told = run("evaluate", written(tmp_path, bundle(PATIENT, *CONDITIONS))).stdout
    assert "no card               could not tell: Treatment resistance: no medication" in told


@pytest.mark.requirement("A8")
def test_json_is_the_answer_of_the_service(tmp_path: Path) -> None:
    answer = json.loads(run("evaluate", "--json", written(tmp_path, bundle())).stdout)
    assert answer["assessment"]["treatmentResistance"]["status"] == "met"
    assert len(answer["cards"]) == 1


def test_each_json_object_names_its_file(tmp_path: Path) -> None:
    files = [written(tmp_path, bundle(), name) for name in ("one.json", "two.json")]
    told = run("evaluate", "--json", *files, "-", stdin=as_bytes(bundle())).stdout.splitlines()
    assert [json.loads(line)["file"] for line in told] == [*files, "-"]


def test_standard_input_can_be_evaluated() -> None:
    result = run("evaluate", "--json", "-", stdin=as_bytes(bundle()))
    assert json.loads(result.stdout)["cards"]


def test_day_patient_and_unread_types_can_be_said(tmp_path: Path) -> None:
    other = {"resourceType": "Patient", "id": "pat-2", "birthDate": "1970-01-01"}
    path = written(tmp_path, bundle(PATIENT, other))
    result = run(
        "evaluate", "--json", "--as-of", "2026-07-04", "--patient", "pat-2",
        "--not-obtained", "Observation", path,
    )  # fmt: skip
    told = json.loads(result.stdout)["assessment"]
    assert told["asOf"] == "2026-07-04"
    assert "observation" in str(told["gaps"]).lower()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "not valid JSON"),
        (as_bytes(PATIENT), "not a FHIR Bundle"),
        (as_bytes(bundle(*CONDITIONS)), "no Patient"),
        (as_bytes(bundle(PATIENT, condition(patient="pat-2"))), "another patient"),
    ],
)
def test_input_that_cannot_be_evaluated_is_one_line_and_status_2(
    content: bytes, words: str, tmp_path: Path
) -> None:
    result = run("evaluate", written(tmp_path, content))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert words in result.stderr


TWO_PATIENTS = bundle(PATIENT, PATIENT | {"id": "pat-2"})
UNCLEAR = [b"", b"{", b"[]", b"\xff", b'{"a": NaN}', b'{"id": 1, "id": 2}',
           as_bytes(PATIENT), as_bytes(hook_request()), as_bytes(TWO_PATIENTS),
           as_bytes(bundle(timestamp="today"))]  # fmt: skip


@pytest.mark.parametrize("content", UNCLEAR)
def test_an_error_speaks_of_the_file_and_of_the_options_of_a_shell(
    content: bytes, tmp_path: Path
) -> None:
    told = run("evaluate", written(tmp_path, content)).stderr
    assert [
        words for words in ("body", "query", "asOf=", "patient=", "Post ") if words in told
    ] == []
    assert run("evaluate", "-", stdin=content).stderr.startswith("trd-cds: standard input: ")


def test_a_hook_request_is_no_bundle_and_told_so(tmp_path: Path) -> None:
    told = run("evaluate", written(tmp_path, hook_request())).stderr
    assert "the file is a CDS Hooks request, not a FHIR Bundle" in told


def test_a_patient_that_is_not_there_is_told_by_the_option(tmp_path: Path) -> None:
    told = run("evaluate", "--patient", "pat-9", written(tmp_path, TWO_PATIENTS)).stderr
    assert "The patient named by --patient is not in the Bundle." in told


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    bad, good = written(tmp_path, b"{", "bad.json"), written(tmp_path, bundle())
    result = run("evaluate", bad, good)
    assert result.exit_code == 2
    assert "met: two adequate trials" in result.stdout


def test_a_missing_file_does_not_hide_the_others(tmp_path: Path) -> None:
    result = run("validate", "no-such-file.json", str(tmp_path), written(tmp_path, bundle()))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 2
    assert "0 faults" in result.stdout


def test_faults_in_one_file_do_not_hide_that_another_cannot_be_read(tmp_path: Path) -> None:
    faulty = written(tmp_path, bundle(PATIENT | {"birthDate": "long ago"}))
    assert run("validate", "no-such-file.json", faulty).exit_code == 2
    assert run("validate", faulty, "no-such-file.json").exit_code == 2


def test_a_trial_is_shown_with_its_last_day_and_an_order_never_filled_without_days() -> None:
    told = run("evaluate", str(ROOT / "fixtures" / "patients" / "C01.json")).stdout
    assert "sertraline, 100 mg/day, 2025-09-15 to 2025-12-13, 90 days: adequate_failed" in told
    assert "    mirtazapine: not_counted: no dispense followed" in told


@pytest.mark.parametrize("command", ["evaluate", "validate", "move-dates"])
def test_a_file_that_is_not_there_is_one_line_and_status_2(command: str) -> None:
    result = run(command, "no-such-file.json")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate"],
        ["evaluate", "--as-of", "yesterday", "-"],
        ["evaluate", "--not-obtained", "Pulse", "-"],
        ["serve", "--port", "0"],
        ["no-such-command"],
        ["--no-such-option"],
        ["move-dates", "one.json", "two.json"],
    ],
)
def test_bad_usage_is_one_line_and_status_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith("trd-cds: ")
    assert result.stderr.endswith("--help)\n")


def test_no_command_at_all_shows_the_commands() -> None:
    result = run()
    assert (result.exit_code, "Commands:" in result.stderr) == (2, True)


def test_every_command_is_listed_with_a_whole_sentence() -> None:
    listed = run("--help").stdout.partition("Commands:\n")[2].splitlines()
    assert len(listed) == len(main.commands)
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


@pytest.mark.parametrize("command", ["serve", "evaluate"])
def test_a_bad_setting_stops_the_command(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_CDS_PROFILE", "production")
    result = run(command, *(["-"] if command == "evaluate" else []))
    assert (result.exit_code, "TRD_CDS_PUBLIC_URL" in result.stderr) == (2, True)


def test_a_valid_bundle_passes(tmp_path: Path) -> None:
    result = run("validate", written(tmp_path, bundle()))
    assert (result.exit_code, "0 faults" in result.stdout) == (0, True)


def test_faults_are_listed_with_path_and_reason_and_status_1(tmp_path: Path) -> None:
    result = run("validate", written(tmp_path, bundle(PATIENT | {"birthDate": "long ago"})))
    assert result.exit_code == 1
    path = "Bundle.entry[0].resource.ofType(Patient).birthDate"
    assert f"Patient/pat-1: {path} is not a FHIR date\n      Write 2026" in result.stdout


def test_what_helps_is_told_once_for_each_kind_of_fault(tmp_path: Path) -> None:
    path = written(tmp_path, bundle(PATIENT | {"a": 1}, PATIENT | {"b": 1}))
    assert run("validate", path).stdout.count("Check the spelling") == 1


def test_the_prefetch_of_a_hook_request_can_be_validated(tmp_path: Path) -> None:
    result = run("validate", written(tmp_path, hook_request()))
    assert (result.exit_code, "CDS Hooks request, 11 checked, 0 faults" in result.stdout) == (
        0, True,
    )  # fmt: skip


def test_a_hook_request_without_a_prefetch_is_said_to_hold_nothing(tmp_path: Path) -> None:
    result = run("validate", written(tmp_path, hook_request(prefetch=None)))
    assert (result.exit_code, "so nothing could be checked" in result.stdout) == (0, True)


def test_a_single_resource_can_be_validated(tmp_path: Path) -> None:
    assert run("validate", written(tmp_path, PATIENT)).exit_code == 0


@pytest.mark.parametrize(
    "record",
    [
        bundle(),
        hook_request(extension={"com.trd-inflammation-cds.fixture": {"asOf": "2026-06-30"}}),
    ],
    ids=["bundle", "hook request"],
)
def test_a_record_is_brought_to_a_day(record: dict[str, Any], tmp_path: Path) -> None:
    result = run("move-dates", "--to", "2026-08-01", written(tmp_path, record))
    assert day_of_evaluation(result.stdout).isoformat() == "2026-08-01"


def test_a_record_without_a_day_cannot_be_moved(tmp_path: Path) -> None:
    result = run("move-dates", written(tmp_path, PATIENT))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
