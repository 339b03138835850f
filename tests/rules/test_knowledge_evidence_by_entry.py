"""Is every entry of the shipped evidence read as it is written?

The files are read here once more with nothing but the parser of the standard library.
"""

import tomllib
from decimal import Decimal
from typing import Any

import pytest

from rules.knowledge import load_knowledge
from rules.knowledge.loading import PACKAGED
from rules.knowledge.model import Evidence

Toml = dict[str, Any]


def written(name: str) -> Toml:
    text = (PACKAGED / f"evidence/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def fresh() -> Evidence:
    return load_knowledge().evidence


def plain(entry: Any) -> Toml:
    """Give an entry as it would be written: without what is empty."""
    dumped: Toml = entry.model_dump(exclude_unset=True)
    return dumped


def as_tuples(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(as_tuples(each) for each in value)
    if isinstance(value, dict):
        return {key: as_tuples(each) for key, each in value.items()}
    return value


@pytest.mark.parametrize(
    "part", ["title", "summary", "last_reviewed", "review_by", "review_warning_days"]
)
def test_the_ledger_says_of_itself_what_its_file_says(part: str) -> None:
    assert getattr(fresh(), part) == written("ledger")[part]


@pytest.mark.parametrize("part", ["key_points", "studies", "open_points", "article_claims"])
def test_a_list_of_the_ledger_holds_its_entries(part: str) -> None:
    read = [as_tuples(plain(each)) for each in getattr(fresh(), part)]
    assert read == [as_tuples(each) for each in written("ledger")[part]]


def test_the_facts_of_the_pilot_are_those_of_the_file() -> None:
    read = {key: plain(each) for key, each in fresh().pilot_facts.items()}
    assert read == written("ledger")["pilot_facts"]


def test_a_reference_holds_its_entry() -> None:
    assert {
        key: (each.key, each.text, each.verification, each.doi, each.identifier, each.url)
        for key, each in fresh().references.items()
    } == {
        key: (
            key,
            each["text"],
            each["verification"],
            *(each.get(name, "") for name in ("doi", "identifier", "url")),
        )
        for key, each in written("references").items()
    }


def test_an_exclusion_of_the_trial_holds_its_entry() -> None:
    assert {
        key: (each.key, each.sentence, each.references) for key, each in fresh().exclusions.items()
    } == {
        key: (key, each["sentence"], tuple(each["references"]))
        for key, each in written("exclusions").items()
    }


def test_a_statement_rests_on_the_references_of_its_entry() -> None:
    assert fresh().statement_references == {
        key: tuple(each.get("references", ())) for key, each in written("statements").items()
    }


def test_a_statement_without_a_slot_stands_as_it_is_written() -> None:
    statements = fresh().statements
    without = {
        key: each["text"] for key, each in written("statements").items() if "{" not in each["text"]
    }
    assert {key: statements[key] for key in without} == without


@pytest.mark.parametrize(
    ("slot", "words"),
    [("{trd.min_failed_trials:spelled}", "two"), ("{marker.crp_low_mg_l}", "3")],
)
def test_a_slot_is_filled_with_the_number_in_force(slot: str, words: str) -> None:
    statements = fresh().statements
    told = [
        statements[key]
        for key, each in written("statements").items()
        if each["text"].count(slot) == 1
    ]
    assert told
    assert all(slot not in each and words in each for each in told)


def test_the_allowed_phrases_are_those_of_the_file() -> None:
    assert fresh().allowed_phrases == tuple(written("banned_phrases")["allowed"])


def test_a_banned_phrase_holds_its_entry() -> None:
    assert [(each.pattern.pattern, each.why, each.scope) for each in fresh().banned_phrases] == [
        (each["pattern"], each["why"], each.get("scope", "everywhere"))
        for each in written("banned_phrases")["phrases"]
    ]


def test_a_rule_of_sentences_holds_its_entry() -> None:
    assert [
        (each.when.pattern, each.never.pattern, each.why, each.scope)
        for each in fresh().sentence_rules
    ] == [
        (each["when"], each["never"], each["why"], each.get("scope", "everywhere"))
        for each in written("banned_phrases")["sentences"]
    ]


def test_a_banned_phrase_is_found_in_capitals_too() -> None:
    assert any(each.pattern.search("RECOMMEND TOCILIZUMAB") for each in fresh().banned_phrases)
