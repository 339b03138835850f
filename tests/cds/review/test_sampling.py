"""Is a sample drawn by chance, repeatably, never without controls, and with its weights?"""

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.review.classes import ReviewClass
from cds.review.sampling import (
    CLASSES,
    CONTROLS,
    FIRED,
    CannotDrawError,
    draw_random,
    draw_stratified,
)


def ids(name: str, number: int) -> list[str]:
    return [f"{name}-{place}" for place in range(number)]


HELD = {
    "shown": ids("shown", 20),
    "silent": ids("silent", 5),
    "near_miss": ids("near", 10),
    "nothing_to_say": ids("nothing", 500),
    "switched_off": ids("off", 30),
    "unclassified": ids("old", 30),
}


@pytest.mark.requirement("C6")
def test_a_stratified_draw_takes_the_numbers_that_were_asked_for() -> None:
    draw = draw_stratified(HELD, {"shown": 20, "near_miss": 3, "nothing_to_say": 40}, 1)
    assert Counter(pick.stratum for pick in draw.picks) == {
        "shown": 20, "near_miss": 3, "nothing_to_say": 40,
    }  # fmt: skip
    assert all(pick.decision in HELD[pick.stratum] for pick in draw.picks)


@pytest.mark.requirement("C7")
def test_every_stratum_tells_what_it_held_also_if_nothing_was_drawn() -> None:
    draw = draw_stratified(HELD, {"shown": 4, "nothing_to_say": 6}, 1)
    assert {each.name: (each.held, each.drawn) for each in draw.strata} == {
        "shown": (20, 4), "silent": (5, 0), "near_miss": (10, 0), "nothing_to_say": (500, 6),
    }  # fmt: skip


@pytest.mark.requirement("C6")
@pytest.mark.parametrize("wanted", [{}, {"shown": 5}, {"shown": 5, "silent": 5, "near_miss": 0}])
def test_a_stratified_draw_without_controls_is_refused(wanted: dict[str, int]) -> None:
    with pytest.raises(CannotDrawError, match="no card was due"):
        draw_stratified(HELD, wanted, 1)


@pytest.mark.requirement("C6")
def test_a_random_draw_that_met_no_control_is_refused() -> None:
    only_fired = {"shown": ids("shown", 5), "silent": ids("silent", 5)}
    with pytest.raises(CannotDrawError, match="no card was due"):
        draw_random(only_fired, 5, 1)


@pytest.mark.requirement("C7")
def test_a_random_draw_is_told_apart_by_whether_a_card_was_due() -> None:
    draw = draw_random(HELD, 100, 1)
    assert {each.name: each.held for each in draw.strata} == {"fired": 25, "not_fired": 510}
    assert sum(each.drawn for each in draw.strata) == len(draw.picks) == 100


@pytest.mark.parametrize("wanted", [536, -1])
def test_more_than_there_are_is_refused(wanted: int) -> None:
    with pytest.raises(CannotDrawError):
        draw_random(HELD, wanted, 1)


def test_all_there_are_can_be_drawn() -> None:
    assert len(draw_random(HELD, 535, 1).picks) == 535


def test_what_was_switched_off_or_has_no_class_is_never_drawn() -> None:
    drawn = {pick.decision for pick in draw_random(HELD, 535, 1).picks}
    assert not drawn & {*HELD["switched_off"], *HELD["unclassified"]}


def test_the_same_seed_draws_the_same_and_another_one_does_not() -> None:
    first, again, other = (draw_random(HELD, 50, seed) for seed in (1, 1, 2))
    assert first == again
    assert {pick.decision for pick in first.picks} != {pick.decision for pick in other.picks}


def test_a_draw_can_be_checked_with_any_tool() -> None:
    by_digest = sorted(
        HELD["nothing_to_say"], key=lambda each: sha256(f"7:{each}".encode()).hexdigest()
    )
    draw = draw_stratified(HELD, {"nothing_to_say": 9}, 7)
    assert [pick.decision for pick in draw.picks] == by_digest[:9]


def test_the_order_in_which_decisions_came_changes_nothing() -> None:
    backwards = {name: held[::-1] for name, held in reversed(HELD.items())}
    wanted = {"shown": 3, "near_miss": 3}
    assert {*draw_stratified(HELD, wanted, 5).picks} == {
        *draw_stratified(backwards, wanted, 5).picks
    }


@given(st.integers(0, 2**63 - 1), st.integers(1, 520))
def test_no_decision_is_drawn_twice_whatever_the_seed(seed: int, wanted: int) -> None:
    try:
        draw = draw_random(HELD, wanted, seed)
    except CannotDrawError:
        return
    assert len({pick.decision for pick in draw.picks}) == wanted


def test_every_seed_draws_each_decision_about_as_often() -> None:
    seeds = range(2_000)
    drawn = Counter(
        pick.decision
        for seed in seeds
        for pick in draw_stratified({"near_miss": HELD["near_miss"]}, {"near_miss": 3}, seed).picks
    )
    # 600 each are expected, with a standard deviation of 20.5; the seeds are fixed.
    assert all(500 < number < 700 for number in drawn.values())


def test_the_classes_are_those_of_the_queue() -> None:
    assert {*FIRED, *CONTROLS} == {*CLASSES}
    assert {each.value for each in ReviewClass} == {*CLASSES, "switched_off"}
