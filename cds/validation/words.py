"""Which words tell a fault, and which help to repair it?

The words stand in words.toml. What is told depends on the kind of the fault and the name of the
element, never on a value of the record.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

# What pydantic calls a fault -> our kind of it.
_KINDS: Mapping[str, str] = {
    "model_field_validation.missing": "missing",
    "missing": "missing",
    "extra_forbidden": "extra",
    "string_type": "text",
    "string_pattern_mismatch": "pattern",
    "string_too_short": "empty",
    "string_too_long": "long",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_from_float": "whole",
    "decimal_type": "number",
    "decimal_parsing": "number",
    "list_type": "list",
    "dict_type": "object",
    "model_type": "object",
    "json_invalid": "object",  # the models read a text in an object's place as JSON
    "json_type": "object",
}
# fhir.resources reports the form of dates, times and numbers as plain value errors.
_FORMS: Mapping[str, str] = {
    "DateTime value string does not match": "date_time",
    "Date value string does not match": "date",
    "Instant value string does not match": "instant",
    "Time value string does not match": "time",
    "Decimal value string does not match": "number",
    "Integer value string does not match": "whole",
    "Any of one field value is expected": "choice",
}


class _Words(BaseModel):
    """words.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    problem: Mapping[str, str]
    help: Mapping[str, str]
    missing: Mapping[str, str]
    object: Mapping[str, str]
    extra: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]


@cache
def words() -> _Words:
    """Give the words, read once."""
    text = files("cds.validation").joinpath("words.toml").read_text(encoding="utf-8")
    return _Words.model_validate(tomllib.loads(text))


def kind_of(reported: str, message: str) -> str:
    """Give our kind of a fault that the models report. Unknown input: "invalid"."""
    if reported in _KINDS:
        return _KINDS[reported]
    return next((kind for form, kind in _FORMS.items() if form in message), "invalid")


def problem_of(kind: str) -> str:
    """Say what is wrong, in words that follow the path."""
    return words().problem[kind]


def help_for(kind: str, element: str) -> str:
    """Say what is expected and how to repair it: by the element, else by the kind, else nothing."""
    by_element = {
        "missing": words().missing,
        "object": words().object,
        "extra": words().extra,
    }.get(kind, {})
    return by_element.get(element) or words().help.get(kind, "")
