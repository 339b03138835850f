"""Does the store give the figures what they ask for, and no more?"""

from datetime import timedelta
from typing import Any

from cds.store.database import Store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from cds.store.figures import FigureSource, Period
from tests.cds.store.records import CLIENT, NOW, SERVICE, Entry, card, decision
from tests.cds.store.reviewing import begin_review

DAY = timedelta(days=1)
TODAY = Period(since=NOW - DAY, until=NOW + DAY)


def record(store: Store, **changes: Any) -> str:
    recorded = decision(**changes)
    DecisionLog(store).record(recorded)
    return recorded.id


def comment(store: Store, uuid: str, *, client: str = CLIENT, **changes: Any) -> None:
    entry = Entry(card=uuid, **changes)
    FeedbackLog(store).add(client, SERVICE, [entry], NOW + timedelta(minutes=5))


def test_decisions_come_oldest_first_with_what_figures_ask(store: Store) -> None:
    record(store, review_class="shown", evidence_key="e", could_not_tell=",trials,inflammation,")
    record(store, decided_at=NOW - timedelta(hours=1), review_class="near_miss")
    first, second = FigureSource(store).seen(TODAY)
    assert (first.review_class, second.review_class) == ("near_miss", "shown")
    assert second.open_criteria == ("trials", "inflammation")
    assert (second.evidence, second.client, second.at) == ("e", CLIENT, NOW)


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last(store: Store) -> None:
    record(store, decided_at=NOW)
    source = FigureSource(store)
    assert len(source.seen(Period(since=NOW, until=NOW + DAY))) == 1
    assert source.seen(Period(since=NOW - DAY, until=NOW)) == ()


def test_a_period_may_be_of_one_client_or_one_service(store: Store) -> None:
    record(store)
    record(store, client="south", service="other")
    source = FigureSource(store)
    south = Period(since=TODAY.since, until=TODAY.until, client="south")
    other = Period(since=TODAY.since, until=TODAY.until, service=SERVICE)
    assert [each.client for each in source.seen(south)] == ["south"]
    assert [each.client for each in source.seen(other)] == [CLIENT]
    assert source.clients_and_services() == ((CLIENT, SERVICE), ("south", "other"))


def test_a_card_comes_with_the_first_feedback_on_it(store: Store) -> None:
    shown = card()
    record(store, cards=(shown,))
    comment(store, shown.uuid, outcome_at=NOW + timedelta(seconds=30), reason_code="first")
    comment(store, shown.uuid, outcome_at=NOW + timedelta(seconds=90), reason_code="second")
    (found,) = FigureSource(store).shown_cards(TODAY)
    assert (found.outcome, found.reason) == ("overridden", "first")
    assert found.answered_at == NOW + timedelta(seconds=30)


def test_feedback_without_a_time_of_its_own_counts_from_when_it_came(store: Store) -> None:
    shown = card()
    record(store, cards=(shown,))
    comment(store, shown.uuid, outcome_at=None)
    (found,) = FigureSource(store).shown_cards(TODAY)
    assert found.answered_at == NOW + timedelta(minutes=5)


def test_a_card_without_feedback_is_there_too(store: Store) -> None:
    record(store)
    (found,) = FigureSource(store).shown_cards(TODAY)
    assert (found.outcome, found.answered_at) == (None, None)


def test_feedback_of_another_client_on_the_card_is_not_counted(store: Store) -> None:
    shown = card()
    record(store, cards=(shown,))
    comment(store, shown.uuid, client="south")
    (found,) = FigureSource(store).shown_cards(TODAY)
    assert found.outcome is None


def test_a_card_that_was_only_recorded_is_not_among_those_shown(store: Store) -> None:
    record(store, shown=False)
    assert FigureSource(store).shown_cards(TODAY) == ()


def test_kept_cases_come_with_their_facts_the_newest_first(store: Store) -> None:
    older = record(store, decided_at=NOW - timedelta(hours=2), facts=b"{}")
    newer = record(store, facts=b"{}")
    record(store, facts=None)
    source = FigureSource(store)
    assert source.count_kept_cases(TODAY) == 2
    assert {each.id for each in source.kept_cases(TODAY)} == {older, newer}
    (newest,) = source.kept_cases(TODAY, at_most=1)
    assert (newest.id, newest.facts) == (newer, b"{}")


def test_only_decisions_of_the_period_that_were_drawn_are_sampled_in_it(store: Store) -> None:
    drawn = begin_review(store).decision
    record(store)
    source = FigureSource(store)
    assert source.sampled_in(TODAY) == {drawn}
    assert source.sampled_in(Period(since=NOW + DAY, until=NOW + 2 * DAY)) == frozenset()


def test_an_empty_store_gives_nothing(store: Store) -> None:
    source = FigureSource(store)
    assert (source.seen(TODAY), source.shown_cards(TODAY)) == ((), ())
    assert (source.count_kept_cases(TODAY), list(source.kept_cases(TODAY))) == (0, [])
