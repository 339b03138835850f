"""Does an alarm say whom it is about, what was seen and what is usual?"""

from dataclasses import replace
from datetime import date

import pytest

from cds.monitoring.alarms import Alarm, Sign
from cds.monitoring.counts import VERDICTS, Pooled
from cds.monitoring.words import MEASURES, say
from rules.fhir_reader.unknown_codes import UnknownCode

ALARM = Alarm(
    client="north",
    service="view",
    knowledge="b" * 12,
    sign=Sign.FELL,
    measure="fired",
    since=date(2026, 6, 30),
    day=date(2026, 6, 30),
    seen=Pooled(count=1, patients=1_200),
    usual=Pooled(count=140, patients=2_800),
    usual_knowledge="b" * 12,
)
USUAL = "usual: 140 of 2,800 (5.0 %, 95 % interval 4.3 to 5.9 %)"


def test_an_alarm_is_one_line_with_all_its_numbers() -> None:
    assert say(ALARM) == (
        "north, view, knowledge bbbbbbbbbbbb: fewer patients with a card due than usual: "
        "1 of 1,200 (0.08 %, 95 % interval 0.01 to 0.47 %) on 2026-06-30; " + USUAL + "."
    )


def test_it_says_when_the_usual_is_that_of_another_version() -> None:
    said = say(replace(ALARM, usual_knowledge="a" * 12))
    assert said.endswith(f"{USUAL}, under the knowledge before it, aaaaaaaaaaaa.")


def test_several_days_are_named_by_the_first_and_the_last() -> None:
    assert "from 2026-06-24 to 2026-06-30" in say(replace(ALARM, since=date(2026, 6, 24)))


def test_a_run_without_a_card_says_for_how_many() -> None:
    silent = replace(ALARM, sign=Sign.NONE_FIRED, seen=Pooled(count=0, patients=1_200))
    assert f"no card was due on 2026-06-30, for 1,200 patients; {USUAL}." in say(silent)


def test_a_client_that_calls_no_longer_is_named_with_the_last_day() -> None:
    assert say(replace(ALARM, sign=Sign.NO_CALLS, measure="")) == (
        "north, view, knowledge bbbbbbbbbbbb: no call since 2026-06-30, and there used to be calls "
        "on most days."
    )


@pytest.mark.parametrize("measure", [*VERDICTS, *(kind.value for kind in UnknownCode)])
def test_every_measure_has_words_of_its_own(measure: str) -> None:
    assert f"fewer {MEASURES[measure]} than usual" in say(replace(ALARM, measure=measure))


def test_a_kind_of_a_later_version_is_named_as_it_is() -> None:
    assert "unknown codes (dose_unit)" in say(replace(ALARM, measure="dose_unit"))
