"""How does a test change one number or one code set of the knowledge?"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rules.codes import Code
from rules.knowledge import Knowledge


def with_parameters(knowledge: Knowledge, changes: Mapping[str, Any]) -> Knowledge:
    """Give the same knowledge with other parameters: {"trd.augmentation": "trial"}.

    A key or a value that the parameter file would not accept fails here as it would at the start.
    """
    for key, value in changes.items():
        table_name, _, name = key.partition(".")
        table = getattr(knowledge, table_name)
        changed = type(table).model_validate({**table.model_dump(), name: value})
        entry = knowledge.parameters[key].model_copy(update={"value": getattr(changed, name)})
        knowledge = replace(
            knowledge,
            **{table_name: changed},
            parameters={**knowledge.parameters, key: entry},
            changed=(*knowledge.changed, f"{key} = {value}"),
        )
    return knowledge


def with_codes(knowledge: Knowledge, value_set: str, codes: Mapping[Code, str]) -> Knowledge:
    """Give the same knowledge with codes added to one of its value sets, as a site would."""
    known = knowledge.value_sets[value_set]
    longer = replace(known, codes={**known.codes, **codes})
    return replace(knowledge, value_sets={**knowledge.value_sets, value_set: longer})
