"""Does a person see which answer it is, and everything it rests on?"""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cds.app import create_app
from cds.hooks.cards import CardWriter
from cds.pages.demo_patients import find_demo_patients
from cds.settings import Settings
from rules.knowledge import Knowledge
from tests.cds.pages import DEMO_PATIENTS, Page

# Each kind of answer the page promises, and the heading its page has.
PROMISED = {
    "C01": ("Evaluated: one card", "Related evidence is experimental only."),
    "C05": ("Evaluated: one card", "one CRP ≥3 mg/L, not repeated"),
    "C06": ("Evaluated: one card", "possible treatment-resistant depression"),
    "C02": ("Evaluated: one card", "a card on experimental evidence is withheld"),
    "C07": ("Evaluated: one card", "may have an acute cause"),
    "M38": ("Evaluated: nothing to say", "Withheld : pregnancy is coded as active"),
    "C08": ("Evaluated: nothing to say", "bipolar disorder is coded"),
    "C11a": ("Could not tell", "no medication is in the data received"),
    "T18": ("Evaluated: nothing to say", "not depressed now: PHQ-9 3 on 2026-06-10"),
}
OUTCOMES = ["Evaluated: one card", "Evaluated: nothing to say", "Could not tell", "Not evaluated"]


@pytest.fixture(scope="module")
def visitor(knowledge: Knowledge) -> FlaskClient:
    return create_app(Settings(demo_patients=DEMO_PATIENTS), knowledge=knowledge).test_client()


def patient(visitor: FlaskClient, name: str) -> Page:
    response = visitor.get(f"/demo/{name}")
    assert response.status_code == 200
    return Page(response.text)


def test_the_page_names_a_patient_for_each_kind_of_answer(visitor: FlaskClient) -> None:
    home = Page(visitor.get("/").text)
    assert {f"/demo/{name}" for name in PROMISED} <= set(home.targets)
    named = find_demo_patients(DEMO_PATIENTS).named
    assert {each.file for each in named} == set(PROMISED)


@pytest.mark.parametrize("name", PROMISED)
def test_a_demo_patient_gets_the_answer_it_is_named_for(name: str, visitor: FlaskClient) -> None:
    heading, words = PROMISED[name]
    text = patient(visitor, name).text
    assert words in text
    assert [each for each in OUTCOMES if each in text.partition("Assessed as of")[0]] == [heading]


def test_the_card_is_shown_word_for_word(visitor: FlaskClient) -> None:
    body = (DEMO_PATIENTS / "C01.json").read_bytes()
    sent = visitor.post("/evaluate", data=body, content_type="application/json").get_json()
    (card,) = sent["cards"]
    shown = patient(visitor, "C01").text
    lines = [line.lstrip("- ") for line in card["detail"].replace("**", "").splitlines()]
    expected = [card["summary"], card["indicator"], card["source"]["label"], *filter(None, lines)]
    expected += [link["label"] for link in card["links"]]
    expected += [reason["display"] for reason in card["overrideReasons"]]
    plain = shown.replace(" .", ".")
    assert [words for words in expected if " ".join(words.split()) not in plain] == []


def test_reasons_to_dismiss_are_shown_and_switched_off(visitor: FlaskClient) -> None:
    page = patient(visitor, "C01")
    assert [set(values) for values in page.having("fieldset")] == [{"disabled"}]
    assert len(page.having("input")) == 11


def test_the_tables_tell_what_the_answer_rests_on(visitor: FlaskClient) -> None:
    text = patient(visitor, "C01").text.partition("Antidepressant trials")[2]
    for words in (
        "sertraline Adequate, not enough response 2025-09-15 2025-12-13 90 100 mg/day",
        "no dispense followed the prescription of 2026-04-25 within 30 days",
        "hs-CRP 4.1 mg/L 2026-06-01 Raised Observation/",
        "Strenuous exercise cannot be assessed.",
        "No fault was found.",
    ):
        assert words in text


def test_trials_that_count_stand_first(visitor: FlaskClient) -> None:
    rows = patient(visitor, "C01").text.partition("Highest dose")[2]
    assert rows.index("sertraline") < rows.index("venlafaxine") < rows.index("mirtazapine")


def test_what_is_missing_is_never_told_as_nothing_missing(visitor: FlaskClient) -> None:
    assert "found missing in the data received" not in patient(visitor, "C11a").text


def test_a_suicide_signal_is_shown_where_no_card_is_due(visitor: FlaskClient) -> None:
    page = patient(visitor, "C03a")
    assert "safety" in page.ids
    assert "Evaluated: nothing to say" in page.text


def test_that_no_suicide_signal_was_found_is_never_said(visitor: FlaskClient) -> None:
    page = patient(visitor, "C01")
    assert "safety" not in page.ids
    assert "suicidal thoughts" not in page.text


@pytest.mark.parametrize("name", ["..%2f..%2fREADME", "C01.json", "%2fetc%2fpasswd", "c01", ""])
def test_no_other_file_can_be_named(name: str, visitor: FlaskClient) -> None:
    assert visitor.get(f"/demo/{name}").status_code == 404


def test_without_the_folder_the_page_says_so_and_offers_the_form(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    alone = create_app(Settings(), knowledge=knowledge).test_client()
    page = Page(alone.get("/").text)
    assert "There is no folder of demo patients" in page.text
    assert page.having("textarea")
    assert [target for target in page.targets if target.startswith("/demo/")] == []


def test_any_folder_of_bundles_can_be_shown(knowledge: Knowledge, tmp_path: Path) -> None:
    for name in ("mine.json", "<b>.json", "notes.txt"):
        (tmp_path / name).write_bytes((DEMO_PATIENTS / "C01.json").read_bytes())
    own = create_app(Settings(demo_patients=tmp_path), knowledge=knowledge).test_client()
    targets = Page(own.get("/").text).targets
    assert [each for each in targets if each.startswith("/demo/")] == ["/demo/mine"]
    assert "Evaluated: one card" in own.get("/demo/mine").text


def test_a_fault_of_ours_is_told_as_one_and_quotes_nothing(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("Jane Doe")

    monkeypatch.setattr(CardWriter, "write_cards", break_down)
    broken = create_app(Settings(demo_patients=DEMO_PATIENTS), knowledge=knowledge).test_client()
    response = broken.get("/demo/C01")
    page = Page(response.text)
    assert (response.status_code, page.faults) == (500, [])
    assert "The service failed" in page.text
    assert response.headers["X-Correlation-Id"] in page.text
    assert "Jane Doe" not in response.text
