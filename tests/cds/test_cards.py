"""Does every card keep the promises of the wire and of the reviewed wording?"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cds.hooks.card import Card
from cds.hooks.cards import CardWriter
from cds.settings import LinkSetting, Settings
from rules.findings import (
    Assessment,
    CardKind,
    InflammationStatus,
    ResistanceStatus,
    ResultLabel,
    TrialGrade,
)
from rules.knowledge import Knowledge
from tests.cds.assessments import (
    GAP,
    NOW,
    assessment,
    confounder,
    result,
    signal,
    supporting,
    trial,
    with_inflammation,
    with_resistance,
)
from tests.cds.conftest import Lint

RESULTS = (result(), result("3.9", date(2026, 3, 31)))
# The kinds an assessment of the record can ask for; the card on draft orders has its own tests.
ASSESSED = [kind for kind in CardKind if kind is not CardKind.EXPERIMENTAL_ORDER]
DECISION = "3f1f2c1e-6a55-4a0e-9d6d-0f3f6b7a9f10"


def card_of(writer: CardWriter, given_assessment: Assessment) -> dict[str, Any]:
    (card,) = writer.write_cards(given_assessment, DECISION)
    return card.to_wire()


def empty_members(value: Any, path: str = "card") -> list[str]:
    found = [path] if value in (None, "", [], {}) else []
    members = value.items() if isinstance(value, dict) else []
    items = enumerate(value) if isinstance(value, list) else []
    return found + [
        each
        for name, member in (*members, *items)
        for each in empty_members(member, f"{path}.{name}")
    ]


@pytest.fixture(params=ASSESSED, ids=lambda kind: kind.value)
def card(request: pytest.FixtureRequest, card_writer: CardWriter) -> dict[str, Any]:
    given_assessment = assessment(
        request.param,
        suicide_signals=(signal(), signal(None)),
        confounders=(confounder(), confounder("statin", "statin")),
        gaps=(GAP,),
    )
    return card_of(card_writer, given_assessment)


@pytest.mark.requirement("CARD-2", "I@83", "A4")
def test_a_summary_has_fewer_than_140_characters(card: dict[str, Any]) -> None:
    assert 0 < len(card["summary"]) < 140


@pytest.mark.requirement("CARD-4", "I@87", "I@88")
def test_a_card_is_information_and_nothing_more(card: dict[str, Any]) -> None:
    assert card["indicator"] == "info"


@pytest.mark.requirement("CARD-6", "CARD-7", "CARD-18", "RESP-3")
def test_a_card_suggests_nothing(card: dict[str, Any]) -> None:
    sent = {
        "uuid",
        "summary",
        "detail",
        "indicator",
        "source",
        "overrideReasons",
        "links",
        "extension",
    }
    assert set(card) <= sent


@pytest.mark.requirement("GEN-2", "I@3")
def test_no_member_is_null_or_empty(card: dict[str, Any]) -> None:
    assert empty_members(card) == []


@pytest.mark.requirement("CARD-5", "CARD-11", "CARD-12", "I@90", "I@105", "I@107", "I@108")
def test_the_source_is_named_and_has_an_address(card: dict[str, Any]) -> None:
    assert card["source"]["label"]
    assert card["source"]["url"].startswith("http")


@pytest.mark.requirement("CARD-14", "CARD-15", "I@115", "I@216", "I@220", "I@116")
def test_the_topic_is_a_coding_a_client_can_key_by(card: dict[str, Any]) -> None:
    topic = card["source"]["topic"]
    assert re.fullmatch(r"[A-Za-z0-9]{1,100}", topic["code"])
    assert topic["system"].startswith("https://")


@pytest.mark.requirement("CARD-8", "cds-resp-4", "I@98", "I@136", "I@99", "I@100", "I@219")
def test_every_reason_for_dismissal_has_code_system_and_display(card: dict[str, Any]) -> None:
    reasons = card["overrideReasons"]
    assert len(reasons) >= 9
    assert [reason for reason in reasons if set(reason) != {"code", "system", "display"}] == []


@pytest.mark.requirement("CARD-10")
def test_the_extension_says_which_decision_and_which_knowledge(card: dict[str, Any]) -> None:
    told = card["extension"]["com.trd-inflammation-cds.card"]
    assert told["decision"] == DECISION
    assert told["knowledge"] == "0123456789ab"


@pytest.mark.requirement("CARD-3", "I@84", "I@85")
def test_the_detail_holds_no_html_and_no_link(card: dict[str, Any]) -> None:
    assert re.search(r"<[A-Za-z/!]|\]\(|https?:", card["detail"]) is None


def test_the_detail_says_the_day_of_the_assessment(card: dict[str, Any]) -> None:
    assert "Assessed as of 2026-06-30 with rule trd-default, version 1." in card["detail"]


@pytest.mark.requirement("CARD-1", "I@80", "I@81")
def test_each_card_has_a_uuid_of_its_own(card_writer: CardWriter) -> None:
    due = assessment(CardKind.EVIDENCE, CardKind.DATA_GAP)
    uuids = {card.uuid for _ in range(2) for card in card_writer.write_cards(due, DECISION)}
    assert len(uuids) == 4


def test_only_the_kinds_that_are_due_are_written_and_in_their_order(
    card_writer: CardWriter,
) -> None:
    due = assessment(CardKind.DATA_GAP, CardKind.MARKER_NOTE)
    kinds = [card.extension.card.kind for card in card_writer.write_cards(due, DECISION)]
    assert kinds == ["data_gap", "marker_note"]


@pytest.mark.requirement("CARD-9", "CARD-16", "D16", "I@138", "I@103", "I@104", "I@139")
def test_a_card_links_to_what_the_settings_name_and_nowhere_else(knowledge: Knowledge) -> None:
    link = LinkSetting(label="Local guideline", url="https://guide.example/depression")
    settings = Settings(evidence_url="https://evidence.example/ledger", links=(link,))
    card = card_of(CardWriter(knowledge, settings, uuid4, lambda: NOW), assessment())
    assert [(each["url"], each["type"]) for each in card["links"]] == [
        ("https://evidence.example/ledger", "absolute"),
        ("https://guide.example/depression", "absolute"),
    ]


def test_a_summary_that_is_too_long_is_refused_and_not_cut(card_writer: CardWriter) -> None:
    (card,) = card_writer.write_cards(assessment(), DECISION)
    with pytest.raises(ValidationError):
        Card.model_validate({**card.model_dump(), "summary": "x" * 140})


def test_the_safety_card_does_not_link_to_research(knowledge: Knowledge) -> None:
    link = LinkSetting(label="Crisis pathway", url="https://ward.example/crisis")
    writer = CardWriter(knowledge, Settings(links=(link,)), uuid4, lambda: NOW)
    card = card_of(writer, assessment(CardKind.SAFETY, suicide_signals=(signal(),)))
    assert [each["url"] for each in card["links"]] == ["https://ward.example/crisis"]


# The wording of the evidence card


@pytest.mark.parametrize(
    ("resistance", "inflammation", "words"),
    [
        (ResistanceStatus.MET, InflammationStatus.RAISED_PERSISTENT, "with repeated CRP ≥3 mg/L"),
        (ResistanceStatus.MET, InflammationStatus.RAISED_ONCE, "one CRP ≥3 mg/L, not repeated"),
        (ResistanceStatus.POSSIBLE, InflammationStatus.RAISED_PERSISTENT, "possible"),
    ],
)  # fmt: skip
def test_the_summary_says_how_sure_the_record_is(
    resistance: ResistanceStatus,
    inflammation: InflammationStatus,
    words: str,
    card_writer: CardWriter,
) -> None:
    known = (result(),) if inflammation is InflammationStatus.RAISED_ONCE else RESULTS
    due = with_inflammation(
        with_resistance(assessment(), status=resistance), status=inflammation, results=known
    )
    assert words in card_of(card_writer, due)["summary"]


@pytest.mark.requirement("CARD-19")
def test_the_safety_statement_stands_in_summary_and_detail(card_writer: CardWriter) -> None:
    card = card_of(card_writer, assessment())
    assert "experimental" in card["summary"]
    assert "It does not recommend any treatment." in card["detail"]


def test_the_nine_points_stand_in_their_order(card_writer: CardWriter) -> None:
    detail = card_of(card_writer, assessment())["detail"]
    points = [
        "**Not a recommendation.**", "**Why shown**", "**Missing or uncertain**",
        "In a 30-person pilot randomised trial", "A raised CRP is common",
        "carries a boxed warning", "Usual next steps follow", "follow your local crisis pathway",
        "**Sources**",
    ]  # fmt: skip
    places = [detail.find(point) for point in points]
    assert places == sorted(places)
    assert -1 not in places


def test_a_trial_is_shown_with_its_days_and_its_dose(card_writer: CardWriter) -> None:
    detail = card_of(card_writer, assessment())["detail"]
    assert "- sertraline, up to 100 mg/day, 2025-09-15 to 2025-12-13, 90 days covered:" in detail


def test_every_gap_of_an_open_trial_has_its_line(card_writer: CardWriter) -> None:
    notes = ("the dose is not known", "filling was not verified")
    open_trial = trial(grade=TrialGrade.INDETERMINATE, daily_dose_mg=None, gap_notes=notes)
    due = with_resistance(assessment(), trials=(open_trial,))
    detail = card_of(card_writer, due)["detail"]
    assert [note for note in notes if f"- sertraline: {note}" not in detail] == []


def test_without_confounders_the_card_says_where_it_could_not_look(
    card_writer: CardWriter,
) -> None:
    detail = card_of(card_writer, assessment(confounders_unread=("Condition",)))["detail"]
    assert "none found in the data received" in detail
    assert "Not read: diagnoses" in detail


def test_every_caveat_of_the_assessment_stands_on_the_card_once(card_writer: CardWriter) -> None:
    due = replace(assessment(), caveats=("One raised result; persistence is not shown.",))
    assert card_of(card_writer, due)["detail"].count("persistence is not shown") == 1


def test_older_results_are_counted_where_there_are_many(card_writer: CardWriter) -> None:
    results = tuple(result("4.1", date(2026, 6, 20 - number)) for number in range(10))
    detail = card_of(card_writer, with_inflammation(assessment(), results=results))["detail"]
    assert detail.count("hs-CRP 4.1 mg/L on") == 6
    assert "- Older results, not shown here: 4\n" in detail


def test_a_parameter_that_differs_is_shown(card_writer: CardWriter) -> None:
    due = assessment(changed_parameters=("trd.min_failed_trials = 3",))
    assert "trd.min_failed_trials = 3" in card_of(card_writer, due)["detail"]


def test_the_crisis_line_of_the_site_is_shown(knowledge: Knowledge) -> None:
    local = replace(
        knowledge, safety=knowledge.safety.model_copy(update={"locale_text": "Call the ward."})
    )
    card = card_of(CardWriter(local, Settings(), uuid4, lambda: NOW), assessment())
    assert "follow your local crisis pathway. Call the ward." in card["detail"]


# The other cards


def test_the_safety_card_carries_no_research_and_no_drug(card_writer: CardWriter) -> None:
    due = assessment(CardKind.SAFETY, suicide_signals=(signal(),))
    detail = card_of(card_writer, due)["detail"].lower()
    assert [word for word in ("tocilizumab", "trial", "crp", "research") if word in detail] == []


def test_the_safety_card_prints_only_the_half_that_applies(card_writer: CardWriter) -> None:
    detail = card_of(card_writer, assessment(CardKind.SAFETY, suicide_signals=(signal(None),)))[
        "detail"
    ]
    assert "A coded entry (Suicidal thoughts, 2026-06-20) is in the record." in detail
    assert "item 9" not in detail


def test_an_item_that_disagrees_with_its_total_is_flagged(card_writer: CardWriter) -> None:
    signals = (signal(1, total_disagrees=True),)
    detail = card_of(card_writer, assessment(CardKind.SAFETY, suicide_signals=signals))["detail"]
    assert "item and total disagree" in detail


def test_a_sustained_high_marker_is_said_to_need_medical_assessment(
    card_writer: CardWriter,
) -> None:
    due = with_inflammation(assessment(CardKind.MARKER_NOTE), notes=("sustained_high",))
    assert "need medical assessment" in card_of(card_writer, due)["detail"]


def test_the_marker_note_carries_no_evidence(card_writer: CardWriter) -> None:
    detail = card_of(card_writer, assessment(CardKind.MARKER_NOTE))["detail"].lower()
    assert "tocilizumab" not in detail


def test_the_data_gap_card_names_what_is_missing(card_writer: CardWriter) -> None:
    detail = card_of(card_writer, assessment(CardKind.DATA_GAP, gaps=(GAP,)))["detail"]
    assert "- Medication dispenses: the server answered with a problem" in detail


# What must hold whatever the rules find

DATES = st.dates(date(1990, 1, 1), date(2030, 12, 31))
LABELS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
HOSTILE = st.sampled_from(
    ["<script>alert(1)</script>", "[x](http://evil.example)", "a | b", "![i](http://e.example/i)"]
)
WORDS = LABELS | HOSTILE


@st.composite
def assessments(draw: st.DrawFn, words: st.SearchStrategy[str] = WORDS) -> Assessment:
    trials = st.builds(
        trial,
        words,
        grade=st.sampled_from(TrialGrade),
        start=st.none() | DATES,
        end=st.none() | DATES,
        covered_days=st.integers(0, 2000),
        daily_dose_mg=st.none() | st.decimals(0, 1000, places=1),
        gap_notes=st.lists(words, max_size=2).map(tuple),
        caveats=st.lists(words, max_size=1).map(tuple),
    )
    results = st.builds(
        result,
        st.decimals(0, 300, places=2).map(str),
        DATES,
        label=st.sampled_from(ResultLabel),
        shown=words,
    )
    base = assessment(
        *draw(st.lists(st.sampled_from(ASSESSED), min_size=1, max_size=4, unique=True)),
        suicide_signals=tuple(
            draw(
                st.lists(st.builds(signal, st.none() | st.integers(0, 3), label=words), max_size=2)
            )
        ),
        confounders=tuple(draw(st.lists(st.builds(confounder, words, words), max_size=2))),
        confounders_unread=tuple(draw(st.lists(words, max_size=2))),
        gaps=draw(st.sampled_from([(), (GAP,)])),
        context_notes=tuple(draw(st.lists(words, max_size=1))),
        changed_parameters=tuple(draw(st.lists(words, max_size=1))),
    )
    base = with_resistance(
        base,
        status=draw(st.sampled_from(ResistanceStatus)),
        trials=tuple(draw(st.lists(trials, max_size=4))),
        supporting=draw(st.sampled_from([(), (supporting(),)])),
        latest_score=draw(st.sampled_from([None, base.treatment_resistance.latest_score])),
    )
    return with_inflammation(
        base,
        status=draw(st.sampled_from(InflammationStatus)),
        notes=tuple(draw(st.sets(st.sampled_from(["within_lab_range", "sustained_high"])))),
        results=tuple(draw(st.lists(results, max_size=4))),
    )


@given(assessments())
def test_no_finding_breaks_a_card(card_writer: CardWriter, due: Assessment) -> None:
    cards = [card.to_wire() for card in card_writer.write_cards(due, DECISION)]
    assert [len(card["summary"]) < 140 for card in cards] == [True] * len(due.cards_due)
    assert [problem for card in cards for problem in empty_members(card)] == []


@given(assessments())
def test_no_finding_brings_markup_or_a_link_into_a_card(
    card_writer: CardWriter, due: Assessment
) -> None:
    details = [card.detail for card in card_writer.write_cards(due, DECISION)]
    unescaped = re.compile(r"(?<!\\)(<|\]\(|!\[|\|)|https?:")
    assert [detail for detail in details if unescaped.search(detail)] == []


@given(assessments(st.sampled_from(["sertraline", "venlafaxine", "hs-CRP 4.1 mg/L", "Obesity"])))
def test_no_card_says_what_no_card_may_say(
    card_writer: CardWriter, lint: Lint, due: Assessment
) -> None:
    cards = card_writer.write_cards(due, DECISION)
    text = "\n".join(f"{card.summary}\n{card.detail}" for card in cards)
    assert lint(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Consider tocilizumab.",
        "Tocilizumab 8 mg/kg was given.",
        "The patient is a good candidate.",
        "Prescribe it.",
        "No suicide risk signal was found.",
    ],
)
def test_the_lint_finds_what_must_not_be_said(text: str, lint: Lint) -> None:
    assert lint(text)


def test_a_uuid_can_be_held_for_a_test(knowledge: Knowledge) -> None:
    fixed = UUID(int=7)
    writer = CardWriter(knowledge, Settings(), lambda: fixed, lambda: NOW)
    assert writer.write_cards(assessment(), DECISION)[0].uuid == fixed


def test_a_decimal_is_written_without_trailing_zeros(card_writer: CardWriter) -> None:
    due = with_resistance(assessment(), trials=(trial(daily_dose_mg=Decimal("150.00")),))
    assert "up to 150 mg/day" in card_of(card_writer, due)["detail"]
