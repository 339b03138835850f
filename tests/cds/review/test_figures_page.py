"""Do the pages of figures show every number with what it rests on, and no more than they may?"""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds.review.proportion import UNDEFINED
from cds.review.silent_report import SYNTHETIC
from cds.store.audit import AuditLog, AuditQuestion
from cds.store.database import Store
from rules.knowledge import Knowledge
from tests.cds.pages import Page
from tests.cds.review.figure_data import (
    CANNOT_TELL,
    DISAGREE,
    PATIENT_VIEW,
    Site,
    browse,
    draw_sample,
    examples,
)
from tests.cds.store.records import NOW, card

FIGURES, REPORT = "/review/figures", "/review/silent-report"
# Each percentage: one beside its interval, or an end of an interval.
PERCENTAGE = re.compile(r"\d[\d.]* %")
BESIDE_ITS_INTERVAL = re.compile(r"^[;,]? ?\(?95 % interval [\d.]+ to [\d.]+ %")
INTERVAL = re.compile(r"95 % interval [\d.]+ to [\d.]+ %")
N = re.compile(r"\d of \d|n = \d")
ACCEPTANCE = re.compile(r"acceptance rate|acceptance %|accepted rate", re.IGNORECASE)


def text_of(web: FlaskClient, path: str) -> str:
    return page_of(web, path).text


def page_of(web: FlaskClient, path: str) -> Page:
    answer = web.get(path)
    assert answer.status_code == 200
    return Page(re.sub(r"<(circle|line)([^>]*)/>", r"<\1\2></\1>", answer.text))


def bare_percentages(text: str) -> list[str]:
    """Name the percentages without an interval right beside them, or without an n near by."""
    found = []
    within = [range(*match.span()) for match in INTERVAL.finditer(text)]
    for match in PERCENTAGE.finditer(text):
        if any(match.start() in span for span in within) or text[match.start() :].startswith(
            "95 % interval"
        ):
            continue
        rest, around = text[match.end() :], text[max(0, match.start() - 40) : match.end() + 80]
        if not BESIDE_ITS_INTERVAL.match(rest) or not N.search(around):
            found.append(around)
    return found


@pytest.fixture
def site(review_store: Store) -> Site:
    return Site(review_store)


@pytest.fixture
def busy(site: Site, knowledge: Knowledge) -> FlaskClient:
    """A store with decisions of every class, feedback, judgements and kept cases."""
    shown, answered = card(), card()
    fires = [site.decide("shown", cards=(shown,)), site.decide("shown", cards=(answered,))]
    fires += [site.decide("silent", evidence_key="e") for _ in range(6)]
    controls = [site.decide("nothing_to_say", pseudonym=f"{n:032}") for n in range(10)]
    site.decide("could_not_tell", could_not_tell=",inflammation,")
    site.decide("switched_off")
    for facts, as_of in examples(knowledge)[:3]:
        site.keep(facts, as_of)
    site.override(answered.uuid, "cds-not-applicable", timedelta(minutes=3))
    drawn = {"silent": fires, "nothing_to_say": controls}
    review = draw_sample(site.store, drawn, {"silent": 8, "nothing_to_say": 400})
    for decided in fires[:5]:
        review.judge(decided)
    review.judge(fires[5], DISAGREE, DISAGREE)
    review.judge(fires[6], CANNOT_TELL, DISAGREE, DISAGREE)
    for decided in controls[:9]:
        review.judge(decided)
    review.judge(controls[9], first=DISAGREE)
    return browse(site.store, knowledge)


@pytest.fixture
def empty(site: Site, knowledge: Knowledge) -> FlaskClient:
    return browse(site.store, knowledge)


@pytest.mark.parametrize("path", [FIGURES, REPORT, f"{REPORT}?clinicians=4"])
def test_no_percentage_stands_without_its_interval_and_its_n(busy: FlaskClient, path: str) -> None:
    text = text_of(busy, path)
    assert INTERVAL.search(text)
    assert bare_percentages(text) == []


