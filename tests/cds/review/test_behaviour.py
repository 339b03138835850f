"""Is it counted rightly how often the service speaks, to whom again, and what is said to it?"""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cds.review.behaviour import (
    NO_REASON,
    OTHER_REASON,
    Seen,
    ShownCard,
    count_missing,
    describe_behaviour,
    describe_firing,
    describe_response,
    measure_times,
)
from cds.review.proportion import UNDEFINED
from cds.review.trend import WINDOWS, draw_trend, draw_trends
from cds.review.trend_plot import plot_trend

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
REASONS = {"cds-not-applicable": "Does not apply to this patient"}


def seen(review_class: str = "nothing_to_say", **changes: Any) -> Seen:
    values: dict[str, Any] = {
        "at": NOON,
        "client": "north",
        "patient": "p1",
        "review_class": review_class,
        "rule_version": "1",
    }
    return Seen(**{**values, **changes})


def shown_card(**changes: Any) -> ShownCard:
    return ShownCard(**{"sent_at": NOON, "rule_version": "1", **changes})


def overridden(reason: str | None, **changes: Any) -> ShownCard:
    return shown_card(outcome="overridden", reason=reason, answered_at=NOON, **changes)


def answered_after(seconds: float) -> ShownCard:
    return shown_card(outcome="overridden", answered_at=NOON + timedelta(seconds=seconds))


def test_a_card_that_was_only_recorded_fires_as_one_that_was_shown() -> None:
    firing = describe_firing([seen("shown"), seen("silent"), seen(), seen("near_miss")])
    assert firing.per_view.counted == "2 of 4"


def test_a_patient_counts_once_however_often_the_chart_is_opened() -> None:
    firing = describe_firing([seen("shown"), seen("shown"), seen(patient="p2")])
    assert (firing.views, firing.per_patient.counted) == (3, "1 of 2")


def test_the_same_pseudonym_at_another_client_is_another_patient() -> None:
    assert describe_firing([seen(), seen(client="south")]).patients == 2


@pytest.mark.parametrize("left_out", ["switched_off", "unclassified"])
def test_what_was_not_evaluated_or_not_sorted_is_left_out_and_counted(left_out: str) -> None:
    firing = describe_firing([seen("shown"), seen(left_out)])
    assert firing.per_view.counted == "1 of 1"
    assert firing.switched_off + firing.unclassified == 1


def test_near_misses_and_open_answers_are_told_of_all_evaluations() -> None:
    firing = describe_firing([seen("near_miss"), seen("could_not_tell"), seen(), seen("shown")])
    assert [firing.near_misses.counted, firing.could_not_tell.counted] == ["1 of 4"] * 2


def test_only_the_same_evidence_on_the_same_patient_is_a_repeat() -> None:
    fired = [
        seen("shown", evidence="a"),
        seen("shown", evidence="a"),
        seen("shown", evidence="b"),
        seen("shown", evidence="a", patient="p2"),
        seen("shown", evidence="a", client="south"),
    ]
    assert describe_firing(fired).repeats.counted == "1 of 5"


def test_a_card_that_never_rests_is_no_repeat_and_not_counted_among_them() -> None:
    assert describe_firing([seen("shown"), seen("shown")]).repeats.counted == "0 of 0"


def test_a_repeat_that_was_kept_back_is_none_that_a_reader_saw() -> None:
    firing = describe_firing([seen("shown", evidence="a"), seen("silent", evidence="a")])
    assert (firing.repeats.counted, firing.repeats_shown.counted) == ("1 of 2", "0 of 1")


def test_no_evaluation_gives_a_dash_for_each_rate() -> None:
    firing = describe_firing([])
    rates = (firing.per_view, firing.per_patient, firing.repeats, firing.near_misses)
    assert {str(each) for each in rates} == {UNDEFINED}


def test_missing_data_are_ranked_of_the_evaluations_that_could_not_tell() -> None:
    ranked = count_missing(
        [
            seen("could_not_tell", open_criteria=("inflammation", "trials")),
            seen("could_not_tell", open_criteria=("inflammation",)),
            seen("shown", open_criteria=("trials",)),
        ]
    )
    assert [(key, share.counted) for key, share in ranked] == [
        ("inflammation", "2 of 2"),
        ("trials", "1 of 2"),
    ]


def test_feedback_is_told_of_the_cards_that_were_shown() -> None:
    response = describe_response([shown_card(), overridden(None), shown_card()], REASONS)
    assert response.with_feedback.counted == "1 of 3"
    assert response.without_feedback.counted == "2 of 3"


