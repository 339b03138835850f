"""How is YAML read without its surprises?

`no` stays a word, `1:30` and `010` are words, 4.20 keeps its digits, and a key that stands twice
is an error instead of the last one silently winning.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml


class StrictLoader(yaml.SafeLoader):
    """A SafeLoader that knows true, false, null, plain numbers and whole dates, and no more."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"key stands twice: {', '.join(sorted(twice))}", node.start_mark
            )
        return super().construct_mapping(node, deep)


def _exact_number(loader: StrictLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


_DIGITS = list("-0123456789")
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"true|false", list("tf")),
    ("tag:yaml.org,2002:null", r"null|~|", ["n", "~", ""]),
    ("tag:yaml.org,2002:int", r"-?(0|[1-9][0-9]*)", _DIGITS),
    ("tag:yaml.org,2002:float", r"-?(0|[1-9][0-9]*)\.[0-9]+", _DIGITS),
    ("tag:yaml.org,2002:timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", _DIGITS),
):
    StrictLoader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern})\\Z"), _first)
StrictLoader.add_constructor("tag:yaml.org,2002:float", _exact_number)


def read_yaml(path: Path) -> Any:
    """Read one YAML file. Errors: yaml.YAMLError names file and line."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, StrictLoader)  # noqa: S506  a SafeLoader, only stricter
