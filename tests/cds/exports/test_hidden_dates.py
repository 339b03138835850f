"""Do all dates of a patient move by the same hidden offset, wherever they stand?"""

from datetime import UTC, date, datetime, timedelta

import pytest

from cds.exports.hidden_dates import NO_YEAR, DateOffset
from rules.clinical_time import read_clinical_date

OFFSET = DateOffset(days=100, part=timedelta(hours=13, microseconds=5))


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("PHQ-9 17 on 2026-06-15", "PHQ-9 17 on 2026-03-07"),
        ("from 2026-06-15 to 2026-06-16.", "from 2026-03-07 to 2026-03-08."),
        ("recorded 2026-06", "recorded 2026-03"),
        ("(2026-06)", "(2026-03)"),
        ("recorded in 2026", f"recorded in {NO_YEAR}"),
        ("since 2019, and more", f"since {NO_YEAR}, and more"),
        ("2026-06-30 09:15 UTC", "2026-03-21 20:14 UTC"),
        ("2026-06-30T09:15:00Z", "2026-03-21T20:14:59Z"),
        ("2026-06-30T11:15:00+02:00", "2026-03-21T20:14:59Z"),
        ("2026-06-30T09:15:00.000006Z", "2026-03-21T20:15:00.000001Z"),
        ("2026-02-30", ""),
    ],
)
def test_a_date_in_words_moves(text: str, moved: str) -> None:
    assert OFFSET.move_words(text) == moved


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hs-CRP 4.1 mg/L",
        "90 covered days at 100 mg/day (17% lower)",
        "LOINC 1988-5",
        "LOINC 30522-7",
        "2000 mg a day",
        "version 1.2019",
        "doi 10.1136/bmjopen-2018-025333",
        "1234567-89",
    ],
)
def test_what_is_no_date_stays(text: str) -> None:
    assert OFFSET.move_words(text) == text


@pytest.mark.parametrize(
    ("written", "moved"), [("2026-06-15", "2026-03-07"), ("2026-06", "2026-03"), ("2026", "2026")]
)
def test_a_date_of_the_facts_stays_as_precise_as_it_was(written: str, moved: str) -> None:
    assert OFFSET.move_clinical(read_clinical_date(written)) == read_clinical_date(moved)


def test_days_and_moments_keep_their_distances() -> None:
    days = date(2026, 6, 30), date(2026, 1, 2)
    moments = datetime(2026, 6, 30, 9, tzinfo=UTC), datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert OFFSET.move_day(days[0]) - OFFSET.move_day(days[1]) == days[0] - days[1]
    assert OFFSET.move_moment(moments[0]) - OFFSET.move_moment(moments[1]) == (
        moments[0] - moments[1]
    )


def test_what_would_leave_the_calendar_becomes_its_first_day() -> None:
    assert OFFSET.move_day(date(1, 1, 2)) == date.min
    assert OFFSET.move_moment(datetime(1, 1, 2, tzinfo=UTC)) == datetime.min.replace(tzinfo=UTC)


def test_the_offset_is_in_no_repr() -> None:
    assert "100" not in repr(OFFSET)
