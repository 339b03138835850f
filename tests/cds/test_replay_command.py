"""Does `trd-cds replay` tell which decisions would be others, and fail only where asked to?"""

import json
import os
import pty
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cds.cli import main
from cds.replay_command import replay_command
from cds.store.database import open_store
from cds.store.schema import cases
from rules.knowledge import Knowledge
from tests.cds.replays import KEY, WITH_CARD, WITHOUT_CARD, Deciding, site_folder
from tests.support.knowledge_copy import copy_knowledge, replace_in

CUT_OFF_10 = "[marker.crp_low_mg_l]\nvalue = 10.0\n"


@pytest.fixture
def service(knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deciding:
    """A service that decided on a patient with a card and on one without."""
    service = Deciding(knowledge, tmp_path)
    monkeypatch.setenv("TRD_CDS_STORE_URL", service.store_url)
    monkeypatch.setenv("TRD_CDS_PSEUDONYM_KEY", KEY)
    service.evaluate(WITH_CARD)
    service.evaluate(WITHOUT_CARD)
    return service


@pytest.fixture
def strict_site(tmp_path: Path) -> str:
    """A site whose cut-off leaves no card."""
    return str(site_folder(tmp_path / "site", CUT_OFF_10))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["replay", *arguments], catch_exceptions=False)


def summary_of(result: Result) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])["summary"]
    return summary


def edit_cases(service: Deciding, facts: bytes | None) -> None:
    """Spoil what is kept for review, or remove it as a purge does."""
    store = open_store(service.store_url)
    with store.writing() as connection:
        connection.execute(cases.delete() if facts is None else cases.update().values(facts=facts))
    store.close()


def with_card(service: Deciding) -> str:
    return next(each.id for each in service.decisions() if each.cards)


def test_unchanged_decisions_are_counted_and_not_listed(service: Deciding) -> None:
    lines = run().stdout.splitlines()
    known = service.knowledge
    assert lines[0] == f"2 of 2 decisions replayed under knowledge {known.version} ({known.sha256})"
    assert "  unchanged: 2" in lines
    assert lines[-1] == "unexplained: 0"
    assert not [each for each in lines if "demo evaluate" in each]


@pytest.mark.usefixtures("service")
def test_where_nothing_changed_nothing_fails() -> None:
    assert run("--fail-on-difference").exit_code == 0


def test_a_decision_that_changes_is_a_line_with_its_reason(
    service: Deciding, strict_site: str
) -> None:
    lines = run("--knowledge", strict_site).stdout.splitlines()
    told = next(each for each in lines if with_card(service) in each)
    assert "no longer firing (evidence → no card)" in told
    assert "inflammation raised_persistent → normal" in told
    assert told.endswith("because: marker.crp_low_mg_l: default → 10.0")


def test_another_knowledge_is_told_with_both_hashes(service: Deciding, strict_site: str) -> None:
    summary = summary_of(run("--knowledge", strict_site, "--json"))
    assert summary["madeBy"] == [
        {"version": "1.0.0", "sha256": service.knowledge.sha256, "decisions": 2}
    ]
    assert summary["knowledge"]["sha256"] != service.knowledge.sha256
    assert service.knowledge.sha256 in run("--knowledge", strict_site).stdout


@pytest.mark.usefixtures("service")
def test_a_difference_fails_only_where_that_was_asked_for(strict_site: str) -> None:
    told = run("--knowledge", strict_site)
    failed = run("--knowledge", strict_site, "--fail-on-difference")
    assert (told.exit_code, failed.exit_code) == (0, 1)
    assert told.stdout == failed.stdout


def test_json_is_a_line_for_each_difference_and_one_for_the_counts(
    service: Deciding, strict_site: str
) -> None:
    result = run("--knowledge", strict_site, "--json")
    lines = [json.loads(each) for each in result.stdout.splitlines()]
    stopped = next(each for each in lines if each.get("decision") == with_card(service))
    assert stopped["change"] == "no_longer_firing"
    assert (stopped["cardsBefore"], stopped["cardsAfter"]) == (["evidence"], [])
    assert stopped["explainedBy"] == ["marker.crp_low_mg_l: default → 10.0"]
    assert summary_of(result)["changes"]["no_longer_firing"] == 1


