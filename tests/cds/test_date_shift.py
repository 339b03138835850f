"""Do all dates of a record move together, and does nothing else?"""

import json
from datetime import date

import pytest

from cds.date_shift import DateShiftError, day_of_evaluation, move_dates

TO = date(2026, 7, 10)
BUNDLE = '{"resourceType": "Bundle", "timestamp": "2026-06-30T10:00:00+02:00", "entry": [%s]}'


def moved(entry: str) -> str:
    text = move_dates(BUNDLE % entry, TO)
    return text[text.index("[") + 1 : -2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"birthDate": "1980-02-20"}', '{"birthDate": "1980-03-01"}'),
        ('{"onsetDateTime": "2026-06"}', '{"onsetDateTime": "2026-06"}'),
        ('{"onsetDateTime": "2026-12"}', '{"onsetDateTime": "2026-12"}'),
        ('{"onsetDateTime": "2025"}', '{"onsetDateTime": "2025"}'),
        (
            '{"issued": "2026-06-25T23:59:59.123-08:00"}',
            '{"issued": "2026-07-05T23:59:59.123-08:00"}',
        ),
        (
            '{"start": "2026-06-30", "end": "2026-12-31"}',
            '{"start": "2026-07-10", "end": "2027-01-10"}',
        ),
        ('{"event": ["2026-06-01", "2026-06-02"]}', '{"event": ["2026-06-11", "2026-06-12"]}'),
    ],
)
def test_a_date_moves_with_the_day_of_evaluation(before: str, after: str) -> None:
    assert moved(before) == after


@pytest.mark.parametrize(
    "kept",
    [
        '{"id": "2026-06-01"}',
        '{"code": "1988-5", "value": 4.10}',
        '{"display": "2026-06-01"}',
        '{"valueString": "2026-06-01"}',
        '{"birthDate": "about 1980"}',
        '{"timeOfDay": ["08:00:00"]}',
        '{  "a" :\t"\\"start\\": \\"2026-06-01\\"" }',
    ],
)
def test_what_is_no_date_stays_sign_for_sign(kept: str) -> None:
    assert moved(kept) == kept


def test_a_hook_request_moves_by_the_day_in_its_extension() -> None:
    request = {
        "hook": "patient-view",
        "extension": {"com.trd-inflammation-cds.fixture": {"asOf": "2026-06-30"}},
        "prefetch": {"conditions": {"entry": [{"recordedDate": "2026-06-01"}]}},
    }
    text = move_dates(json.dumps(request), TO)
    assert '"recordedDate": "2026-06-11"' in text
    assert day_of_evaluation(text) == TO


def test_moving_there_and_back_gives_the_same_text() -> None:
    text = BUNDLE % '{"start": "2025-09-15", "birthDate": "1984-02-29"}'
    assert move_dates(move_dates(text, TO), date(2026, 6, 30)) == text


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"resourceType": "Bundle"}',
        '{"resourceType": "Bundle", "timestamp": "soon"}',
        '{"resourceType": "Bundle", "timestamp": "2026"}',
        '{"extension": {"com.trd-inflammation-cds.fixture": "2026-06-30"}}',
    ],
)
def test_a_record_without_a_day_of_evaluation_is_refused(text: str) -> None:
    with pytest.raises(DateShiftError):
        move_dates(text, TO)


def test_a_date_is_never_moved_out_of_the_calendar() -> None:
    with pytest.raises(DateShiftError, match="calendar"):
        moved('{"end": "9999-12-31"}')