def test_overrides_are_told_of_all_cards_and_of_those_with_feedback() -> None:
    noted = shown_card(outcome="accepted", answered_at=NOON)
    response = describe_response([shown_card(), overridden(None), noted], REASONS)
    assert response.overridden.counted == "1 of 3"
    assert response.overridden_of_answered.counted == "1 of 2"


def test_reasons_are_told_in_our_own_words_alone() -> None:
    cards = [
        overridden("cds-not-applicable"),
        overridden("cds-not-applicable"),
        overridden("Mrs Smith of Leeds"),
        overridden(None),
    ]
    told = describe_response(cards, REASONS).reasons
    assert [(words, share.counted) for words, share in told] == [
        ("Does not apply to this patient", "2 of 4"),
        (OTHER_REASON, "1 of 4"),
        (NO_REASON, "1 of 4"),
    ]


def test_times_are_told_by_their_quartiles() -> None:
    times = measure_times([answered_after(each) for each in (40, 10, 30, 20, 50)])
    assert (times.n, times.lower, times.middle, times.upper) == (5, 20, 30, 40)


def test_one_time_is_its_own_quartiles() -> None:
    times = measure_times([answered_after(10)])
    assert (times.lower, times.middle, times.upper) == (10, 10, 10)


def test_feedback_dated_before_its_card_is_left_out_and_counted() -> None:
    times = measure_times([answered_after(-1), answered_after(0)])
    assert (times.n, times.before_card) == (1, 1)


def test_no_feedback_has_no_time() -> None:
    assert (measure_times([]).n, measure_times([]).middle) == (0, None)


def test_each_version_of_the_rule_is_told_by_itself() -> None:
    behaviour = describe_behaviour(
        [seen("shown"), seen("shown", rule_version="2"), seen(rule_version="2")],
        [overridden(None, rule_version="2")],
        REASONS,
    )
    assert [
        (each.rule_version, each.firing.per_view.counted, each.response.overridden.counted)
        for each in behaviour.by_version
    ] == [("1", "1 of 1", "0 of 0"), ("2", "1 of 2", "1 of 1")]


def test_a_trend_puts_every_evaluation_into_its_own_days() -> None:
    days = [seen("shown", at=NOON - timedelta(days=ago)) for ago in (0, 1, 1, 5, 6, 7)]
    trend = draw_trend(days, NOON.date(), 7, 1)
    assert [bucket.firing.views for bucket in trend.buckets] == [1, 1, 0, 0, 0, 2, 1]
    assert trend.whole.views == 5


def test_a_day_is_one_of_utc() -> None:
    late = datetime.fromisoformat("2026-07-01T01:30:00+02:00")  # 23:30 of the day before, in UTC
    trend = draw_trend([seen(at=late)], date(2026, 6, 30), 7, 1)
    assert trend.buckets[-1].firing.views == 1


def test_the_buckets_of_a_window_follow_each_other_without_a_gap() -> None:
    for trend in draw_trends([], NOON.date()):
        ends = [(bucket.first, bucket.last) for bucket in trend.buckets]
        assert ends[0][0] == NOON.date() - timedelta(days=trend.days - 1)
        assert ends[-1][1] == NOON.date()
        assert all(
            after[0] - before[1] == timedelta(days=1) for before, after in itertools.pairwise(ends)
        )


def test_every_window_is_made_of_whole_buckets() -> None:
    assert [days % bucket for days, bucket in WINDOWS] == [0, 0, 0]


def test_a_bucket_without_an_evaluation_has_no_point() -> None:
    plot = plot_trend(draw_trend([seen("shown")], NOON.date(), 7, 1))
    assert (len(plot.marks), plot.without) == (1, 6)


def test_points_stand_within_the_picture_and_their_intervals_around_them() -> None:
    days = [seen("shown" if n % 3 else "silent", at=NOON - timedelta(days=n)) for n in range(7)]
    days += [seen(at=NOON - timedelta(days=n)) for n in range(7) for _ in range(n)]
    plot = plot_trend(draw_trend(days, NOON.date(), 7, 1))
    assert all(0 <= float(mark.at.rstrip("%")) <= 100 for mark in plot.marks)
    assert all(
        0 <= float(mark.high) <= float(mark.middle) <= float(mark.low) <= plot.height
        for mark in plot.marks
    )


def test_a_window_without_any_evaluation_is_drawn_without_points() -> None:
    assert plot_trend(draw_trend([], NOON.date(), 90, 9)).marks == ()
