"""Does the silent-mode report count what it says, on a page, as text and as JSON?"""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cds.review.silent_report import NO_VERDICT, SYNTHETIC, Verdict, count_judged, measure_burden
from cds.silent_report_command import silent_report_command
from cds.store.database import Store
from rules.knowledge import Knowledge
from tests.cds.review.figure_data import Site, examples
from tests.cds.review.test_behaviour import NOON, seen
from tests.cds.review.test_figures_page import bare_percentages
from tests.cds.store.records import NOW

Run = Callable[..., Result]
FIRST, LAST = date(2026, 6, 21), date(2026, 6, 30)


def verdict(settled: str | None, decision: str = "d1", *, fired: bool = True) -> Verdict:
    return Verdict(decision=decision, fired=fired, settled=settled)


def test_days_without_a_card_count_for_the_burden_too() -> None:
    burden = measure_burden([seen("shown"), seen("silent"), seen()], FIRST, LAST, None)
    assert (burden.days, burden.cards, burden.usual, burden.most) == (10, 2, 0, 2)


def test_the_burden_of_each_clinician_is_told_where_their_number_is_known() -> None:
    fired = [seen("shown", at=NOON - timedelta(days=n)) for n in range(10)]
    assert measure_burden(fired, FIRST, LAST, 5).per_clinician == pytest.approx(10 / 10 / 5)
    assert measure_burden(fired, FIRST, LAST, None).per_clinician is None


def test_who_could_not_tell_did_not_agree() -> None:
    judged = count_judged(
        [verdict("agree", "a"), verdict("disagree", "b"), verdict("cannot_tell", "c")]
    )
    assert (judged.ppv.counted, judged.ppv_told.counted) == ("1 of 3", "1 of 2")


def test_only_fires_count_towards_the_ppv() -> None:
    assert count_judged([verdict("agree", fired=False)]).ppv.counted == "0 of 0"


def test_a_decision_of_two_samples_counts_once() -> None:
    assert count_judged([verdict("agree"), verdict("agree")]).ppv.counted == "1 of 1"


@pytest.mark.parametrize("said", [("agree", "disagree"), ("agree", None), (None, None)])
def test_a_decision_with_two_results_or_none_is_not_settled(said: tuple[str | None, ...]) -> None:
    judged = count_judged([verdict(each) for each in said])
    assert (judged.ppv.counted, judged.not_settled) == ("0 of 0", 1)


@pytest.fixture
def run(
    review_store: Store, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """Run the command on a store with a few decisions, as the profile demo would."""
    site = Site(review_store)
    site.decide("silent")
    site.decide("near_miss", pseudonym="1" * 32)
    site.decide("could_not_tell", could_not_tell=",trials,", client="south")
    for facts, as_of in examples(knowledge)[:2]:
        site.keep(facts, as_of)
    monkeypatch.setenv("TRD_CDS_STORE_URL", f"sqlite:///{tmp_path / 'review.sqlite3'}")
    monkeypatch.setattr("cds.clock.now", lambda: NOW)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(silent_report_command, arguments)

    return invoke


def test_one_command_gives_one_page(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    done = run("--format", "html", "--out", str(file))
    assert (done.exit_code, done.output) == (0, "")
    page = file.read_text("utf-8")
    assert page.count("<h1>") == 1
    assert "Other thresholds" in page
    assert re.findall(r'(?:href|src)="(?!#)', page) == []


def test_the_text_tells_every_figure_with_its_interval_and_n(run: Run) -> None:
    text = run().output
    assert "a card was due: 200.0 per 1,000 (95 % interval 36.2 to 624.5; 1 of 5)" in text
    assert "CRP raised from 5 mg/L" in text
    assert bare_percentages(text) == []


def test_the_text_says_what_it_is_not(run: Run) -> None:
    text = run().output
    assert SYNTHETIC in text
    assert NO_VERDICT in text


def test_the_json_is_that_of_the_page(run: Run) -> None:
    told = json.loads(run("--format", "json", "--clinicians", "3").output)
    assert (told["notice"], told["firing"]["views"], told["last"]) == (SYNTHETIC, 5, "2026-06-30")
    assert (told["first"], told["burden"]["clinicians"]) == ("2026-04-02", 3)
    assert (told["alternatives"]["cases"], told["alternatives"]["tried"]) == (5, 2)


def test_the_command_asks_for_a_client_and_a_period(run: Run) -> None:
    told = json.loads(run("--format", "json", "--client", "south").output)
    assert (told["client"], told["firing"]["views"]) == ("south", 1)
    before = json.loads(run("--format", "json", "--to", "2026-06-29").output)
    assert before["firing"]["views"] == 0


def test_a_period_that_ends_before_it_begins_is_refused_in_one_line(run: Run) -> None:
    done = run("--from", "2026-06-30", "--to", "2026-06-01")
    assert (done.exit_code, done.output) == (2, "trd-cds: --from: must not be after --to\n")


def test_a_store_that_is_not_there_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRD_CDS_STORE_URL", f"sqlite:///{tmp_path / 'none' / 'x.sqlite3'}")
    done = CliRunner().invoke(silent_report_command, [])
    assert done.exit_code == 2
    assert done.output.startswith("trd-cds: ")
    assert done.output.count("\n") == 1


def test_a_file_that_cannot_be_written_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    done = run("--out", str(tmp_path / "none" / "report.txt"))
    assert done.exit_code == 2
    assert "No such file" in done.output