@pytest.mark.parametrize(
    "planted",
    ["The PPV is 77 %.", "77 % (46 of 60)", "77 % 95 % interval 65 to 86 %; of many"],
)
def test_a_planted_bare_percentage_is_found(planted: str) -> None:
    assert len(bare_percentages(planted)) == 1


@pytest.mark.parametrize("path", [FIGURES, REPORT])
def test_an_empty_store_shows_dashes_and_no_percentage(empty: FlaskClient, path: str) -> None:
    text = text_of(empty, path)
    assert UNDEFINED in text
    assert PERCENTAGE.findall(text.replace("95 % interval", "")) == []


@pytest.mark.parametrize("path", [FIGURES, REPORT])
def test_there_is_no_rate_of_acceptance(busy: FlaskClient, path: str) -> None:
    assert ACCEPTANCE.search(text_of(busy, path)) is None
    assert "accept" not in str(busy.get(f"{path}?format=json").get_json()).lower()


@pytest.mark.parametrize("path", [FIGURES, REPORT])
def test_figures_on_synthetic_patients_say_so(busy: FlaskClient, path: str) -> None:
    assert SYNTHETIC in text_of(busy, path)
    assert busy.get(f"{path}?format=json").get_json()["notice"] == SYNTHETIC


@pytest.mark.parametrize("path", [FIGURES, REPORT])
def test_figures_on_patients_of_a_real_deployment_do_not(
    site: Site, knowledge: Knowledge, path: str
) -> None:
    web = browse(site.store, knowledge, synthetic=False)
    assert SYNTHETIC not in text_of(web, path)
    assert "notice" not in web.get(f"{path}?format=json").get_json()


@pytest.mark.parametrize(
    "path", [FIGURES, REPORT, f"{FIGURES}?days=7", f"{REPORT}?from=2026-06-01"]
)
@pytest.mark.parametrize("fixture", ["busy", "empty"])
def test_a_page_is_well_formed_and_needs_nothing_from_elsewhere(
    request: pytest.FixtureRequest, fixture: str, path: str
) -> None:
    page = page_of(request.getfixturevalue(fixture), path)
    assert page.faults == []
    assert page.headings.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert not any("style" in values or "onclick" in values for _, values in page.attributes)
    assert all(target.startswith(("/", "#")) for target in page.targets)
    assert "script" not in page.tags


def test_every_label_names_a_field_of_the_form(busy: FlaskClient) -> None:
    for path in (FIGURES, REPORT):
        page = page_of(busy, path)
        fields = {values.get("id") for tag, values in page.attributes if tag in {"select", "input"}}
        labelled = {values.get("for") for values in page.having("label")}
        assert labelled == fields


def test_a_plot_has_its_numbers_in_a_table(busy: FlaskClient) -> None:
    page = page_of(busy, FIGURES)
    plots = [values for values in page.having("svg") if values.get("class") == "trend"]
    assert len(plots) == 3
    assert all(values.get("aria-hidden") == "true" for values in plots)
    assert [f"Cards due, last {days} days (in UTC)" in page.text for days in (7, 30, 90)] == [
        True
    ] * 3


def sample_in(web: FlaskClient) -> dict[str, Any]:
    figures: dict[str, Any] = web.get(f"{FIGURES}?format=json").get_json()["sample"]
    return figures


def test_a_sample_is_told_with_its_plan_and_the_bar(busy: FlaskClient) -> None:
    text = text_of(busy, FIGURES)
    assert "n = 60; stop below a PPV of 0.6" in text
    assert "Cohen's κ of at least 0.75, or agreement on at least 95 of 100 decisions" in text
    assert "These are figures, and no verdict." in text


def test_agreement_is_told_with_and_without_those_who_could_not_tell(busy: FlaskClient) -> None:
    overall = sample_in(busy)["figures"]["overall"]
    assert overall["every"]["percent"]["count"] == 15
    assert overall["every"]["percent"]["of"] == 17
    assert (overall["told"]["percent"]["count"], overall["told"]["percent"]["of"]) == (15, 16)