@pytest.mark.usefixtures("service")
def test_the_whole_knowledge_of_another_version_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = copy_knowledge(tmp_path / "other")
    replace_in(other / "parameters" / "rule.toml", '"1.0.0"', '"1.1.0"')
    summary = summary_of(run("--knowledge", str(other), "--json"))
    assert summary["knowledge"]["version"] == "1.1.0"
    assert summary["explainedBy"] == {"knowledge version: 1.0.0 → 1.1.0": 1}


def test_one_decision_is_told_with_the_words_that_changed(
    service: Deciding, tmp_path: Path
) -> None:
    site = site_folder(tmp_path / "site", "[marker.recency_days]\nvalue = 200\n")
    result = run("--knowledge", str(site), "--decision", with_card(service))
    told, *words = result.stdout.splitlines()
    assert "text only (evidence)" in told
    assert [each for each in words if "+" in each and "marker.recency_days = 200" in each]


def test_one_decision_is_told_also_where_it_is_unchanged(service: Deciding) -> None:
    told = run("--decision", with_card(service)).stdout.splitlines()[0]
    assert told.endswith(": unchanged (evidence)")


@pytest.mark.usefixtures("service")
def test_a_decision_there_is_not_is_bad_input() -> None:
    result = run("--decision", "nobody")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "trd-cds: --decision: there is no such decision\n"


@pytest.mark.parametrize(
    ("arguments", "decisions"),
    [
        (("--since", "2026-06-30", "--until", "2026-06-30", "--client", "demo"), 2),
        (("--since", "2026-07-01"), 0),
        (("--until", "2026-06-29"), 0),
        (("--client", "elsewhere"), 0),
    ],
)
@pytest.mark.usefixtures("service")
def test_only_what_was_asked_for_is_replayed(arguments: tuple[str, ...], decisions: int) -> None:
    assert summary_of(run("--json", *arguments))["decisions"] == decisions


def test_decisions_without_facts_are_counted_with_the_reason(service: Deciding) -> None:
    edit_cases(service, None)
    summary = summary_of(run("--json"))
    assert (summary["replayed"], summary["decisions"]) == (0, 2)
    ((reason, number),) = summary["notReplayable"].items()
    assert (reason.partition(":")[0], number) == ("no facts are kept", 2)


def test_a_check_that_could_replay_nothing_fails(service: Deciding) -> None:
    edit_cases(service, None)
    assert run("--fail-on-difference").exit_code == 1


@pytest.mark.parametrize("kept", [b"", b"\xff", b"{}", b'{"facts_schema":0}'])
def test_facts_that_cannot_be_read_are_told_of_each_decision(
    service: Deciding, kept: bytes
) -> None:
    edit_cases(service, kept)
    result = run()
    told = [each for each in result.stdout.splitlines() if ": not replayable: its facts" in each]
    assert (result.exit_code, len(told)) == (0, 2)


@pytest.mark.usefixtures("service")
def test_no_progress_is_written_where_nobody_watches() -> None:
    assert run().stderr == ""


@pytest.mark.usefixtures("service")
def test_progress_is_written_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, terminal = pty.openpty()
    with os.fdopen(terminal, "w", encoding="utf-8") as screen, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", screen)
        replay_command.main([], standalone_mode=False)
    assert "100%" in all_of(seen)


def all_of(seen: int) -> str:
    """Read what was written to a terminal that is closed; Linux ends it with an error."""
    parts = []
    with suppress(OSError):
        while part := os.read(seen, 65_536):
            parts.append(part)
    os.close(seen)
    return b"".join(parts).decode()


def test_a_knowledge_that_cannot_be_loaded_is_told_in_one_line(
    service: Deciding, tmp_path: Path
) -> None:
    assert service.decisions()
    broken = site_folder(tmp_path / "site", "[marker.no_such_key]\nvalue = 1\n")
    result = run("--knowledge", str(broken))
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "there is no parameter of this name" in result.stderr


def test_nothing_is_written_to_the_store(service: Deciding, strict_site: str) -> None:
    before = service.decisions()
    run("--knowledge", strict_site)
    assert service.decisions() == before
