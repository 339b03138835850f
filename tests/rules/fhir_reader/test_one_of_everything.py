"""Do the facts of a chart with one of everything stand as they were looked at?"""

from dataclasses import fields

from rules.facts import Facts
from rules.knowledge import Knowledge
from tests.rules.fhir_reader.one_of_everything import WRITTEN, facts, told


def test_one_of_everything_is_read_as_it_was_looked_at(knowledge: Knowledge) -> None:
    assert told(knowledge) == WRITTEN.read_text(encoding="utf-8")


def test_the_chart_holds_every_kind_of_fact(knowledge: Knowledge) -> None:
    read = facts(knowledge)
    made_by_the_rules = {"unconfirmed"}
    assert {each.name for each in fields(Facts) if not getattr(read, each.name)} <= {
        *made_by_the_rules,
        "not_used",
        "incomplete",
        "gaps",
    }