def test_a_decision_that_nobody_settled_is_counted_as_open(busy: FlaskClient) -> None:
    figures = sample_in(busy)["figures"]
    assert (figures["drawn"], figures["judged"], figures["open"]) == (18, 17, 1)


def test_accuracy_is_told_plain_and_weighted(busy: FlaskClient) -> None:
    figures = sample_in(busy)["figures"]
    assert (figures["matrix"]["ppv"]["count"], figures["matrix"]["ppv"]["of"]) == (5, 7)
    assert figures["weighted"]["ppv"]["value"] == pytest.approx(5 / 7)
    assert figures["weighted"]["sensitivity"]["low"] < 0.5


def test_the_bar_is_told_beside_what_was_seen_and_without_a_verdict(busy: FlaskClient) -> None:
    sample = sample_in(busy)
    assert sample["barReached"] == {"kappa": False, "agreement": False}
    assert "no verdict" in sample["noVerdict"]


def test_who_looked_is_written_down(busy: FlaskClient, site: Site) -> None:
    busy.get(FIGURES)
    busy.get(REPORT)
    events = AuditLog(site.store).find(AuditQuestion(action="view_figures"))
    assert len(events) == 2


def test_override_reasons_are_told_in_our_words(busy: FlaskClient) -> None:
    assert "Does not apply to this patient" in text_of(busy, FIGURES)
    assert "3.0 min" in text_of(busy, FIGURES)


@pytest.mark.parametrize("odd", ["days=8", "days=x", "client=nobody", "sample=none", "service=x"])
def test_what_is_none_of_the_choices_is_as_if_nothing_were_asked(
    busy: FlaskClient, odd: str
) -> None:
    assert text_of(busy, f"{FIGURES}?{odd}") == text_of(busy, FIGURES)


def test_figures_may_be_of_one_service(busy: FlaskClient) -> None:
    assert f"service {PATIENT_VIEW}" in text_of(busy, f"{FIGURES}?service={PATIENT_VIEW}")


def test_the_report_tells_what_a_silent_period_was_like(busy: FlaskClient) -> None:
    told = busy.get(f"{REPORT}?clinicians=4&format=json").get_json()
    assert told["firing"]["views"] == 22
    assert told["firing"]["perView"]["count"] == 8
    assert told["burden"]["perClinicianDay"] == pytest.approx(8 / 90 / 4)
    assert (told["judged"]["ppv"]["count"], told["judged"]["ppv"]["of"]) == (5, 7)
    assert told["missing"][0][0] == "inflammation"
    assert len(told["alternatives"]["rows"]) == 6
    assert told["alternatives"]["tried"] == 3


def test_other_days_have_other_decisions(busy: FlaskClient) -> None:
    before = f"{REPORT}?from=2026-01-01&to={(NOW - timedelta(days=1)).date()}&format=json"
    assert busy.get(before).get_json()["firing"]["views"] == 0


@pytest.mark.parametrize(
    ("query", "views"),
    [("to=9999-12-31", 0), ("to=0001-01-01", 0), ("from=0001-01-01&to=9999-12-31", 22)],
)
def test_the_report_takes_the_first_and_the_last_day_there_is(
    busy: FlaskClient, query: str, views: int
) -> None:
    assert busy.get(f"{REPORT}?{query}&format=json").get_json()["firing"]["views"] == views


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=June", "First day must be a day"),
        ("to=2026-02-30", "Last day must be a day"),
        ("from=2026-07-02&to=2026-07-01", "First day must not be after the last day"),
        ("clinicians=0", "Clinicians must be a number from 1"),
        ("clinicians=many", "Clinicians must be a number from 1"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_counted(
    busy: FlaskClient, query: str, sentence: str
) -> None:
    answer = busy.get(f"{REPORT}?{query}")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert sentence in answer.text
    assert "How often it would have spoken" not in answer.text
